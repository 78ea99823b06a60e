import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../../test/fixtures/a-service-connect.ts';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { ServiceConnectEndpoint } from './service-connect.ts';
import { stopHeldUntil } from './drain.ts';

const stoppingAt = 100_000;
const proxy = 'ecs-service-connect-abcde';
const { content } = aTaskDefinition({
  containerDefinitions: [
    aContainerDefinition({ portMappings: [{ name: 'api', containerPort: 8080 }] }),
    aContainerDefinition({ name: 'sidecar' }),
  ],
});

function connectedWith(...endpoints: readonly ServiceConnectEndpoint[]) {
  return { attachmentId: 'a', setting: aServiceConnect(endpoints) };
}

/** A task that is to stop, of which these containers have ended by themselves. */
function aStopping(given: Partial<Task> = {}, ...ended: readonly string[]): Task {
  return aTask({
    lastStatus: 'RUNNING',
    desiredStatus: 'STOPPED',
    startedAt: 1,
    stoppingAt,
    containers: ['app', 'sidecar', proxy].map((name) =>
      aTaskContainer({ name, lastStatus: ended.includes(name) ? 'STOPPED' : 'RUNNING' }),
    ),
    serviceConnect: connectedWith(anEndpoint('api')),
    ...given,
  });
}

function heldUntil(task: Task, goneSince: Instant | undefined, now: Instant): Instant | undefined {
  return stopHeldUntil({ task, content }, goneSince, now);
}

test('a task that is called is stopped half a second after its callers have been told', () => {
  const told = stoppingAt + 40;
  expect(heldUntil(aStopping(), undefined, stoppingAt)).toBe(stoppingAt + 50);
  expect(heldUntil(aStopping(), told, told)).toBe(told + 500);
  expect(heldUntil(aStopping(), told, told + 500)).toBeUndefined();
});

test('a caller that cannot be told holds up a stop for five seconds', () => {
  const last = stoppingAt + 5000;
  expect(heldUntil(aStopping(), undefined, last - 10)).toBe(last);
  expect(heldUntil(aStopping(), undefined, last)).toBeUndefined();
  expect(heldUntil(aStopping(), last - 10, last)).toBeUndefined();
});

test('a task that nobody calls is stopped at once', () => {
  const { startedAt: _, ...neverRan } = aStopping();
  const tasks = [aStopping({ serviceConnect: connectedWith() }), aStopping({}, 'app'), neverRan];
  for (const task of tasks) expect(heldUntil(task, undefined, stoppingAt)).toBeUndefined();
});

test('a task that stops as its proxy or a sidecar has ended is called until its callers have been told', () => {
  for (const ended of ['sidecar', proxy]) {
    expect(heldUntil(aStopping({}, ended), undefined, stoppingAt)).toBe(stoppingAt + 50);
  }
  // Here the proxy is what is called.
  const overridden = connectedWith(anEndpoint('api', { ingressPortOverride: 15_080 }));
  const task = aStopping({ serviceConnect: overridden }, proxy);
  expect(heldUntil(task, undefined, stoppingAt)).toBeUndefined();
});
