import type { CapacityProviderStrategyItem } from '@aws-sdk/client-ecs';
import type { Scope } from '../arn.ts';
import { invalidParameter } from '../errors.ts';
import { capacityProviderNotActive } from './capacity-provider-errors.ts';
import { capacityProviderName } from './capacity-provider-ref.ts';
import { kindOf, type FindCapacityProvider } from './provider-kind.ts';

export const maximumProvidersPerCluster = 20;

/** A normalised entry: a name, and base and weight, which are always there. */
export interface StrategyItem {
  readonly capacityProvider: string;
  readonly weight: number;
  readonly base: number;
}

/**
 * Checks the entries of a strategy for themselves.
 * @throws EcsError InvalidParameterException
 */
export function parseStrategy(
  scope: Scope,
  given: readonly CapacityProviderStrategyItem[],
): readonly StrategyItem[] {
  if (given.length > maximumProvidersPerCluster) {
    throw invalidParameter('capacityProviderStrategy can have at most 20 items.');
  }
  const items = given.map((item) => parseItem(scope, item));
  if (items.filter((item) => item.base > 0).length > 1) {
    throw invalidParameter(
      'There are multiple capacity providers in the specified capacity provider strategy with a base ' +
        'value defined',
    );
  }
  return items;
}

/** An entry's provider may be given by ARN; strategies hold names. */
function parseItem(scope: Scope, given: CapacityProviderStrategyItem): StrategyItem {
  const { capacityProvider, weight = 0, base = 0 } = given;
  if (!capacityProvider) throw invalidParameter('capacityProvider can not be blank.');
  if (!Number.isInteger(weight) || weight < 0 || weight > 1000) {
    throw invalidParameter('weight must be between 0 and 1000');
  }
  if (!Number.isInteger(base) || base < 0 || base > 100_000) {
    throw invalidParameter('base must be between 0 and 100000');
  }
  return { capacityProvider: capacityProviderName(scope, capacityProvider), weight, base };
}

/**
 * Checks a strategy against the providers that are associated with its cluster: all of them ACTIVE,
 * and of one kind.
 * @throws EcsError InvalidParameterException
 */
export function checkStrategy(
  items: readonly StrategyItem[],
  associated: readonly string[],
  find: FindCapacityProvider,
): void {
  const names = items.map((item) => item.capacityProvider);
  if (names.some((name) => !associated.includes(name))) throw notAssociated();
  const inactive = names.find((name) => (find(name)?.status ?? 'ACTIVE') !== 'ACTIVE');
  if (inactive !== undefined) throw capacityProviderNotActive(inactive);
  if (new Set(names.map((name) => kindOf(name, find))).size > 1) throw mixedKinds();
}

function notAssociated(): Error {
  return invalidParameter(
    'The specified capacity provider strategy cannot contain a capacity provider that is not ' +
      'associated with the cluster. Associate the capacity provider with the cluster or specify a ' +
      'valid capacity provider and try again.',
  );
}

function mixedKinds(): Error {
  return invalidParameter(
    'A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling ' +
      'groups and Fargate providers. Specify one or the other and try again.',
  );
}

/**
 * Refuses a strategy that can place no task. A default strategy with only zero weights may be
 * stored, and fails here, when it is used.
 */
export function requireWeight(items: readonly StrategyItem[], source: 'request' | 'default'): void {
  if (items.some((item) => item.weight > 0)) return;
  throw invalidParameter(
    source === 'default'
      ? 'There are no capacity providers with a weight value greater than zero defined in the ' +
          'default capacity provider strategy. At least one capacity provider must have a weight ' +
          "value greater than zero specified. Update the cluster's default capacity provider " +
          'strategy or specify a valid capacity provider strategy and try again.'
      : 'There are no capacity providers in the capacity provider strategy with a weight value greater ' +
          'than zero',
  );
}

/**
 * Names the provider of each of `count` new tasks, next to those that are there: first the base of the provider that has one, then
 * always the provider that is furthest behind its share of the weights, ties in list order.
 */
export function distribute(
  items: readonly StrategyItem[],
  count: number,
  there: readonly (string | undefined)[] = [],
): readonly string[] {
  const placed = items.map((item) => there.filter((name) => name === item.capacityProvider).length);
  const chosen: string[] = [];
  while (chosen.length < count) {
    const index = nextProvider(items, placed);
    const item = items[index];
    if (item === undefined) break;
    placed[index] = (placed[index] ?? 0) + 1;
    chosen.push(item.capacityProvider);
  }
  return chosen;
}

function nextProvider(items: readonly StrategyItem[], placed: readonly number[]): number {
  const withBase = items.findIndex((item, i) => item.base > (placed[i] ?? 0));
  if (withBase >= 0) return withBase;
  let best = -1;
  let lowest = Infinity;
  for (const [i, item] of items.entries()) {
    const share = ((placed[i] ?? 0) - item.base + 1) / item.weight;
    if (item.weight > 0 && share < lowest) {
      lowest = share;
      best = i;
    }
  }
  return best;
}

/**
 * Names the one of these providers that a task is to be taken from: the one furthest beyond its share of the weights. A base
 * goes last, and ties go against the list order.
 */
export function furthestAhead(
  items: readonly StrategyItem[],
  counts: ReadonlyMap<string, number>,
  among: ReadonlySet<string>,
): string | undefined {
  let furthest: string | undefined;
  let most = -Infinity;
  for (const { capacityProvider: name, base, weight } of items) {
    const beyondBase = (counts.get(name) ?? 0) - base;
    const lead = beyondBase > 0 ? beyondBase / weight : -1;
    if (!among.has(name) || lead < most) continue;
    furthest = name;
    most = lead;
  }
  return furthest;
}
