import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  knownProviders,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import {
  checkStrategy,
  distribute,
  furthestAhead,
  parseStrategy,
  requireWeight,
  type StrategyItem,
} from './strategy.ts';

const both = ['FARGATE', 'FARGATE_SPOT'];

function item(capacityProvider: string, weight: number, base = 0): StrategyItem {
  return { capacityProvider, weight, base };
}

function count(names: readonly string[], name: string): number {
  return names.filter((other) => other === name).length;
}

describe('a strategy', () => {
  test('has weight and base 0 where none are given, and names instead of ARNs', () => {
    const arn = 'arn:aws:ecs:us-east-1:123456789012:capacity-provider/FARGATE';
    expect(parseStrategy(scope, [{ capacityProvider: arn }])).toEqual([item('FARGATE', 0)]);
  });

  test('may have a weight of 1000 and a base of 100000', () => {
    const strategy = [item('FARGATE', 1000, 100_000), item('FARGATE_SPOT', 0)];
    expect(parseStrategy(scope, strategy)).toEqual(strategy);
  });

  test.each([
    [[item('', 1)], 'capacityProvider can not be blank.'],
    [[item('FARGATE', -1)], 'weight must be between 0 and 1000'],
    [[item('FARGATE', 1001)], 'weight must be between 0 and 1000'],
    [[item('FARGATE', 1, -1)], 'base must be between 0 and 100000'],
    [[item('FARGATE', 1, 100_001)], 'base must be between 0 and 100000'],
    [
      [item('FARGATE', 1, 1), item('FARGATE_SPOT', 1, 1)],
      'There are multiple capacity providers in the specified capacity provider strategy with a base ' +
        'value defined',
    ],
    [
      Array.from({ length: 21 }, () => item('FARGATE', 1)),
      'capacityProviderStrategy can have at most 20 items.',
    ],
  ])('is refused where it breaks a rule: %#', (given, message) => {
    expect(refusalOf(() => parseStrategy(scope, given))).toBe(
      `InvalidParameterException: ${message}`,
    );
  });

  const { find } = knownProviders([
    aGroupProvider('group'),
    aGroupProvider('other-group', { updateStatus: 'UPDATE_IN_PROGRESS' }),
    aManagedProvider('managed'),
    aManagedProvider('new', { status: 'PROVISIONING' }),
  ]);
  const check = (names: readonly string[], associated = names): string | undefined =>
    refusalOf(() =>
      checkStrategy(
        names.map((name) => item(name, 1)),
        associated,
        find,
      ),
    );

  test.each([[both], [['group', 'other-group']], [['managed']], [[]]])(
    'may be of %j, which are of one kind',
    (names) => {
      expect(check(names)).toBeUndefined();
    },
  );

  test.each([[['FARGATE', 'group']], [['group', 'managed']], [['managed', 'FARGATE_SPOT']]])(
    'may not mix %j',
    (names) => {
      expect(check(names)).toBe(
        'InvalidParameterException: A capacity provider strategy cannot contain a mix of capacity ' +
          'providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.',
      );
    },
  );

  test('may only have what its cluster is associated with', () => {
    expect(check(['FARGATE'], ['FARGATE_SPOT'])).toBe(
      'InvalidParameterException: The specified capacity provider strategy cannot contain a ' +
        'capacity provider that is not associated with the cluster. Associate the capacity provider ' +
        'with the cluster or specify a valid capacity provider and try again.',
    );
  });

  test('may only have what is ACTIVE', () => {
    expect(check(['new'])).toBe(
      "InvalidParameterException: The specified capacity provider 'new' is not in an ACTIVE state. " +
        'Specify a valid capacity provider and try again.',
    );
  });

  test('with only zero weights is refused when it is used', () => {
    expect(refusalOf(() => requireWeight([item('FARGATE', 0, 1)], 'default'))).toBe(
      'InvalidParameterException: There are no capacity providers with a weight value greater ' +
        'than zero defined in the default capacity provider strategy. At least one capacity ' +
        'provider must have a weight value greater than zero specified. Update the cluster' +
        "'s default capacity provider strategy or specify a valid capacity provider strategy " +
        'and try again.',
    );
    expect(refusalOf(() => requireWeight([item('FARGATE', 0)], 'request'))).toBe(
      'InvalidParameterException: There are no capacity providers in the capacity provider strategy ' +
        'with a weight value greater than zero',
    );
    expect(refusalOf(() => requireWeight([item('FARGATE', 1)], 'request'))).toBeUndefined();
  });
});

describe('tasks are distributed', () => {
  test('in turns, from the first on, where weights are equal', () => {
    expect(distribute([item('A', 1), item('B', 1)], 5)).toEqual(['A', 'B', 'A', 'B', 'A']);
  });

  test.each([
    ['1 to 4', [item('A', 1), item('B', 4)], 10, 2],
    ['1 to 1 after a base of 1', [item('A', 1, 1), item('B', 1)], 10, 6],
    ['with a base that takes them all', [item('A', 1, 10), item('B', 5)], 10, 10],
    ['with a base and no weight', [item('A', 0, 2), item('B', 1)], 10, 2],
    ['with neither base nor weight', [item('A', 0), item('B', 1)], 10, 0],
  ])('%s', (_, items, tasks, onFirst) => {
    const placed = distribute(items, tasks);
    expect(placed).toHaveLength(tasks);
    expect(count(placed, 'A')).toBe(onFirst);
  });

  test('to nobody where no provider has a weight left', () => {
    expect(distribute([item('A', 0, 2)], 5)).toEqual(['A', 'A']);
  });

  test('so that each has its share of the weights, to the task', () => {
    const anyStrategy = fc
      .tuple(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), fc.nat(10))
      .map(([weights, base]) => weights.map((weight, i) => item(`P${i}`, weight, i ? 0 : base)));
    fc.assert(
      fc.property(anyStrategy, fc.nat(60), (items, tasks) => {
        const placed = distribute(items, tasks);
        const base = items[0]?.base ?? 0;
        const rest = Math.max(0, tasks - base);
        const total = items.reduce((sum, { weight }) => sum + weight, 0);
        expect(placed).toHaveLength(tasks);
        for (const { capacityProvider, weight, base: own } of items) {
          const share = Math.min(own, tasks) + (rest * weight) / total;
          expect(Math.abs(count(placed, capacityProvider) - share)).toBeLessThan(items.length);
        }
      }),
    );
  });
});

test.each([
  { counts: { a: 6, b: 4 }, left: 1, expected: { a: 1, b: 0 } },
  { counts: { a: 6, b: 4 }, left: 5, expected: { a: 3, b: 2 } },
  { counts: { a: 1, b: 9 }, left: 4, expected: { a: 1, b: 3 } },
])('of $counts, base 1 on a, $left tasks stay as $expected', ({ counts, left, expected }) => {
  const items = [
    { capacityProvider: 'a', base: 1, weight: 1 },
    { capacityProvider: 'b', base: 0, weight: 1 },
  ];
  const kept = new Map(Object.entries(counts));
  const total = () => [...kept.values()].reduce((sum, count) => sum + count, 0);
  while (total() > left) {
    const among = new Set([...kept].flatMap(([name, count]) => (count > 0 ? [name] : [])));
    const name = furthestAhead(items, kept, among) ?? '';
    kept.set(name, (kept.get(name) ?? 0) - 1);
  }
  expect(Object.fromEntries(kept)).toEqual(expected);
});
