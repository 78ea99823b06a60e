import { describe, expect, test } from 'vitest';
import {
  aLoop,
  aScriptedDefinition,
  atOnce,
  containersOf,
  minuteMs,
  type GivenContainer,
} from '../../../test/fixtures/simulated.ts';

describe('the end of a container', () => {
  test.each<[string, GivenContainer, object]>([
    ['that exits with 0', { image: 'simulated/exit:0' }, { exitCode: 0 }],
    ['that exits with another code', { script: { 'exit-code': '42' } }, { exitCode: 42 }],
    ['that crashes', { image: 'simulated/crash' }, { exitCode: 1 }],
    [
      'that is killed for its memory',
      { image: 'simulated/oom' },
      { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
  ])('%s is told as it was', async (_, given, container) => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition(given));
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'EssentialContainerExited' },
      containers: [container],
    });
  });

  test.each<[string, GivenContainer, number, number]>([
    ['heeds SIGTERM', {}, 143, 50],
    ['takes its time', { script: { 'stop-delay': '7s' } }, 143, 7000],
    ['ignores SIGTERM', { script: { 'ignore-sigterm': 'true' } }, 137, 30_000],
    ['ignores it with a stopTimeout', { image: 'simulated/stubborn', stopTimeout: 5 }, 137, 5000],
    ['is slower than its stopTimeout', { script: { 'stop-delay': '1m' } }, 137, 30_000],
    [
      'exits by itself meanwhile',
      { script: { 'ignore-sigterm': 'true', lives: '12s:7' } },
      7,
      3000,
    ],
  ])('that is stopped and %s', async (_, given, exitCode, afterMs) => {
    const loop = await aLoop({ delays: { ...atOnce, stop: 50 } });
    const arn = loop.run(aScriptedDefinition(given));
    loop.advance(9000);
    loop.stop(arn);
    loop.advance(minuteMs);
    const task = loop.task(arn);
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      // One more than for a task that ends by itself.
      version: 6,
      stop: { code: 'UserInitiated', reason: 'Task stopped by user' },
      containers: [{ exitCode }],
    });
    expect((task.executionStoppedAt ?? 0) - (task.stoppingAt ?? 0)).toBe(afterMs);
  });
});

describe('a task that cannot start', () => {
  test.each<[string, GivenContainer, string]>([
    [
      'for its image',
      { script: { 'pull-error': 'pull access denied' } },
      'CannotPullContainerError: pull access denied',
    ],
    [
      'for its process',
      { script: { 'fail-start': 'exec: "x": not found' } },
      'CannotStartContainerError: exec: "x": not found',
    ],
    [
      'for a reason with a name',
      { script: { 'pull-error': 'ResourceInitializationError: no secret' } },
      'ResourceInitializationError: no secret',
    ],
    [
      'for its script',
      { script: { 'exit-after': 'soon' } },
      "ResourceInitializationError: the script (longshore.simulated.*) of container 'app' is " +
        "malformed: exit-after is not a duration such as 250ms, 2s or 1m: 'soon'",
    ],
  ])('%s stops with the reason', async (_, given, reason) => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition(given));
    loop.advance(minuteMs);
    const task = loop.task(arn);
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'TaskFailedToStart', reason },
      connectivityAt: expect.any(Number),
    });
    expect(task).not.toHaveProperty('startedAt');
    expect(task).not.toHaveProperty('executionStoppedAt');
    expect(task.containers[0]).not.toHaveProperty('exitCode');
  });

  test('goes on where the container that cannot start is not essential', async () => {
    const loop = await aLoop();
    const arn = loop.run(
      aScriptedDefinition({}, { name: 'extra', essential: false, image: 'simulated/broken' }),
    );
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [
        { lastStatus: 'RUNNING' },
        { lastStatus: 'STOPPED', reason: expect.stringMatching(/^CannotStartContainerError: /) },
      ],
    });
  });
});

