import { expect, test } from 'vitest';
import { aServiceConnect } from '../../../test/fixtures/a-service-connect.ts';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { longestPendingMs } from '../task/plan-task.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { Container, StopCode, Task } from '../task/task.ts';
import { explainTask } from './explain-task.ts';

function summary(given: Partial<Task>): string {
  return explainTask({ task: aTask(given), output: [] }).summary;
}

function ended(exitCode: number, reason?: string): Partial<Task> {
  const how: Partial<Container> = { lastStatus: 'STOPPED', exitCode };
  const containers = [aTaskContainer({ ...how, ...(reason !== undefined && { reason }) })];
  const stop = {
    code: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
  } as const;
  return { containers, stop, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' };
}

test.for([
  [0, 'which means that it was done'],
  [1, 'which its program chose'],
  [126, 'which means that its command cannot be executed'],
  [127, 'which means that its command was not found'],
  [137, 'which means that SIGKILL ended it'],
  [143, 'which means that SIGTERM ended it'],
  [255, 'which its program chose'],
] as const)('exit code %i of an essential container is explained', ([code, meaning]) => {
  expect(summary(ended(code))).toBe(
    `Its essential container "app" ended with exit code ${code}, ${meaning}.`,
  );
});

test('a container that used too much memory is told of, and what to do about it', () => {
  const reason = 'OutOfMemoryError: Container killed due to memory usage';
  const { summary: text, advice } = explainTask({ task: aTask(ended(137, reason)), output: [] });
  expect(text).toContain(`(${reason})`);
  expect(advice).toBe('Give the container more memory, or find out what uses it.');
});

test.for([
  [
    'UserInitiated',
    'Task stopped by user',
    'Somebody stopped it with StopTask: Task stopped by user.',
  ],
  [
    'ServiceSchedulerInitiated',
    'Scaling activity initiated by (deployment ecs-svc/1)',
    'Its service stopped it: Scaling activity initiated by (deployment ecs-svc/1).',
  ],
  [
    'TaskFailedToStart',
    'CannotPullContainerError: no such image',
    'It could not start: CannotPullContainerError: no such image.',
  ],
  [
    'SpotInterruption',
    'Your Spot Task was interrupted.',
    'Its capacity was taken back: Your Spot Task was interrupted.',
  ],
] as const satisfies readonly (readonly [StopCode, string, string])[])(
  'the cause %s is a sentence',
  ([code, reason, sentence]) => {
    const stop = { code, reason };
    expect(summary({ stop, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' })).toBe(sentence);
    expect(summary({ stop, lastStatus: 'RUNNING', desiredStatus: 'STOPPED' })).toBe(
      `It is being stopped. ${sentence}`,
    );
  },
);

test('a task says what it waits for on its way', () => {
  expect(summary({})).toBe('It is PROVISIONING: it waits for its host to make its network.');
  const pending = { lastStatus: 'PENDING', connectivityAt: 1 } as const;
  expect(summary(pending)).toBe('It is PENDING: its host prepares it.');
  const pulling = { ...pending, pullStartedAt: 2, containers: [aTaskContainer()] };
  expect(summary(pulling)).toBe('It is PENDING: it pulls nginx.');
  expect(summary({ ...pulling, pullStoppedAt: 3 })).toBe(
    'It is PENDING: its containers are being started: app.',
  );
});

test('a task waits for nothing since before it was there, though its instance was connected by then', () => {
  const task = aTask({ lastStatus: 'PENDING', createdAt: 5_000, connectivityAt: 1_000 });
  expect(explainTask({ task, output: [] }).waits).toMatchObject([{ since: 5_000 }]);
});

function dependsOnDb(condition: 'HEALTHY' | 'SUCCESS'): TaskDefinition {
  const definition = aTaskDefinition();
  const dependsOn = [{ containerName: 'db', condition }];
  const containerDefinitions = definition.content.containerDefinitions.map((one) => ({
    ...one,
    name: 'app',
    dependsOn,
  }));
  return { ...definition, content: { ...definition.content, containerDefinitions } };
}

test('while the Docker Engine is away, a task waits for that first of all', () => {
  const explained = (given: Partial<Task>) =>
    explainTask({ task: aTask(given), output: [], engineIsAway: true });
  expect(explained({})).toMatchObject({
    summary:
      'It is PROVISIONING: the Docker Engine is away, and it waits for its host to make its network.',
    advice: expect.stringContaining('Start the Docker Engine'),
  });
  const stop = { code: 'UserInitiated', reason: 'Task stopped by user' } as const;
  expect(explained({ stop, desiredStatus: 'STOPPED', stoppingAt: 1 }).waits[0]?.text).toBe(
    'the Docker Engine is away, and its containers are being stopped and cleaned up',
  );
  expect(explained({ stop, desiredStatus: 'STOPPED', lastStatus: 'STOPPED' })).not.toHaveProperty(
    'advice',
  );
});

test('a container that waits for another one is told of', () => {
  const containers = [
    aTaskContainer({ name: 'app' }),
    aTaskContainer({ name: 'db', lastStatus: 'RUNNING', hasHealthCheck: true }),
  ];
  const task = aTask({ lastStatus: 'PENDING', pullStartedAt: 1, pullStoppedAt: 2, containers });
  const { waits } = explainTask({ task, definition: dependsOnDb('HEALTHY'), output: [] });
  expect(waits).toEqual([
    { text: 'container "app" waits for "db" to be HEALTHY', since: 2, taskArn: task.arn },
  ]);
});

const failedToStart = {
  lastStatus: 'STOPPED',
  desiredStatus: 'STOPPED',
  stop: { code: 'TaskFailedToStart', reason: 'Task failed to start' },
} as const;

test('a dependency that failed is named as what kept a task from starting', () => {
  const containers = [
    aTaskContainer({ name: 'app', lastStatus: 'STOPPED' }),
    aTaskContainer({ name: 'db', lastStatus: 'STOPPED', exitCode: 4 }),
  ];
  const task = aTask({ ...failedToStart, containers });
  expect(explainTask({ task, definition: dependsOnDb('SUCCESS'), output: [] }).summary).toBe(
    'It could not start: container "app" waited for "db" to be SUCCESS, ' +
      'and "db" ended with exit code 4, which its program chose.',
  );
  expect(summary({ ...failedToStart, containers })).toBe(
    'It could not start: Task failed to start.',
  );
});

test('a task that was given up says what it waited for', () => {
  const containers = [
    aTaskContainer({ name: 'app', lastStatus: 'STOPPED' }),
    aTaskContainer({ name: 'db', lastStatus: 'STOPPED', exitCode: 143 }),
  ];
  const times = { createdAt: 0, connectivityAt: 1, stoppingAt: 1 + longestPendingMs };
  const task = aTask({ ...failedToStart, ...times, containers });
  expect(explainTask({ task, definition: dependsOnDb('HEALTHY'), output: [] }).summary).toBe(
    'It could not start: container "app" waited for "db" to be HEALTHY, and was given up after three hours.',
  );
});

test('a dependency that is not ready in time is not said to have ended by itself', () => {
  const graph = 'CannotStartContainerError: dependency graph: failed to resolve';
  const containers = [
    aTaskContainer({ name: 'app', lastStatus: 'STOPPED', reason: graph }),
    aTaskContainer({ name: 'db', lastStatus: 'STOPPED', exitCode: 137 }),
  ];
  const definition = dependsOnDb('HEALTHY');
  const db = aContainerDefinition({ name: 'db', startTimeout: 3 });
  const containerDefinitions = [...definition.content.containerDefinitions, db];
  const content = { ...definition.content, containerDefinitions };
  const summaryAt = (stoppingAt: number) => {
    const task = aTask({ ...failedToStart, containers, pullStoppedAt: 1000, stoppingAt });
    return explainTask({ task, definition: { ...definition, content }, output: [] }).summary;
  };
  const waited = 'It could not start: container "app" waited for "db" to be HEALTHY, ';
  expect(summaryAt(4100)).toBe(`${waited}which it was not within its startTimeout of 3 seconds.`);
  expect(summaryAt(2000)).toBe(
    `${waited}and "db" ended with exit code 137, which means that SIGKILL ended it.`,
  );
});

test('nothing is advised for a container that did not end its task', () => {
  const reason = 'CannotStartContainerError: exec: "/nope": no such file or directory';
  const side = aTaskContainer({ name: 'side', essential: false, lastStatus: 'STOPPED', reason });
  const code = 'EssentialContainerExited';
  const stop = { code, reason: 'Essential container in task exited' } as const;
  const ended = (essential: boolean) =>
    aTask({ lastStatus: 'STOPPED', stop, containers: [{ ...side, essential }] });
  expect(explainTask({ task: ended(false), output: [] }).advice).toBeUndefined();
  expect(explainTask({ task: ended(true), output: [] }).advice).toBe(
    'Check entryPoint and command.',
  );
});

test('a container that cannot start says why its task on a container instance did not', () => {
  const reason = 'CannotStartContainerError: Error response from daemon: port is in use';
  const containers = [aTaskContainer({ lastStatus: 'STOPPED', reason })];
  expect(summary({ ...failedToStart, containers })).toBe(
    `It could not start: container "app": ${reason}.`,
  );
});

test('a task that runs says since when, and how its health is', () => {
  const checked = aTaskContainer({ lastStatus: 'RUNNING', hasHealthCheck: true });
  const running = { lastStatus: 'RUNNING', startedAt: 0 } as const;
  expect(summary({ ...running, containers: [aTaskContainer({ lastStatus: 'RUNNING' })] })).toBe(
    'It runs since 1970-01-01T00:00:00.000Z.',
  );
  expect(summary({ ...running, containers: [{ ...checked, healthStatus: 'HEALTHY' }] })).toBe(
    'It runs since 1970-01-01T00:00:00.000Z and is HEALTHY.',
  );
  expect(summary({ ...running, containers: [{ ...checked, healthStatus: 'UNHEALTHY' }] })).toBe(
    'It is RUNNING: health checks: "app" is UNHEALTHY.',
  );
});

test('a task whose proxy is not ready says what its containers wait for', () => {
  const setting = aServiceConnect([]);
  const proxy = aTaskContainer({ name: setting.containerName, lastStatus: 'RUNNING' });
  const starting: Partial<Task> = {
    lastStatus: 'PENDING',
    pullStartedAt: 1,
    pullStoppedAt: 2,
    serviceConnect: { attachmentId: 'a', setting },
  };
  const app = aTaskContainer({ lastStatus: 'PENDING' });
  expect(summary({ ...starting, containers: [app, proxy] })).toBe(
    'It is PENDING: its proxy of Service Connect, "ecs-service-connect-abcde", is to be HEALTHY before its ' +
      'containers start.',
  );
  const ready: Container = { ...proxy, healthStatus: 'HEALTHY' };
  expect(summary({ ...starting, containers: [app, ready] })).toBe(
    'It is PENDING: its containers are being started: app.',
  );
});

test('a task that is being registered, or taken out of its registry, says so', () => {
  const running = { containers: [aTaskContainer({ lastStatus: 'RUNNING' })] };
  expect(summary({ ...running, lastStatus: 'ACTIVATING' })).toBe(
    'It is ACTIVATING: it is being registered in its service registry.',
  );
  const leaving = { lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' } as const;
  const { waits } = explainTask({ task: aTask({ ...running, ...leaving }), output: [] });
  expect(waits).toMatchObject([{ text: 'it is being taken out of its service registry' }]);
});
