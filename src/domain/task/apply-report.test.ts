import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { applyReport } from './apply-report.ts';
import type { TaskReport } from './report.ts';
import { stoppingTask } from './stop-task.ts';
import { statusRank, type Task } from './task.ts';

const address = {
  networkInterfaceId: 'eni-0123456789abcdef0',
  macAddress: '0a:00:00:00:00:01',
  privateIpv4Address: '10.0.0.1',
};
const cause = { code: 'UserInitiated', reason: 'Task stopped by user' } as const;

function applied(task: Task, ...reports: TaskReport[]): Task {
  return reports.reduce(applyReport, task);
}

const connection: TaskReport[] = [
  { kind: 'NetworkInterfaceCreated', address },
  { kind: 'Connected', at: 10 },
];
const pull: TaskReport[] = [
  { kind: 'PullStarted', at: 11 },
  { kind: 'PullStopped', at: 12 },
];

function created(container: string): TaskReport {
  return { kind: 'ContainerCreated', container, runtimeId: `id-${container}` };
}

function started(container: string, at = 20): TaskReport {
  return { kind: 'ContainerStarted', container, at };
}

function stopped(container: string, exitCode?: number, at = 30): TaskReport {
  const code = exitCode === undefined ? {} : { exitCode };
  return { kind: 'ContainerStopped', container, ...code, at };
}

/** A task of two essential containers and an extra one, connected and with its images pulled. */
function aPendingTask(): Task {
  const containers = [
    aTaskContainer({ name: 'app' }),
    aTaskContainer({ name: 'db' }),
    aTaskContainer({ name: 'init', essential: false }),
  ];
  return applied(aTask({ containers }), ...connection, ...pull);
}

describe('the network interface of a task', () => {
  test('is CREATED with its address while the task is still PROVISIONING at version 1', () => {
    const task = applied(aTask(), ...connection.slice(0, 1));
    expect(task).toMatchObject({
      lastStatus: 'PROVISIONING',
      version: 1,
      networkInterface: { status: 'CREATED', address },
    });
  });

  test('is ATTACHED with PENDING, when the host has taken the task over', () => {
    expect(applied(aTask(), ...connection)).toMatchObject({
      lastStatus: 'PENDING',
      version: 2,
      connectivityAt: 10,
      networkInterface: { status: 'ATTACHED', address },
    });
  });

  test('is DETACHING with DEPROVISIONING and DELETED with STOPPED, and keeps its address', () => {
    const over = applied(aTask(), ...connection, ...pull, started('app'), stopped('app', 0));
    const ending = stoppingTask(over, cause, 31);
    expect(ending).toMatchObject({
      lastStatus: 'DEPROVISIONING',
      networkInterface: { status: 'DETACHING', address },
    });
    expect(applied(ending, { kind: 'Released', at: 40 })).toMatchObject({
      lastStatus: 'STOPPED',
      stoppedAt: 40,
      networkInterface: { status: 'DELETED', address },
    });
  });
});

describe('a task is RUNNING', () => {
  test('when the last of its containers has started', () => {
    const almost = applied(aPendingTask(), started('app', 20), started('init', 21));
    expect(almost.lastStatus).toBe('PENDING');
    expect(applied(almost, started('db', 22))).toMatchObject({
      lastStatus: 'RUNNING',
      version: 3,
      startedAt: 22,
    });
  });

  test('although a container that is not essential has finished', () => {
    const task = applied(
      aPendingTask(),
      started('init', 20),
      stopped('init', 0, 21),
      started('db', 22),
      started('app', 23),
    );
    expect(task).toMatchObject({ lastStatus: 'RUNNING', startedAt: 23 });
    expect(task).not.toHaveProperty('executionStoppedAt');
  });

  test('when the last that it waited for has ended without running', () => {
    const task = applied(aPendingTask(), started('app', 20), started('db', 21), stopped('init'));
    expect(task).toMatchObject({ lastStatus: 'RUNNING', startedAt: 30 });
  });

  test('never, once an essential container has stopped before', () => {
    const task = applied(
      aPendingTask(),
      started('app'),
      stopped('app', 1),
      started('db'),
      started('init'),
    );
    expect(task.lastStatus).toBe('PENDING');
    expect(task).not.toHaveProperty('startedAt');
  });

  test('never, once it is wanted STOPPED', () => {
    const stopping = stoppingTask(aPendingTask(), cause, 15);
    const task = applied(stopping, started('app'), started('db'), started('init'));
    expect(task.lastStatus).toBe('PENDING');
  });
});