describe('dependencies', () => {
  const dependsOn = (condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY') => [
    { containerName: 'db', condition },
  ];
  const healthCheck = { command: ['CMD-SHELL', 'true'] };

  test.each<[string, GivenContainer, 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY', number]>([
    ['START', { script: { 'start-delay': '2s' } }, 'START', 2000],
    ['COMPLETE', { essential: false, script: { lives: '3s:9' } }, 'COMPLETE', 3000],
    ['SUCCESS', { essential: false, script: { 'exit-after': '4s' } }, 'SUCCESS', 4000],
    ['HEALTHY', { healthCheck, script: { health: 'HEALTHY after 5s' } }, 'HEALTHY', 5000],
  ])('on %s hold a container back until then', async (_, db, condition, startedAfterMs) => {
    const loop = await aLoop({ delays: atOnce });
    const arn = loop.run(
      aScriptedDefinition({ dependsOn: dependsOn(condition) }, { name: 'db', ...db }),
    );
    loop.advance(minuteMs);
    const task = loop.task(arn);
    expect(task.lastStatus).toBe('RUNNING');
    expect((task.startedAt ?? 0) - task.createdAt).toBe(startedAfterMs);
    expect(containersOf(loop.reportsOf(arn), 'ContainerStarted')).toEqual(['db', 'app']);
  });

  test('on SUCCESS that fail end the task; the container that waited shows no reason', async () => {
    const loop = await aLoop();
    const db = { name: 'db', essential: false, image: 'simulated/crash' };
    const arn = loop.run(aScriptedDefinition({ dependsOn: dependsOn('SUCCESS') }, db));
    loop.advance(minuteMs);
    const task = loop.task(arn);
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'TaskFailedToStart', reason: 'Task failed to start' },
      containers: [
        { name: 'app', lastStatus: 'STOPPED' },
        { name: 'db', exitCode: 1 },
      ],
    });
    expect(task.containers[0]).not.toHaveProperty('reason');
    expect(task.containers[0]).not.toHaveProperty('exitCode');
  });

  test('on HEALTHY that do not come true before the start timeout end the task', async () => {
    const loop = await aLoop({ delays: atOnce });
    const db = { name: 'db', healthCheck, startTimeout: 20, script: { health: 'UNHEALTHY' } };
    const arn = loop.run(aScriptedDefinition({ dependsOn: dependsOn('HEALTHY') }, db));
    loop.advance(19_999);
    expect(loop.task(arn).lastStatus).toBe('PENDING');
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'TaskFailedToStart' },
    });
  });

  test('on HEALTHY that never come true without a start timeout end the task after three hours', async () => {
    const loop = await aLoop({ delays: atOnce });
    const db = { name: 'db', healthCheck, script: { health: 'UNHEALTHY' } };
    const arn = loop.run(aScriptedDefinition({ dependsOn: dependsOn('HEALTHY') }, db));
    loop.advance(179 * minuteMs);
    expect(loop.task(arn)).toMatchObject({ lastStatus: 'PENDING', desiredStatus: 'RUNNING' });
    loop.advance(2 * minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'TaskFailedToStart', reason: 'Task failed to start' },
    });
  });

  test('stop a task in the reverse of its start, each container with its own time', async () => {
    const loop = await aLoop({ delays: atOnce });
    const arn = loop.run(
      aScriptedDefinition(
        { dependsOn: dependsOn('START'), stopTimeout: 10, image: 'simulated/stubborn' },
        { name: 'db', stopTimeout: 2, image: 'simulated/stubborn' },
      ),
    );
    loop.advance(1000);
    loop.stop(arn);
    loop.advance(minuteMs);
    expect(containersOf(loop.reportsOf(arn), 'ContainerStopped')).toEqual(['app', 'db']);
    const task = loop.task(arn);
    expect((task.executionStoppedAt ?? 0) - (task.stoppingAt ?? 0)).toBe(12_000);
  });

  test('an essential container that ends takes the others with it', async () => {
    const loop = await aLoop();
    const arn = loop.run(
      aScriptedDefinition(
        { script: { 'exit-after': '1m' } },
        { name: 'sidecar', essential: false },
      ),
    );
    loop.advance(2 * minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stop: { code: 'EssentialContainerExited' },
      containers: [{ exitCode: 0 }, { exitCode: 143 }],
    });
  });

  test('a container that is not essential ends alone', async () => {
    const loop = await aLoop();
    const arn = loop.run(
      aScriptedDefinition({}, { name: 'job', essential: false, image: 'simulated/exit' }),
    );
    loop.advance(minuteMs);
    expect(loop.task(arn)).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 0 }],
    });
  });
});

