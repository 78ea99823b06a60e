import { expect, test } from 'vitest';
import { aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { checkPlacement } from './placement-request.ts';
import type { LaunchType } from './task.ts';

const definition = aTaskDefinition();

function refusal(given: object, launchType: LaunchType = 'EC2'): string | undefined {
  return refusalOf(() => checkPlacement(JSON.parse(JSON.stringify(given)), launchType, definition));
}

function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item);
}

test.each([
  {},
  { placementStrategy: [{ type: 'random' }] },
  { placementStrategy: [{ type: 'binpack', field: 'MEMORY' }] },
  { placementStrategy: [{ type: 'spread', field: 'instanceId' }] },
  { placementStrategy: [{ type: 'spread', field: 'attribute:ecs.availability-zone' }] },
  { placementStrategy: times(5, { type: 'random' }) },
  { placementConstraints: [{ type: 'distinctInstance' }] },
  { placementConstraints: times(10, { type: 'memberOf', expression: 'task:group == a' }) },
])('%j is taken', (given) => {
  expect(refusal(given)).toBeUndefined();
});

test('the constraints of the definition count as well', () => {
  const constraint = { type: 'memberOf' as const, expression: 'attribute:rack exists' };
  const of = (own: number) => aTaskDefinition({ placementConstraints: times(own, constraint) });
  const given = { placementConstraints: times(6, constraint) };
  expect(refusalOf(() => checkPlacement(given, 'EC2', of(4)))).toBeUndefined();
  expect(refusalOf(() => checkPlacement(given, 'EC2', of(5)))).toBe(
    'InvalidParameterException: Maximum number of constraints is 10.',
  );
});

test.each([
  [{ placementStrategy: times(6, { type: 'random' }) }, 'Maximum number of strategies is 5.'],
  [
    { placementConstraints: times(11, { type: 'distinctInstance' }) },
    'Maximum number of constraints is 10.',
  ],
  [
    { placementStrategy: [{ type: 'random', field: 'cpu' }] },
    'random field should not be specified.',
  ],
  [
    { placementStrategy: [{ type: 'binpack', field: 'instanceId' }] },
    "binpack field 'instanceId' is invalid.",
  ],
  [{ placementStrategy: [{ type: 'spread', field: 'x' }] }, "spread field 'x' is invalid."],
  [{ placementStrategy: [{ type: 'spread' }] }, 'spread field must be specified.'],
  [{ placementStrategy: [{ type: 'binpack', field: '' }] }, 'binpack field must be specified.'],
  [
    { placementStrategy: [{ type: 'other' }] },
    'placement strategy type should be one of [binpack,random,spread]',
  ],
  [
    { placementConstraints: [{ type: 'other' }] },
    'placement constraint type should be one of [distinctInstance,memberOf]',
  ],
  [
    { placementConstraints: [{ type: 'distinctInstance', expression: '' }] },
    'distinctInstance expression should not be specified.',
  ],
])('%j is refused', (given, message) => {
  expect(refusal(given)).toBe(`InvalidParameterException: ${message}`);
});

test('FARGATE takes neither constraints nor strategies', () => {
  expect(refusal({ placementConstraints: [{ type: 'distinctInstance' }] }, 'FARGATE')).toBe(
    'InvalidParameterException: Placement constraints are not supported with FARGATE launch type.',
  );
  expect(refusal({ placementStrategy: [{ type: 'random' }] }, 'FARGATE')).toBe(
    'InvalidParameterException: Placement strategies are not supported with FARGATE launch type.',
  );
  expect(refusal({ placementStrategy: [], placementConstraints: [] }, 'FARGATE')).toBeUndefined();
});
