import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyExpression, anyFacts } from '../../../test/fixtures/any-expression.ts';
import { plainlySelects } from '../../../test/fixtures/plainly-selects.ts';
import { invalidParameter } from '../errors.ts';
import { compileExpression } from './compile-expression.ts';
import type { ContainerInstanceFacts } from './container-instance-facts.ts';
import { parseExpression } from './parse-expression.ts';

const facts: ContainerInstanceFacts = {
  attributes: new Map([
    ['ecs.instance-type', 't2.small'],
    ['ecs.availability-zone', 'us-east-1a'],
    ['stack', 'prod'],
    ['rack', '10'],
    ['ecs.capability.task-eni', ''],
  ]),
  agentConnected: true,
  agentVersion: '1.10.0',
  ec2InstanceId: 'i-abcd1234',
  registeredAt: 1_529_360_908_250, // 2018-06-18T22:28:28.250Z
  runningTasksCount: 3,
  taskGroups: ['service:production', 'family:cache'],
};

function select(text: string, given: Partial<ContainerInstanceFacts> = {}): boolean {
  const expression = parseExpression(text, invalidParameter);
  return compileExpression(expression)({ ...facts, ...given });
}

test.each([
  'attribute:ecs.instance-type == t2.small',
  'attribute:ecs.instance-type =~ t2.*',
  'attribute:ecs.availability-zone in [us-east-1a, us-east-1b]',
  'attribute:ecs.availability-zone != us-east-1d',
  'attribute:ecs.availability-zone !in [us-east-1b, us-east-1c]',
  'attribute:stack exists',
  'attribute:nothing !exists',
  'attribute:rack > 9',
  'attribute:rack >= 10.0',
  'attribute:stack > dev',
  'attribute:stack < test',
  "attribute:ecs.capability.task-eni == ''",
  'not attribute:nothing == a',
  'agentConnected == true',
  'agentConnected in [true]',
  'agentConnected =~ t.*',
  'agentVersion > 1.9.0',
  'agentVersion == 1.10',
  'agentVersion >= 1.10.0',
  'agentVersion < 1.10.0.1',
  'ec2InstanceId in [i-abcd1234, i-wxyx7890]',
  'ec2InstanceId !~ i-w.*',
  'registeredAt == 2018-06-18T22:28:28Z',
  'registeredAt == 2018-06-18T22:28:28',
  'registeredAt <= 2018-06-18T22:28:28+00:00',
  'registeredAt == 2018-06-19T00:28:28+02:00',
  'registeredAt > 2018-06-18',
  'registeredAt < 2018-06-19',
  'runningTasksCount == 3',
  'runningTasksCount > -1',
  'task:group == service:production',
  'task:group in [service:production, service:test]',
  'task:group != service:production',
  'task:group =~ family:.*',
  'task:group exists',
  'attribute:stack == dev or runningTasksCount >= 3 and agentConnected == true',
])('the instance is selected by %s', (text) => {
  expect(select(text)).toBe(true);
});

test.each([
  'attribute:ecs.instance-type =~ t2',
  'attribute:ecs.instance-type == T2.SMALL',
  'attribute:nothing exists',
  'attribute:nothing == a',
  'attribute:nothing != a',
  'attribute:nothing !in [a]',
  'attribute:nothing !~ a',
  'attribute:nothing < a',
  'attribute:stack !exists',
  'attribute:rack > 10',
  'agentVersion < 1.9.0',
  'agentVersion != 1.10',
  'registeredAt != 2018-06-18T22:28:28Z',
  'registeredAt < 2018-06-18',
  'runningTasksCount > 3',
  'not(task:group == service:production)',
  'task:group == database',
  'task:group =~ production',
])('the instance is not selected by %s', (text) => {
  expect(select(text)).toBe(false);
});

test('an agent whose version is not known is neither older nor newer than any', () => {
  for (const agentVersion of [undefined, 'dev']) {
    expect(select('agentVersion < 1.0 or agentVersion >= 1.0', { agentVersion })).toBe(false);
    expect(select('agentVersion != 1.0', { agentVersion })).toBe(false);
  }
});

test('no task is of another group where there is no task', () => {
  expect(select('task:group != a', { taskGroups: [] })).toBe(false);
  expect(select('task:group !exists', { taskGroups: [] })).toBe(true);
});

test('a compiled expression selects as its plain reading does', () => {
  fc.assert(
    fc.property(anyExpression, anyFacts, (expression, instance) => {
      expect(compileExpression(expression)(instance)).toBe(plainlySelects(expression, instance));
    }),
    { numRuns: 1000 },
  );
});
