import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aServiceWorld } from '../../../test/fixtures/service-world.ts';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { newEvents, withEvents } from '../service/service-events.ts';
import { messages, type Telling } from '../service/service-messages.ts';
import type { Deployment, Service } from '../service/service.ts';
import type { Task } from '../task/task.ts';
import { explainDeployment, explainService, type ExplainedService } from './explain-service.ts';

const now = 1_000_000;
const { service } = aServiceWorld({
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 100,
});
const [{ id }] = service.deployments;

function withPrimary(change: Partial<Deployment>): Service {
  return { ...service, deployments: [{ ...service.deployments[0], ...change }] };
}

function aRunningTask(given: Partial<Task> = {}): Task {
  const containers = [aTaskContainer({ lastStatus: 'RUNNING' })];
  return aTask({ startedBy: id, lastStatus: 'RUNNING', startedAt: 0, containers, ...given });
}

function waits(observed: Partial<ExplainedService>): readonly string[] {
  const explanation = explainService({ service, tasks: [], rollouts: [], ...observed }, now);
  return explanation.waits.map(({ text }) => text.replaceAll(/[0-9a-f]{32}/g, 'T'));
}

test('a steady service waits for nothing', () => {
  const tasks = [aRunningTask(), aRunningTask()];
  const steady = { ...service, steadyAt: 0 };
  const { summary, waits: none } = explainService({ service: steady, tasks, rollouts: [] }, now);
  expect(none).toEqual([]);
  expect(summary).toBe('It is steady since 1970-01-01T00:00:00.000Z: 2 of 2 tasks run.');
});

test('a task on its way is named, with what it waits for and since when', () => {
  const pulling = aTask({ startedBy: id, lastStatus: 'PENDING', pullStartedAt: 900_000 });
  const explanation = explainService(
    { service, tasks: [aRunningTask(), pulling], rollouts: [] },
    now,
  );
  expect(explanation.waits).toMatchObject([{ since: 900_000, taskArn: pulling.arn }]);
  expect(explanation.summary).toMatch(
    /^1 of 2 tasks run\. It waits: task \w+ is PENDING: it pulls/,
  );
});

test('a task that has just started has to run for a while', () => {
  const tasks = [aRunningTask(), aRunningTask({ startedAt: now - 1 })];
  expect(waits({ tasks })).toEqual([
    'task T is RUNNING: it has to run for 5 seconds to count as healthy',
  ]);
});

test('stopping tasks that take the room of new ones are told of', () => {
  const stopping = aRunningTask({ desiredStatus: 'STOPPED', stoppingAt: 5 });
  expect(waits({ tasks: [aRunningTask(), stopping] })).toEqual([
    '1 tasks are missing, but there are 2 already, stopping ones included, and maximumPercent allows 2',
  ]);
});

test('a service that waits after failures says until when, and how its newest task ended', () => {
  const failing = withPrimary({ startFailures: 3, throttle: { rounds: 1, until: now + 10_000 } });
  const stop = { code: 'TaskFailedToStart', reason: 'CannotPullContainerError: no' } as const;
  const newestEnd = aTask({ startedBy: id, lastStatus: 'STOPPED', stop, stoppingAt: now });
  expect(waits({ service: failing, newestEnd })).toEqual([
    '3 tasks in a row have failed to start, so that the next is started at 1970-01-01T00:16:50.000Z',
    'the newest of its tasks to end was task T: It could not start: CannotPullContainerError: no',
  ]);
});

test('what a task waits for, or waited for in vain, is told of its containers', () => {
  const containers = [
    aTaskContainer({ name: 'app' }),
    aTaskContainer({ name: 'db', lastStatus: 'RUNNING', hasHealthCheck: true }),
  ];
  const dependsOn = [{ containerName: 'db', condition: 'HEALTHY' as const }];
  const containerDefinitions = [aContainerDefinition({ name: 'app', dependsOn })];
  const definitionOf = () => aTaskDefinition({ containerDefinitions });
  const pulled = { pullStartedAt: 1, pullStoppedAt: 2 };
  const task = aTask({ startedBy: id, lastStatus: 'PENDING', containers, ...pulled });
  expect(waits({ tasks: [task], definitionOf })).toEqual([
    'task T is PENDING: container "app" waits for "db" to be HEALTHY',
  ]);
  const stop = { code: 'TaskFailedToStart', reason: 'Task failed to start' } as const;
  const ended = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stop, stoppingAt: now } as const;
  const newestEnd = aTask({ ...task, ...ended, createdAt: 0, connectivityAt: 1 });
  expect(waits({ service: withPrimary({ startFailures: 1 }), newestEnd, definitionOf })).toEqual([
    'the newest of its tasks to end was task T: It could not start: container "app" waited for "db" ' +
      'to be HEALTHY, and "db" stopped without an exit code',
  ]);
});

