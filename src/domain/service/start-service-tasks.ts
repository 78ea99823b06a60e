import { scopeOfArn } from '../arn.ts';
import { distribute } from '../capacity-provider/strategy.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Instant } from '../instant.ts';
import type { PlacementFailure } from '../placement/placement-failure.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { newTask, zoneOf, type Placement } from '../task/new-task.ts';
import type { RunTaskSpec } from '../task/run-task-request.ts';
import type { Task } from '../task/task.ts';
import { withPinnedImages } from './image-pins.ts';
import { belongsTo, isLive } from './service-tasks.ts';
import { serviceTaskSpec } from './service-task-spec.ts';
import type { Deployment, Service } from './service.ts';
import type { ServiceAction } from './service-plan.ts';

export type StartAction = Extract<ServiceAction, { kind: 'StartTasks' }>;

/** A place for one task, or why there is none; undefined where tasks need none. */
export type FoundPlace =
  | ({ readonly kind: 'Placed' } & Placement)
  | { readonly kind: 'Refused'; readonly failures: readonly PlacementFailure[] }
  | undefined;

export interface StartServiceTasks {
  readonly service: Service;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  /** The tasks that the service has. */
  readonly tasks: readonly Task[];
  readonly action: StartAction;
  /** Finds a place for the task that is to come next, of a capacity provider where there is a strategy. */
  readonly find: (spec: RunTaskSpec, turn: number, provider: string | undefined) => FoundPlace;
  /** Takes a task in, so that the next one finds its own place. */
  readonly keep: (task: Task) => void;
  readonly now: Instant;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

export interface StartedTasks {
  readonly started: readonly Task[];
  /** Why the first task that found no place found none; undefined where all have one. */
  readonly failures: readonly PlacementFailure[] | undefined;
}

/** New tasks of a deployment: on the provider that is behind its share, in the zone that has the fewest. */
export function startServiceTasks(args: StartServiceTasks): StartedTasks {
  const { service, cluster, definition, action, find, keep, now, newId, newUuid } = args;
  const { deployment, count } = action;
  const there = args.tasks.filter((task) => isLive(task) && belongsTo(task, deployment));
  const providers = providersOf(deployment, count, there);
  const spec = serviceTaskSpec(service, deployment, cluster, definition);
  const turns = new SubnetTurns(cluster, spec.network?.subnets ?? [], there, action.zone);
  const started: Task[] = [];
  const full = new Set<string | undefined>();
  let failures: readonly PlacementFailure[] | undefined;
  for (let turn = 0; turn < count; turn += 1) {
    const capacityProvider = providers?.[turn];
    // What has no place for one task has none for its likes.
    if (full.has(capacityProvider)) continue;
    const placement = find(spec, turn, capacityProvider);
    if (placement?.kind === 'Refused') {
      failures ??= placement.failures;
      // Where instances are named, each is a case of its own.
      if (!action.on) full.add(capacityProvider);
      continue;
    }
    const at = { turn: turns.next(), ...(placement && { placement }) };
    const made = { cluster, definition, spec, capacityProvider, now, newId, newUuid };
    const task = withPinnedImages(newTask({ ...made, ...at }), deployment.revision);
    keep(task);
    started.push(task);
  }
  return { started, failures };
}

function providersOf(
  { revision: { capacityProviderStrategy: strategy } }: Deployment,
  count: number,
  there: readonly Task[],
): readonly string[] | undefined {
  const names = there.map(({ capacityProviderName }) => capacityProviderName);
  return strategy && distribute(strategy, count, names);
}

/** Which subnet comes next: of the zone with the fewest tasks, the one with the fewest. */
class SubnetTurns {
  readonly #subnets: readonly { readonly index: number; readonly zone: string }[];
  readonly #counts: number[];

  constructor(
    { arn }: Cluster,
    subnets: readonly string[],
    tasks: readonly Task[],
    zone: string | undefined,
  ) {
    this.#counts = subnets.map(
      (subnet) => tasks.filter((task) => task.networkInterface?.subnetId === subnet).length,
    );
    const all = subnets.map((id, index) => ({ index, zone: zoneOf(scopeOfArn(arn), id) }));
    const inZone = all.filter((subnet) => subnet.zone === zone);
    this.#subnets = inZone.length > 0 ? inZone : all;
  }

  next(): number {
    const inZones = new Map<string, number>();
    for (const { index, zone } of this.#subnets) {
      inZones.set(zone, (inZones.get(zone) ?? 0) + (this.#counts[index] ?? 0));
    }
    const [first] = this.#subnets.toSorted(
      (a, b) =>
        (inZones.get(a.zone) ?? 0) - (inZones.get(b.zone) ?? 0) ||
        (this.#counts[a.index] ?? 0) - (this.#counts[b.index] ?? 0),
    );
    if (!first) return 0;
    this.#counts[first.index] = (this.#counts[first.index] ?? 0) + 1;
    return first.index;
  }
}
