import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { aTaskContainer, aTask } from '../../../test/fixtures/a-task.ts';
import type { AgentContainerChange, AgentTaskChange } from './agent-state-change.ts';
import { parseTaskChange } from './agent-state-change.ts';
import { applyAgentChange } from './apply-agent-change.ts';
import { stoppingTask } from './stop-task.ts';
import { statusRank, type Task } from './task.ts';

const definition = aTaskDefinition({
  networkMode: 'bridge',
  containerDefinitions: [
    aContainerDefinition({ name: 'app' }),
    aContainerDefinition({ name: 'side', essential: false }),
  ],
});
const hostDefinition = aTaskDefinition({
  networkMode: 'host',
  containerDefinitions: [
    aContainerDefinition({ portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] }),
  ],
});

/** A task of two containers on an instance, as it was just placed. */
function aPlacedTask(given: Partial<Task> = {}): Task {
  const { networkInterface: _, ...task } = aTask({
    launchType: 'EC2',
    lastStatus: 'PENDING',
    containers: [
      aTaskContainer({ managedAgents: [{ name: 'ExecuteCommandAgent', lastStatus: 'PENDING' }] }),
      aTaskContainer({ name: 'side', essential: false }),
    ],
  });
  return { ...task, ...given };
}

function aChange(given: Partial<AgentTaskChange> = {}): AgentTaskChange {
  return { containers: [], managedAgents: [], isAttached: false, ...given };
}

function container(name: string, given: Partial<AgentContainerChange>): AgentContainerChange {
  return { name, status: 'RUNNING', networkBindings: [], ...given };
}

function after(task: Task, ...changes: readonly AgentTaskChange[]): Task {
  return changes.reduce((now, change, at) => applyAgentChange(now, change, definition, at), task);
}

const running = aChange({
  status: 'RUNNING',
  pullStartedAt: 100,
  pullStoppedAt: 200,
  containers: [
    container('app', {
      runtimeId: 'a'.repeat(64),
      imageDigest: 'sha256:1',
      networkBindings: [
        { bindIP: '0.0.0.0', containerPort: 80, hostPort: 32_768, protocol: 'tcp' },
      ],
    }),
    container('side', { runtimeId: 'b'.repeat(64) }),
  ],
});

test('a digest comes before anything runs, and the task stays PENDING', () => {
  const task = after(
    aPlacedTask(),
    aChange({
      status: 'PENDING',
      containers: [container('app', { status: 'PENDING', imageDigest: 'sha256:1' })],
    }),
  );
  expect(task).toMatchObject({
    lastStatus: 'PENDING',
    containers: [{ imageDigest: 'sha256:1', lastStatus: 'PENDING' }, {}],
  });
});

test('a task runs once all of its containers have started, with what its host chose', () => {
  expect(after(aPlacedTask(), running)).toMatchObject({
    lastStatus: 'RUNNING',
    startedAt: 0,
    pullStartedAt: 100,
    pullStoppedAt: 200,
    version: 2,
    containers: [
      {
        lastStatus: 'RUNNING',
        runtimeId: 'a'.repeat(64),
        imageDigest: 'sha256:1',
        networkBindings: [{ hostPort: 32_768 }],
      },
      { lastStatus: 'RUNNING' },
    ],
  });
});

test('one container may be told of twice in a call, and is then STOPPED', () => {
  const task = after(
    aPlacedTask(),
    aChange({
      status: 'PENDING',
      containers: [
        container('side', { runtimeId: 'b' }),
        container('side', { status: 'STOPPED', exitCode: 0 }),
      ],
    }),
  );
  expect(task).toMatchObject({ lastStatus: 'PENDING', desiredStatus: 'RUNNING' });
  expect(task.containers[1]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 });
});

test('in host mode, where agents tell of no ports, they are those of the definition', () => {
  const host = aPlacedTask({ containers: [aTaskContainer()] });
  const told = aChange({ status: 'RUNNING', containers: [container('app', {})] });
  expect(applyAgentChange(host, told, hostDefinition, 0).containers[0]?.networkBindings).toEqual([
    { bindIP: '0.0.0.0', containerPort: 80, hostPort: 80, protocol: 'tcp' },
  ]);
});

