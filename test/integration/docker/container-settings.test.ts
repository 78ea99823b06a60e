import { expect, test } from 'vitest';
import type { TaskDefinitionContent } from '../../../src/domain/task-definition/task-definition.ts';
import type { GivenContainer } from '../../fixtures/an-order.ts';
import { aDockerStage } from './docker-stage.ts';
import { shell } from './docker-world.ts';
import { outputOf } from './output-of.ts';

const stage = aDockerStage();
const { engine } = stage.world;
const mebibyte = 1024 * 1024;
const waiting = { ...shell('sleep 60'), stopTimeout: 1 };

/** Runs a task to the end of its container `main`, and gives what that wrote. */
async function run(
  containers: readonly GivenContainer[],
  content: Partial<TaskDefinitionContent> = {},
) {
  const order = stage.start(containers, { content });
  await stage.reports.first(order, 'ContainerStopped', 'main');
  const lines = await outputOf(stage.compute, order);
  await stage.stopped(order);
  return lines;
}

async function startFailure(
  settings: Partial<GivenContainer>,
  content: Partial<TaskDefinitionContent> = {},
): Promise<string> {
  const order = stage.start([{ ...waiting, ...settings }], { content });
  const { reason } = await stage.reports.first(order, 'StartFailed');
  await stage.stopped(order);
  return reason.replace(/^.*asks for: /, '');
}

test('a container has the capabilities, devices, memory and first process that it asks for', async () => {
  const script = [
    'grep CapEff /proc/self/status | cut -f2',
    'ls /dev/own',
    'df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2',
    'grep " /scratch " /proc/mounts | tr " ," "\\n" | grep -E "^(noexec|size=.*)$"',
    'cat /proc/sys/kernel/msgmax',
    'grep NoNewPrivs /proc/self/status | cut -f2',
    'cat /proc/1/comm',
  ].join('; ');
  const settings: Partial<GivenContainer> = {
    linuxParameters: {
      capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] },
      devices: [{ hostPath: '/dev/null', containerPath: '/dev/own', permissions: ['read'] }],
      sharedMemorySize: 8,
      tmpfs: [{ containerPath: '/scratch', size: 4, mountOptions: ['noexec'] }],
      initProcessEnabled: true,
    },
    systemControls: [{ namespace: 'kernel.msgmax', value: '4096' }],
    dockerSecurityOptions: ['no-new-privileges'],
  };
  expect(await run([{ ...shell(script), ...settings }])).toEqual([
    '0000000000080000',
    '/dev/own',
    String(8 * 1024),
    'noexec',
    `size=${4 * 1024}k`,
    '4096',
    '1',
    'docker-init',
  ]);
});

test('maxSwap comes on top of the memory of the container', async () => {
  const linuxParameters = { maxSwap: 32, swappiness: 10 };
  const order = stage.start([{ ...waiting, memory: 64, linuxParameters }]);
  const { runtimeId } = await stage.reports.first(order, 'ContainerCreated');
  const { HostConfig } = await engine.inspectContainer(runtimeId);
  expect(HostConfig).toMatchObject({ MemorySwap: 96 * mebibyte, MemorySwappiness: 10 });
  await stage.stopped(order);
});

test('with pidMode task, containers see the processes of each other', async () => {
  const seen = await run(
    [
      shell('until ps | grep -q "[s]leep 61"; do sleep 0.1; done; echo seen'),
      { ...shell('exec sleep 61'), name: 'other', stopTimeout: 1 },
    ],
    { pidMode: 'task' },
  );
  expect(seen).toEqual(['seen']);
});

test('with ipcMode task, containers share memory of the size that one asks for, and settings', async () => {
  const writer = {
    ...shell('echo shared >/dev/shm/file; sleep 60'),
    name: 'writer',
    stopTimeout: 1,
  };
  const script = [
    'until [ -s /dev/shm/file ]; do sleep 0.1; done; cat /dev/shm/file',
    'df -k /dev/shm | tail -1 | tr -s " " | cut -d" " -f2',
    'cat /proc/sys/kernel/msgmax',
  ].join('; ');
  const reader = {
    ...shell(script),
    linuxParameters: { sharedMemorySize: 8 },
    systemControls: [{ namespace: 'kernel.msgmax', value: '4096' }],
  };
  const seen = await run([reader, writer], { ipcMode: 'task' });
  expect(seen).toEqual(['shared', String(8 * 1024), '4096']);
});

test('the namespaces of the host are joined, or shared memory is left out, as a task asks', async () => {
  const namespaces = 'for kind in pid ipc; do readlink /proc/self/ns/$kind; done';
  const [ofHost, ownIpc] = await run([shell(namespaces)], { pidMode: 'host', ipcMode: 'none' });
  const [ownPid, ipcOfHost] = await run([shell(namespaces)], { ipcMode: 'host' });
  expect(ofHost).not.toBe(ownPid);
  expect(ipcOfHost).not.toBe(ownIpc);
  expect(await run([shell('ls -d /dev/shm/ || echo none')], { ipcMode: 'none' })).toContain('none');
});

test('interactive keeps the input open, and pseudoTerminal gives a terminal', async () => {
  const terminal = { ...shell('tty; echo done'), pseudoTerminal: true, interactive: true };
  expect(await run([terminal])).toEqual([expect.stringMatching(/^\/dev\//), 'done']);
  expect(await run([shell('tty; read -r line || echo end of input')])).toEqual([
    'not a tty',
    'end of input',
  ]);
});

test('what this machine has not is told, and nothing is passed over', async () => {
  const gpu = await startFailure({ resourceRequirements: [{ type: 'GPU', value: '1' }] });
  expect(gpu).toBe('container main: GPU needs the nvidia runtime of Docker');
  const option = await startFailure({ dockerSecurityOptions: ['seccomp=unconfined'] });
  expect(option).toBe('container main: dockerSecurityOptions has no seccomp=unconfined on Linux');
  const device = await startFailure({
    linuxParameters: { devices: [{ hostPath: '/dev/nowhere' }] },
  });
  expect(device).toMatch(/^Cannot(Create|Start)ContainerError: .*\/dev\/nowhere/);
});