test('a refusal of a place holds things up until the service is steady', () => {
  const said = (before: Service, telling: Telling) =>
    withEvents(
      before,
      newEvents(before, [telling], now, () => telling.text),
    );
  const refused = said(
    withPrimary({ startFailures: 1 }),
    messages.unableToPlace('RESOURCE:MEMORY'),
  );
  expect(waits({ service: refused })).toEqual([
    'it was unable to place a task. Reason: RESOURCE:MEMORY',
  ]);
  expect(waits({ service: said(refused, messages.steady) })).toEqual([]);
});

test('whoever has no tasks that stop is not sent to look at them', () => {
  const failing = withPrimary({ failedTasks: 1 });
  const newestEnd = aTask({ startedBy: id, lastStatus: 'STOPPED', stoppingAt: now });
  const adviceTo = (given: Partial<ExplainedService>) =>
    explainService({ service: failing, tasks: [], rollouts: [], ...given }, now).advice;
  expect(adviceTo({})).toBeUndefined();
  expect(adviceTo({ newestEnd })).toBe('See why its tasks stop: explain one of them.');
});

test('a failed deployment stands still', () => {
  const failed = withPrimary({
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  });
  const { summary, advice } = explainService({ service: failed, tasks: [], rollouts: [] }, now);
  expect(summary).toContain('It stands still: its deployment has failed and starts nothing more');
  expect(advice).toContain('force a new deployment');
});

test('a deployment that has failed says nothing of a next start', () => {
  const throttle = { rounds: 1, until: now + 10_000 };
  const failed = withPrimary({ rolloutState: 'FAILED', startFailures: 3, throttle });
  expect(waits({ service: failed })).toEqual([
    expect.stringMatching(/^its deployment has failed and starts nothing more/),
  ]);
});

test('a deployment whose percentages leave no move says so, and what to do', () => {
  const old = aRunningTask({ startedBy: 'ecs-svc/1' });
  const observed = { service, tasks: [old, old], rollouts: [] };
  expect(waits(observed)[0]).toBe(
    'its deployment can neither stop nor start a task: minimumHealthyPercent keeps 2 healthy, and ' +
      'maximumPercent allows 2 in all',
  );
  expect(explainService(observed, now).advice).toBe(
    'Lower its minimumHealthyPercent, or raise its maximumPercent.',
  );
});

test('more tasks than are wanted are not said to be so many of them', () => {
  const { summary } = explainService(
    { service, tasks: [aRunningTask(), aRunningTask(), aRunningTask()], rollouts: [] },
    now,
  );
  expect(summary).toMatch(/^3 tasks run, and 2 are wanted\./);
});

test('failures of a service deployment trip a circuit breaker only where there is one', () => {
  const world = aServiceWorld({ desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 200 });
  world.pass();
  world.failStarts();
  world.pass();
  const { rollout } = world;
  const { summary } = rollout ? explainDeployment(rollout, undefined, world.now) : { summary: '' };
  expect(summary).toBe(
    'It is IN_PROGRESS. 2 tasks have failed, and no circuit breaker is enabled.',
  );
});

test('tasks of a former deployment that are protected are told of', () => {
  const old = aRunningTask({ startedBy: 'ecs-svc/1', protectedUntil: now + 1_000 });
  expect(waits({ tasks: [aRunningTask(), aRunningTask(), old] })).toEqual([
    'task T is RUNNING: it is of a former deployment, and is protected until 1970-01-01T00:16:41.000Z',
  ]);
});

test('of many tasks the first five are named', () => {
  const tasks = Array.from({ length: 8 }, () => aTask({ startedBy: id }));
  const big = { ...service, desiredCount: 8 };
  const told = waits({ service: big, tasks });
  expect(told).toHaveLength(6);
  expect(told.at(-1)).toBe('3 more tasks like these');
});

test('in whatever state a service is, its explanation says what it waits for, or that it is steady', () => {
  const anySteps = fc.array(fc.record({ ms: fc.nat(6_000), seed: fc.nat() }), { maxLength: 30 });
  fc.assert(
    fc.property(anySteps, (steps) => {
      const world = aServiceWorld({
        desiredCount: 4,
        minimumHealthyPercent: 50,
        maximumPercent: 150,
      });
      for (const { ms, seed } of steps) {
        world.pass();
        world.advance(ms, seed);
        const explanation = explainService(world.observe(), world.now);
        const isSteady = explanation.summary.startsWith('It is steady');
        expect(isSteady && explanation.waits.length > 0).toBe(false);
        for (const { since } of explanation.waits) expect(since).toBeLessThanOrEqual(world.now);
      }
    }),
  );
});