describe('a container', () => {
  test('shows what its reports say', () => {
    const digest = 'sha256:0';
    const bindings = [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 8080, protocol: 'tcp' }];
    const task = applied(
      aTask(),
      { kind: 'ContainerCreated', container: 'app', runtimeId: 'id', imageDigest: digest },
      JSON.parse(JSON.stringify({ ...started('app'), networkBindings: bindings })),
      { kind: 'ContainerHealthChanged', container: 'app', healthStatus: 'HEALTHY' },
    );
    expect(task.containers).toMatchObject([
      {
        runtimeId: 'id',
        imageDigest: digest,
        lastStatus: 'RUNNING',
        healthStatus: 'HEALTHY',
        networkBindings: bindings,
      },
    ]);
  });

  test('that has stopped has its exit code and reason, and no health', () => {
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    const task = applied(
      aTask(),
      started('app'),
      { kind: 'ContainerHealthChanged', container: 'app', healthStatus: 'UNHEALTHY' },
      { kind: 'ContainerStopped', container: 'app', exitCode: 137, reason, at: 30 },
      { kind: 'ContainerHealthChanged', container: 'app', healthStatus: 'HEALTHY' },
    );
    expect(task.containers).toMatchObject([
      { lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', exitCode: 137, reason },
    ]);
  });

  test('that nobody knows changes nothing', () => {
    const task = aPendingTask();
    expect(applied(task, started('other'), stopped('other', 1), created('other'))).toBe(task);
  });
});

describe('the end of execution', () => {
  test('is that of the first essential container of a task that ends by itself', () => {
    const task = applied(
      aPendingTask(),
      started('app'),
      started('db'),
      stopped('app', 0, 31),
      stopped('db', 143, 35),
    );
    expect(task.executionStoppedAt).toBe(31);
  });

  test('is that of the last container of a task that is told to stop', () => {
    const running = applied(aPendingTask(), started('app'), started('db'), started('init'));
    const stopping = stoppingTask(running, cause, 25);
    const task = applied(stopping, stopped('app', 143, 31), stopped('init', 0, 32));
    expect(task).not.toHaveProperty('executionStoppedAt');
    expect(applied(task, stopped('db', 143, 33))).toMatchObject({
      executionStoppedAt: 33,
      lastStatus: 'DEPROVISIONING',
    });
  });

  test('is unknown of a task of which nothing ever ran', () => {
    const stopping = stoppingTask(aPendingTask(), cause, 25);
    const task = applied(stopping, stopped('app'), stopped('db'), stopped('init'));
    expect(task.lastStatus).toBe('DEPROVISIONING');
    expect(task).not.toHaveProperty('executionStoppedAt');
  });
});

test('a task that is told to stop while PROVISIONING stays so until it is connected', () => {
  const stopping = stoppingTask(aTask(), cause, 5);
  expect(stopping).toMatchObject({
    lastStatus: 'PROVISIONING',
    networkInterface: { status: 'PRECREATED' },
  });
  const task = applied(stopping, ...connection);
  expect(task.lastStatus).toBe('PENDING');
  expect(applied(task, stopped('app')).lastStatus).toBe('DEPROVISIONING');
});

test('a task that is told to stop while PROVISIONING is DEPROVISIONING once it is connected', () => {
  const stopping = stoppingTask(aTask(), cause, 5);
  const ended = applied(stopping, created('app'), stopped('app'));
  expect(ended).toMatchObject({ lastStatus: 'PROVISIONING', version: 2 });
  const task = applied(ended, ...connection, ...pull);
  expect(task).toMatchObject({
    lastStatus: 'DEPROVISIONING',
    version: 4,
    connectivityAt: 10,
    networkInterface: { status: 'DETACHING' },
  });
  expect(task).not.toHaveProperty('pullStartedAt');
  expect(task).not.toHaveProperty('pullStoppedAt');
  expect(task.containers[0]).not.toHaveProperty('runtimeId');
});

test('a task without an interface of its own goes from RUNNING to STOPPED', () => {
  const { networkInterface: _, ...task } = aTask();
  const running = applied(task, { kind: 'Connected', at: 10 }, started('app'));
  const over = applied(stoppingTask(running, cause, 25), stopped('app', 0));
  expect(over.lastStatus).toBe('RUNNING');
  expect(applied(over, { kind: 'Released', at: 40 }).lastStatus).toBe('STOPPED');
});

test('a task that nobody wants STOPPED is not released', () => {
  const task = aPendingTask();
  expect(applied(task, { kind: 'Released', at: 40 })).toBe(task);
});

test('the first failure to start is the one that counts', () => {
  const failures: TaskReport[] = [
    { kind: 'StartFailed', reason: 'first', at: 1 },
    { kind: 'StartFailed', reason: 'second', at: 2 },
  ];
  expect(applied(aTask(), ...failures)).toMatchObject({ startFailure: 'first', version: 1 });
});

const at = fc.nat(1000);
const container = fc.constantFrom('app', 'db', 'init', 'other');