const ended = aChange({
  status: 'STOPPED',
  executionStoppedAt: 900,
  containers: [
    container('app', { status: 'STOPPED', exitCode: 7 }),
    container('side', { status: 'STOPPED', exitCode: 137 }),
  ],
});

test('a task that ends by itself is STOPPED at once, with why and when', () => {
  expect(after(aPlacedTask(), running, ended)).toMatchObject({
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stop: { code: 'EssentialContainerExited', reason: 'Essential container in task exited' },
    executionStoppedAt: 900,
    stoppedAt: 1,
    containers: [{ exitCode: 7 }, { exitCode: 137 }],
  });
});

test('a task that was told to stop keeps the reason that it was told', () => {
  const stop = { code: 'UserInitiated' as const, reason: 'enough' };
  const stopping = stoppingTask(after(aPlacedTask(), running), stop, 5);
  expect(after(stopping, ended)).toMatchObject({ lastStatus: 'STOPPED', stop });
});

const cannotStart = 'CannotStartContainerError: dependency graph: failed to resolve';

test.each([
  ['an image cannot be had', [container('app', { status: 'STOPPED', reason: 'CannotPull…' })]],
  [
    'a dependency fails',
    [container('app', { status: 'STOPPED', exitCode: 143, reason: cannotStart })],
  ],
  ['nothing is told of containers', []],
])('a task has failed to start where %s', (_, containers) => {
  expect(after(aPlacedTask(), aChange({ status: 'STOPPED', containers }))).toMatchObject({
    lastStatus: 'STOPPED',
    stop: { code: 'TaskFailedToStart', reason: 'Task failed to start' },
  });
});

test('a task that the agent cannot read stops for the reason that the agent gives', () => {
  const reason = 'UnrecogniedTaskError: Error loading task';
  expect(after(aPlacedTask(), aChange({ status: 'STOPPED', reason })).stop).toEqual({
    code: 'TaskFailedToStart',
    reason,
  });
});

test('a container that ran with a complaint of its image has not failed to start', () => {
  const reason = 'CannotPullImageManifestError: no such host';
  const told = aChange({
    status: 'STOPPED',
    containers: [container('app', { status: 'STOPPED', exitCode: 1, reason })],
  });
  expect(after(aPlacedTask(), told).stop?.code).toBe('EssentialContainerExited');
});

test('the interface of a task is attached when the agent says so', () => {
  const task = aTask({ launchType: 'EC2' }, aTaskDefinition());
  expect(after(task, aChange({ isAttached: true }))).toMatchObject({
    lastStatus: 'PENDING',
    networkInterface: { status: 'ATTACHED' },
  });
});

test.each(['running', 'DEPROVISIONING'])(
  'a status %s is refused, so that it never comes again',
  (status) => {
    expect(() => parseTaskChange({ status })).toThrow('status should be one of');
  },
);

test('ranges of ports are kept as ranges', () => {
  const given = { containerPortRange: '9000-9003', hostPortRange: '32768-32771' };
  const networkBindings = [{ ...given, bindIP: '0.0.0.0', protocol: 'tcp' as const }];
  const containers = [{ containerName: 'app', status: 'RUNNING', networkBindings }];
  expect(parseTaskChange({ status: 'RUNNING', containers }).containers[0]?.networkBindings).toEqual(
    networkBindings,
  );
});

const anyContainerChange = fc.record({
  name: fc.constantFrom('app', 'side', 'unknown'),
  status: fc.constantFrom('PENDING' as const, 'RUNNING' as const, 'STOPPED' as const),
  networkBindings: fc.constant([]),
});

const anyManagedAgent = fc.record({
  container: fc.constantFrom('app', 'side', 'unknown'),
  name: fc.constantFrom('ExecuteCommandAgent', 'unknown'),
  status: fc.constantFrom('PENDING' as const, 'RUNNING' as const, 'STOPPED' as const),
});