describe('health', () => {
  const healthCheck = { command: ['CMD-SHELL', 'true'] };

  test('follows the script; a container without a check stays UNKNOWN', async () => {
    const loop = await aLoop({ delays: atOnce });
    const script = { health: 'HEALTHY after 2s, UNHEALTHY after 1m' };
    const arn = loop.run(aScriptedDefinition({ healthCheck, script }, { name: 'sidecar' }));
    const health = () => loop.task(arn).containers.map((container) => container.healthStatus);
    loop.advance(1999);
    expect(health()).toEqual(['UNKNOWN', 'UNKNOWN']);
    loop.advance(1);
    expect(health()).toEqual(['HEALTHY', 'UNKNOWN']);
    loop.advance(minuteMs);
    expect(health()).toEqual(['UNHEALTHY', 'UNKNOWN']);
    expect(loop.task(arn).lastStatus).toBe('RUNNING');
  });

  test('is HEALTHY soon where nothing else is scripted', async () => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition({ healthCheck }));
    loop.advance(1000);
    expect(loop.task(arn).containers).toMatchObject([{ healthStatus: 'HEALTHY' }]);
  });
});

describe('a restart policy', () => {
  const restartPolicy = { enabled: true, restartAttemptPeriod: 60 };

  test('starts a container again, each time with the next of its lives', async () => {
    const loop = await aLoop({ delays: atOnce });
    const script = { lives: '100s:1; 200s:oom; 10s:5' };
    const arn = loop.run(aScriptedDefinition({ restartPolicy, script }));
    loop.advance(309_999);
    expect(loop.task(arn)).toMatchObject({ lastStatus: 'RUNNING', version: 3 });
    loop.advance(1);
    // The last life is shorter than the period in which a container is not started again.
    expect(loop.task(arn)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 5 }] });
  });

  test('leaves a container down whose exit code it ignores', async () => {
    const loop = await aLoop({ delays: atOnce });
    const policy = { ...restartPolicy, ignoredExitCodes: [4] };
    const script = { 'exit-after': '100s', 'exit-code': '4' };
    const arn = loop.run(aScriptedDefinition({ restartPolicy: policy, script }));
    loop.advance(100_000);
    expect(loop.task(arn)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 4 }] });
  });
});

describe('a task that is stopped before it runs', () => {
  test.each<[string, number, object]>([
    ['is PROVISIONING', 10, { version: 5 }],
    ['is PENDING', 60, { version: 5 }],
    ['pulls its images', 150, { version: 5, pullStoppedAt: 1_000_150 }],
    ['has a container that is starting', 260, { containers: [{ exitCode: 143 }] }],
  ])('while it %s is connected, released and STOPPED', async (_, afterMs, outcome) => {
    const loop = await aLoop();
    const arn = loop.run(aScriptedDefinition({}));
    loop.advance(afterMs);
    loop.stop(arn);
    loop.advance(minuteMs);
    const task = loop.task(arn);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stop: { code: 'UserInitiated' } });
    expect(task).toMatchObject({ connectivityAt: expect.any(Number), ...outcome });
    expect(task).not.toHaveProperty('startedAt');
    expect(task.networkInterface).toMatchObject({ status: 'DELETED', address: expect.anything() });
  });
});
