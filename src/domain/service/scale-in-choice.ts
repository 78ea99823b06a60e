import { furthestAhead, type StrategyItem } from '../capacity-provider/strategy.ts';
import {
  attributeValue,
  availabilityZoneAttribute,
} from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import {
  defaultServiceStrategy,
  parseStrategy,
  type PlacementStrategy,
} from '../placement/placement-strategy.ts';
import type { Task } from '../task/task.ts';
import { hostOf, isLeaving, isOutOfReach, type Hosts } from './hosts.ts';
import type { Service } from './service.ts';
import { isHealthy, isRunning, isServing } from './service-tasks.ts';

/** What a choice depends on besides the tasks. */
export interface ScaleInSituation {
  readonly service: Pick<Service, 'deployments' | 'placementStrategy'>;
  readonly hosts: Hosts;
  readonly now: Instant;
}

/** Tasks between which the strategies make no difference, the oldest first. */
interface Likes {
  readonly provider: string | undefined;
  /** What each rule of the strategy sees of them: a value that it spreads over, or what is left of their host. */
  readonly features: readonly (string | number)[];
  readonly tasks: Task[];
}

/**
 * Chooses the tasks to stop: those that serve least first; among equals those whose end leaves the
 * others as the strategies of capacity providers and of placement would have them, the newest first.
 */
export function chooseForScaleIn(
  tasks: readonly Task[],
  count: number,
  situation: ScaleInSituation,
): readonly Task[] {
  if (count <= 0) return [];
  const rules = rulesOf(situation.service);
  const featuresOf = (task: Task) => rules.map((rule) => featureOf(rule, task, situation.hosts));
  const tallies = tally(tasks.map(featuresOf));
  const shares = new ProviderShares(situation.service, tasks);
  const byWorth = Map.groupBy(tasks.toSorted(byAge), (task) => worthOf(task, situation));
  const chosen: Task[] = [];
  for (const [, equals] of [...byWorth].toSorted(([a], [b]) => a - b)) {
    const likes = groupLikes(equals, featuresOf);
    while (chosen.length < count) {
      const most = mostTaken(shares.furthestAhead(likes), rules, tallies);
      const newest = most?.tasks.pop();
      if (!most || !newest) break;
      for (const [i, feature] of most.features.entries()) {
        tallies[i]?.set(feature, (tallies[i].get(feature) ?? 0) - 1);
      }
      shares.take(most);
      chosen.push(newest);
    }
  }
  return chosen;
}

/** How many tasks each capacity provider has, next to what its share is. */
class ProviderShares {
  readonly #strategy: readonly StrategyItem[] | undefined;
  readonly #counts = new Map<string, number>();

  constructor({ deployments }: ScaleInSituation['service'], tasks: readonly Task[]) {
    this.#strategy = deployments[0].revision.capacityProviderStrategy;
    for (const { capacityProviderName } of tasks) this.#count(capacityProviderName, 1);
  }

  /** Those of the provider that is to give; all of them where there is no strategy. */
  furthestAhead(likes: readonly Likes[]): readonly Likes[] {
    if (!this.#strategy) return likes;
    const left = likes.filter(({ tasks }) => tasks.length > 0);
    const names = new Set(left.flatMap(({ provider }) => provider ?? []));
    const name = furthestAhead(this.#strategy, this.#counts, names);
    return name === undefined ? left : left.filter(({ provider }) => provider === name);
  }

  take({ provider }: Likes): void {
    this.#count(provider, -1);
  }

  #count(name: string | undefined, by: 1 | -1): void {
    if (name !== undefined) this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }
}

function rulesOf({ placementStrategy }: ScaleInSituation['service']): readonly PlacementStrategy[] {
  return placementStrategy.length > 0 ? parseStrategy(placementStrategy) : defaultServiceStrategy;
}

function byAge(a: Task, b: Task): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  return a.arn < b.arn ? -1 : 1;
}

function worthOf(task: Task, { hosts, now }: ScaleInSituation): number {
  if (!isRunning(task)) return 0;
  if (!isServing(task)) return 1;
  if (!isHealthy(task, now)) return 2;
  return isLeaving(task, hosts) || isOutOfReach(task, hosts) ? 3 : 4;
}

function featureOf(rule: PlacementStrategy, task: Task, hosts: Hosts): string | number {
  const host = hostOf(task, hosts);
  switch (rule.type) {
    case 'random':
      return '';
    case 'binpack':
      return host?.[rule.field === 'cpu' ? 'cpuUnits' : 'memoryMiB'] ?? 0;
    case 'spread': {
      const { attribute } = rule;
      if (attribute === availabilityZoneAttribute) return task.availabilityZone;
      if (attribute === undefined) return task.containerInstanceArn ?? '';
      return (host && attributeValue(host.instance, attribute)) ?? '';
    }
  }
}

/** For each rule, how many tasks have which feature. */
function tally(features: readonly (readonly (string | number)[])[]) {
  const [first = []] = features;
  const tallies = first.map(() => new Map<string | number, number>());
  for (const ofTask of features) {
    for (const [i, feature] of ofTask.entries()) {
      tallies[i]?.set(feature, (tallies[i].get(feature) ?? 0) + 1);
    }
  }
  return tallies;
}

function groupLikes(
  tasks: readonly Task[],
  featuresOf: (task: Task) => readonly (string | number)[],
): readonly Likes[] {
  const likes = new Map<string, Likes>();
  for (const task of tasks) {
    const features = featuresOf(task);
    const { capacityProviderName: provider } = task;
    const key = JSON.stringify([provider ?? null, ...features]);
    const known = likes.get(key);
    if (known) known.tasks.push(task);
    else likes.set(key, { provider, features, tasks: [task] });
  }
  return [...likes.values()];
}

/** The tasks whose value has the most of all, or whose host has the most left, by the rules in turn. */
function mostTaken(
  likes: readonly Likes[],
  rules: readonly PlacementStrategy[],
  tallies: readonly ReadonlyMap<string | number, number>[],
): Likes | undefined {
  const scoreOf = ({ features }: Likes, i: number): number => {
    const feature = features[i] ?? '';
    return typeof feature === 'number' ? feature : (tallies[i]?.get(feature) ?? 0);
  };
  let best: Likes | undefined;
  for (const like of likes) {
    if (like.tasks.length === 0) continue;
    const i = best
      ? rules.findIndex((_, at) => best && scoreOf(like, at) !== scoreOf(best, at))
      : -1;
    const isBetter = best && i >= 0 && scoreOf(like, i) > scoreOf(best, i);
    if (!best || isBetter || (i < 0 && isNewer(like, best))) best = like;
  }
  return best;
}

function isNewer(like: Likes, other: Likes): boolean {
  const [a, b] = [like.tasks.at(-1), other.tasks.at(-1)];
  return a !== undefined && b !== undefined && byAge(a, b) > 0;
}