const anyReport: fc.Arbitrary<TaskReport> = fc.oneof(
  fc.record({ kind: fc.constant('NetworkInterfaceCreated'), address: fc.constant(address) }),
  fc.record({ kind: fc.constantFrom('Connected', 'PullStarted', 'PullStopped', 'Released'), at }),
  fc.record({ kind: fc.constant('StartFailed'), reason: fc.constantFrom('one', 'two'), at }),
  container.map(created),
  fc.tuple(container, at).map(([name, moment]) => started(name, moment)),
  fc.record({
    kind: fc.constant('ContainerHealthChanged'),
    container,
    healthStatus: fc.constantFrom('HEALTHY', 'UNHEALTHY', 'UNKNOWN'),
  }),
  fc
    .tuple(container, fc.option(fc.nat(255), { nil: undefined }), at)
    .map(([name, exitCode, moment]) => stopped(name, exitCode, moment)),
);

/** A report, or the order to stop. */
const anyEvents = fc.array(fc.oneof({ weight: 12, arbitrary: anyReport }, fc.constant('stop')), {
  maxLength: 40,
});

function after(task: Task, event: TaskReport | 'stop'): Task {
  return event === 'stop' ? stoppingTask(task, cause, 50) : applyReport(task, event);
}

/** Whether the task has lost a container that it does not need, and runs on. */
function goesOnWithout(before: Task, { lastStatus, desiredStatus, containers }: Task): boolean {
  const ended = containers.find(
    (one, i) => one.lastStatus === 'STOPPED' && before.containers[i]?.lastStatus !== 'STOPPED',
  );
  const runs = lastStatus === 'RUNNING' && desiredStatus === 'RUNNING';
  const essentialEnded = containers.some((one) => one.essential && one.lastStatus === 'STOPPED');
  const goesOn = containers.some((one) => one.lastStatus === 'RUNNING');
  return runs && ended !== undefined && goesOn && !essentialEnded;
}

const containerRank = { PENDING: 0, RUNNING: 1, STOPPED: 2 };

describe('whatever is reported, in whatever order', () => {
  const start = () =>
    aTask({
      containers: [
        aTaskContainer({ name: 'app' }),
        aTaskContainer({ name: 'db' }),
        aTaskContainer({ name: 'init', essential: false }),
      ],
    });

  test('nothing moves backwards, and the version tells each change', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let task = start();
        for (const event of events) {
          const next = after(task, event);
          const moved =
            next.lastStatus !== task.lastStatus || next.desiredStatus !== task.desiredStatus;
          expect(next.version > task.version).toBe(moved || goesOnWithout(task, next));
          expect(statusRank(next.lastStatus)).toBeGreaterThanOrEqual(statusRank(task.lastStatus));
          for (const [i, { lastStatus }] of next.containers.entries()) {
            const before = task.containers[i]?.lastStatus ?? 'PENDING';
            expect(containerRank[lastStatus]).toBeGreaterThanOrEqual(containerRank[before]);
          }
          task = next;
        }
      }),
    );
  });

  test('to report the same again changes nothing, and gives the very same record', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let task = start();
        for (const event of events) {
          task = after(task, event);
          expect(after(task, event)).toBe(task);
        }
      }),
    );
  });

  test('STOPPED is final', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (before, later) => {
        const over = applyReport(stoppingTask(before.reduce(after, start()), cause, 50), {
          kind: 'Released',
          at: 60,
        });
        expect(over).toMatchObject({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
        expect(over.containers.every(({ lastStatus }) => lastStatus === 'STOPPED')).toBe(true);
        expect(later.reduce(after, over)).toBe(over);
      }),
    );
  });
});

test('a task that runs on without one of its containers has a new version', () => {
  const running = applied(aPendingTask(), started('app'), started('db'), started('init'));
  const without = applied(running, stopped('init', 0));
  expect(without).toMatchObject({ lastStatus: 'RUNNING', version: running.version + 1 });
  expect(applied(without, stopped('init', 0))).toBe(without);
});

test('the end of an essential container alone is no new version', () => {
  const running = applied(aPendingTask(), started('app'), started('db'), started('init'));
  expect(applied(running, stopped('app', 1)).version).toBe(running.version);
});

describe('the ports of a container', () => {
  const bindingTo = (hostPort: number) =>
    ({ bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' }) as const;
  const startedOn = (...hostPorts: number[]): TaskReport => ({
    kind: 'ContainerStarted',
    container: 'app',
    at: 20,
    networkBindings: hostPorts.map(bindingTo),
  });

  test('are other ones once it has been started again', () => {
    const task = applied(aPendingTask(), created('app'), startedOn(32_768), startedOn(32_769));
    expect(task.containers[0]?.networkBindings).toEqual([bindingTo(32_769)]);
  });

  test('are kept as they were when it has ended', () => {
    const task = applied(aPendingTask(), startedOn(32_768), stopped('app', 0), startedOn(32_769));
    expect(task.containers[0]).toMatchObject({
      lastStatus: 'STOPPED',
      networkBindings: [bindingTo(32_768)],
    });
  });

  test('that are told again change nothing', () => {
    const task = applied(aPendingTask(), startedOn(32_768));
    expect(applied(task, startedOn(32_768))).toBe(task);
    expect(applied(task, started('app'))).toBe(task);
  });
});
