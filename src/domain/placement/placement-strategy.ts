import type { PlacementStrategy as WireStrategy } from '@aws-sdk/client-ecs';
import { availabilityZoneAttribute } from '../container-instance/container-instance.ts';

export type PackedResource = 'cpu' | 'memory';

/** One rule of a strategy. Each keeps the best of the instances that the ones before it kept. */
export type PlacementStrategy =
  | { readonly type: 'random' }
  /** The value of the attribute with the fewest tasks of the group; none at all comes last. */
  | { readonly type: 'spread'; readonly attribute: string }
  /** The instance with the fewest tasks of the group. */
  | { readonly type: 'spread'; readonly attribute?: never }
  /** The instance with the least left of the resource. */
  | { readonly type: 'binpack'; readonly field: PackedResource };

/** Reads a strategy that `checkPlacement` has let through. */
export function parseStrategy(given: readonly WireStrategy[]): readonly PlacementStrategy[] {
  return given.map(({ type, field = '' }): PlacementStrategy => {
    switch (type) {
      case 'binpack':
        return { type, field: field.toLowerCase() === 'cpu' ? 'cpu' : 'memory' };
      case 'spread': {
        const attribute = /^attribute:(?<name>.+)$/i.exec(field)?.groups?.['name'];
        return attribute === undefined ? { type } : { type, attribute };
      }
      default:
        return { type: 'random' };
    }
  });
}

/** A strategy as ECS shows it: resources in small letters, and `host` by its other name. [inferred] */
export function shownStrategy(given: readonly WireStrategy[]): readonly WireStrategy[] {
  return given.map((rule) => (rule.field ? { ...rule, field: shownField(rule.field) } : rule));
}

function shownField(field: string): string {
  if (/^(?:host|instanceId)$/i.test(field)) return 'instanceId';
  return /^(?:cpu|memory)$/i.test(field) ? field.toLowerCase() : field;
}

/** What a service without a strategy gets (Developer Guide, "Task placement"). */
export const defaultServiceStrategy: readonly PlacementStrategy[] = [
  { type: 'spread', attribute: availabilityZoneAttribute },
  { type: 'spread' },
];

/**
 * A strategy in the form in which it is carried out: attributes to spread over, then perhaps
 * instances, then resources to pack. `rest` has what does not fit this form, which only odd
 * strategies have: it is carried out by looking at every instance that is still in question.
 */
export interface StrategyForm {
  readonly attributes: readonly string[];
  readonly spreadsInstances: boolean;
  readonly packed: readonly PackedResource[];
  readonly rest: readonly PlacementStrategy[];
}

export function strategyForm(strategy: readonly PlacementStrategy[]): StrategyForm {
  const rules = beforeRandom(strategy);
  const attributes: string[] = [];
  let at = 0;
  for (let rule = rules[at]; rule?.type === 'spread' && rule.attribute; rule = rules[++at]) {
    attributes.push(rule.attribute);
  }
  const next = rules[at];
  const spreadsInstances = next?.type === 'spread';
  if (spreadsInstances) at += 1;
  const packed: PackedResource[] = [];
  // The key of a bucket has room for the tasks of a group and one resource, or for both resources.
  const most = spreadsInstances ? 1 : 2;
  for (let rule = rules[at]; rule?.type === 'binpack' && packed.length < most; rule = rules[++at]) {
    if (!packed.includes(rule.field)) packed.push(rule.field);
  }
  return { attributes, spreadsInstances, packed, rest: rules.slice(at) };
}

/** Nothing is left to decide behind `random`. */
function beforeRandom(strategy: readonly PlacementStrategy[]): readonly PlacementStrategy[] {
  const random = strategy.findIndex(({ type }) => type === 'random');
  return random < 0 ? strategy : strategy.slice(0, random);
}
