import { expect, test } from 'vitest';
import { aContainerInstance } from '../../../test/fixtures/container-instances.ts';
import { aServiceWorld } from '../../../test/fixtures/service-world.ts';
import { emptyCapacityProvider, noActiveInstances } from '../placement/placement-failure.ts';
import { newEvents, withEvents } from './service-events.ts';
import { withoutPlace, withPlace } from './placement-trouble.ts';
import { primaryOf, type Service } from './service.ts';

const { service } = aServiceWorld({
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
});
const { id } = primaryOf(service);
const [first, second] = [aContainerInstance({ id: 1 }), aContainerInstance({ id: 2 })];
const firstId = '0'.repeat(31) + '1';
const secondId = '0'.repeat(31) + '2';
const noPlace =
  'was unable to place a task because no container instance met all of its requirements.';
const tail =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
const start = 1_000_000;

test.each([
  ['RESOURCE:CPU', 'has insufficient CPU units available.'],
  ['RESOURCE:MEMORY', 'has insufficient memory available.'],
  ['RESOURCE:GPU', 'has insufficient GPU resource available.'],
  ['RESOURCE:PORTS', 'is already using a port required by your task.'],
  ['RESOURCE:ENI', 'encountered error "RESOURCE:ENI".'],
  ['AGENT', 'encountered error "AGENT".'],
  ['ATTRIBUTE', 'is missing an attribute required by your task.'],
  [
    'MemberOf placement constraint unsatisfied.',
    'encountered error "MemberOf placement constraint unsatisfied.".',
  ],
  [
    'distinctInstance placement constraint unsatisfied.',
    'encountered error "DistinctInstance placement constraint unsatisfied.".',
  ],
])('a task that finds no place for %s', (reason, words) => {
  const { tellings } = withoutPlace(service, id, [{ arn: first.arn, reason }], start);
  const text = `${noPlace} The closest matching (container-instance ${firstId}) ${words} ${tail}`;
  const subject = { kind: 'PlacementFailed', reason, containerInstanceArn: first.arn };
  expect(tellings).toEqual([{ text, subject }]);
});

test.each([
  { failures: [], where: 'cluster' },
  { failures: [noActiveInstances], where: 'cluster' },
  { failures: [emptyCapacityProvider], where: 'capacity provider' },
])('a task that finds no instance in its $where at all', ({ failures, where }) => {
  const { tellings } = withoutPlace(service, id, failures, start);
  const reason = `No Container Instances were found in your ${where}`;
  const text = `${noPlace} Reason: ${reason}. ${tail}`;
  expect(tellings).toEqual([{ text, subject: { kind: 'PlacementFailed', reason } }]);
});

test('the closest instance is the one that passes most of the filters', () => {
  const failures = [
    { arn: first.arn, reason: 'AGENT' },
    { arn: second.arn, reason: 'RESOURCE:CPU' },
    { arn: first.arn, reason: 'RESOURCE:CPU' },
  ];
  const [telling] = withoutPlace(service, id, failures, start).tellings;
  expect(telling?.text).toContain(`(container-instance ${secondId}) has insufficient CPU`);
});

function failAgain(before: Service, now: number): Service {
  const { service: after, tellings } = withoutPlace(before, id, [], now);
  return withEvents(
    after,
    newEvents(after, tellings, now, () => 'id'),
  );
}

test('each round waits twice as long as the one before, a minute at most, until a task is placed', () => {
  const delays: number[] = [];
  let [now, waiting] = [start, service];
  for (let round = 0; round < 7; round += 1) {
    waiting = failAgain(waiting, now);
    const { until = 0 } = primaryOf(waiting).placeless ?? {};
    delays.push((until - now) / 1000);
    now = until;
  }
  expect(delays).toEqual([5, 10, 20, 40, 60, 60, 60]);
  // It is told once, and counted by the circuit breaker once in ten seconds.
  expect(waiting.events).toHaveLength(1);
  expect(primaryOf(waiting).failedTasks).toBe(6);
  const placed = withPlace(waiting, id);
  expect(primaryOf(placed)).not.toHaveProperty('placeless');
});

test('a look before its time changes nothing', () => {
  const waiting = failAgain(service, start);
  expect(failAgain(waiting, start + 4_999)).toBe(waiting);
});
