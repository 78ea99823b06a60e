import { invalidInput } from '../../domain/cloud-map/cloud-map-error.ts';
import { oneOf, required } from '../../domain/cloud-map/members.ts';

/** A filter as every list is given it. */
export interface GivenFilter {
  readonly Name: string | undefined;
  readonly Values: readonly string[] | undefined;
  readonly Condition?: string | undefined;
}

const conditions = ['EQ', 'IN', 'BETWEEN', 'BEGINS_WITH'] as const;
type Condition = (typeof conditions)[number];

/** What the conditions that a filter can have ask of an item. */
type FilterTests<Item> = {
  readonly [Name in Condition]?: (item: Item, values: readonly string[]) => boolean;
};

const mostValues: Readonly<Record<Condition, number>> = {
  EQ: 1,
  IN: 100,
  BETWEEN: 2,
  BEGINS_WITH: 1,
};

/**
 * Whether an item passes all filters.
 * @throws CloudMapError InvalidInput
 */
export function filterOf<Item>(
  given: readonly GivenFilter[] | undefined,
  kinds: Readonly<Record<string, FilterTests<Item>>>,
): (item: Item) => boolean {
  const tests = (given ?? []).map(({ Name, Values, Condition = 'EQ' }) => {
    const name = oneOf('filters.member.name', Name, Object.keys(kinds));
    const condition = oneOf('filters.member.condition', Condition, conditions);
    const values = required('filters.member.values', Values);
    const test = kinds[name]?.[condition];
    if (!test || values.length === 0 || values.length > mostValues[condition]) {
      throw badFilter(name, condition);
    }
    return (item: Item) => test(item, values);
  });
  return (item) => tests.every((test) => test(item));
}

/** A filter of a text that is the same, or begins so. */
export function textFilter<Item>(textOf: (item: Item) => string): FilterTests<Item> {
  return {
    EQ: (item, [value]) => textOf(item) === value,
    BEGINS_WITH: (item, [value = '']) => textOf(item).startsWith(value),
  };
}

/** A filter of a text that is the same as one of some. */
export function choiceFilter<Item>(textOf: (item: Item) => string): FilterTests<Item> {
  const test = (item: Item, values: readonly string[]) => values.includes(textOf(item));
  return { EQ: test, IN: test };
}

/** Nothing here is shared with other accounts: all is the caller's own. */
export const ownerFilter = { EQ: (_: unknown, [value]: readonly string[]) => value === 'SELF' };

/** [inferred text] */
function badFilter(name: string, condition: string): Error {
  return invalidInput(`The filter ${name} with the condition ${condition} is invalid.`);
}