const anyChange = fc
  .record({
    status: fc.constantFrom('PENDING' as const, 'RUNNING' as const, 'STOPPED' as const),
    containers: fc.array(anyContainerChange, { maxLength: 4 }),
    isAttached: fc.boolean(),
    managedAgents: fc.array(anyManagedAgent, { maxLength: 2 }),
    exitCode: fc.option(fc.nat(255), { nil: undefined }),
  })
  .map(({ exitCode, containers, ...change }): AgentTaskChange => ({
    ...change,
    containers: containers.map((one) =>
      one.status === 'STOPPED' && exitCode !== undefined ? { ...one, exitCode } : one,
    ),
  }));

/** Statuses of the task and its containers as numbers that only grow. */
function progressOf({ lastStatus, containers }: Task): number[] {
  const order = ['PENDING', 'RUNNING', 'STOPPED'];
  return [statusRank(lastStatus), ...containers.map((c) => order.indexOf(c.lastStatus))];
}

test('however the reports of a life are shuffled and repeated, it ends the same', () => {
  const sideEnded = aChange({
    status: 'RUNNING',
    containers: [container('side', { status: 'STOPPED', exitCode: 137 })],
  });
  const life = [aChange({ status: 'PENDING' }), running, sideEnded, ended];
  const shuffled = fc.shuffledSubarray([...life, ...life], { minLength: 1 });
  fc.assert(
    fc.property(shuffled, fc.shuffledSubarray(life, { minLength: 4 }), (some, all) => {
      let task = aPlacedTask();
      for (const change of [...some, ...all]) {
        const next = applyAgentChange(task, change, definition, 5);
        const progress = progressOf(next);
        expect(progressOf(task).every((before, i) => before <= (progress[i] ?? 0))).toBe(true);
        task = next;
      }
      expect(task).toMatchObject({
        lastStatus: 'STOPPED',
        stop: { code: 'EssentialContainerExited' },
        containers: [{ exitCode: 7 }, { exitCode: 137 }],
      });
    }),
  );
});

test('what the agent runs in a container is shown, restarts included, and ends with it', () => {
  const told = (status: 'PENDING' | 'RUNNING' | 'STOPPED', reason: string) => {
    const agent = { container: 'app', name: 'ExecuteCommandAgent', status, reason };
    return aChange({ managedAgents: [agent] });
  };
  const of = ({ containers }: Task) => containers[0]?.managedAgents?.[0];
  const started = after(aPlacedTask(), running, told('RUNNING', 'started'));
  expect(of(started)).toMatchObject({ lastStatus: 'RUNNING', lastStartedAt: 1, reason: 'started' });
  expect(of(after(started, told('PENDING', 'late')))).toEqual(of(started));
  const fallen = after(started, told('STOPPED', 'gone'));
  expect(of(fallen)).toMatchObject({ lastStatus: 'STOPPED', reason: 'gone' });
  expect(of(after(fallen, told('RUNNING', 'again')))).toMatchObject({ lastStatus: 'RUNNING' });
  const over = after(started, ended);
  expect(of(over)).toMatchObject({ lastStatus: 'STOPPED', lastStartedAt: 1 });
  expect(of(after(over, told('RUNNING', 'late')))).toEqual(of(over));
});

test('whatever agents tell, and however often, no task or container goes backwards', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 8 }), (changes) => {
      let task = aPlacedTask();
      for (const [at, change] of changes.entries()) {
        const next = applyAgentChange(task, change, definition, at);
        const progress = progressOf(next);
        expect(progressOf(task).every((before, i) => before <= (progress[i] ?? 0))).toBe(true);
        expect(applyAgentChange(next, change, definition, at)).toEqual(next);
        task = next;
      }
      const isOver = changes.some(({ status }) => status === 'STOPPED');
      expect(!isOver || task.lastStatus === 'STOPPED').toBe(true);
    }),
  );
});
