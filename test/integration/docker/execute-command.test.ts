import type { ECS, Task } from '@aws-sdk/client-ecs';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { refusalOf } from '../../contract/refusal-of.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { SessionPlugin } from '../../fixtures/session-plugin.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const patience = { timeout: 30_000, interval: 20 };
const account = newAccount();
let server: RunningServer;
let ecs: ECS;
let url: string;
let task: Task;

beforeAll(async () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  server = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute: world.compute(),
    clock: systemClock,
    log,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${server.address.port}`;
  ecs = clientOf(url, account);
  await ecs.createCluster();
  const stays = { image: testImage, command: ['sleep', '600'], stopTimeout: 2 };
  const containerDefinitions = [
    { ...stays, name: 'app', user: '1000' },
    { ...stays, name: 'side' },
  ];
  const taskRoleArn = `arn:aws:iam::${account}:role/app`;
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, taskRoleArn }));
  task = await run({ enableExecuteCommand: true });
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  await world.close();
});

async function run(given: Parameters<typeof aRun>[0]): Promise<Task> {
  const { tasks: [begun = {}] = [] } = await ecs.runTask(aRun(given));
  const described = async () => {
    const { tasks: [found = {}] = [] } = await ecs.describeTasks({ tasks: [begun.taskArn ?? ''] });
    return found;
  };
  await vi.waitUntil(async () => (await described()).lastStatus === 'RUNNING', patience);
  return described();
}

function execute(given: Partial<Parameters<ECS['executeCommand']>[0]> = {}) {
  const { taskArn } = task;
  const usual = { task: taskArn, container: 'app', command: '/bin/sh', interactive: true };
  return ecs.executeCommand({ ...usual, ...given });
}

/** Takes its place before the terminal of a session. */
async function sitDown(streamUrl = '', token = '', plugin?: SessionPlugin) {
  const socket = new WebSocket(streamUrl);
  const sitting = plugin ?? new SessionPlugin({ send: (frame) => current.socket.send(frame) });
  const current = { socket, plugin: sitting };
  socket.on('message', (data) => sitting.receive(Buffer.isBuffer(data) ? data : Buffer.alloc(0)));
  const repeating = setInterval(() => sitting.repeatOldest(), 100);
  socket.on('close', () => clearInterval(repeating));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  socket.send(JSON.stringify({ MessageSchemaVersion: '1.0', TokenValue: token }));
  return current;
}

test('a shell runs as root where the container runs, and ends when it is left', async () => {
  expect(task.containers?.[0]?.managedAgents).toMatchObject([
    { name: 'ExecuteCommandAgent', lastStatus: 'RUNNING' },
  ]);
  const { session, containerName, taskArn, interactive } = await execute();
  expect({ containerName, taskArn, interactive }).toEqual({
    containerName: 'app',
    taskArn: task.taskArn,
    interactive: true,
  });
  const { plugin } = await sitDown(session?.streamUrl, session?.tokenValue);
  plugin.resize(123, 45);
  plugin.type('id -u; echo $AWS_EXECUTION_ENV\r');
  await expect.poll(() => plugin.shown, patience).toMatch(/\n0\r\nAWS_ECS_FARGATE\r\n/);
  await expect
    .poll(() => {
      plugin.type('stty size\r');
      return plugin.shown;
    }, patience)
    .toMatch(/\n45 123\r\n/);
  plugin.type('exit\r');
  await expect.poll(() => plugin.closedWith, patience).toBe('');
});

test('a session goes on over a new connection, with a new token', async () => {
  const { session: { sessionId, streamUrl, tokenValue } = {} } = await execute();
  const first = await sitDown(streamUrl, tokenValue);
  first.plugin.type('echo one\r');
  await expect.poll(() => first.plugin.shown, patience).toMatch(/\none\r\n/);
  first.socket.terminate();

  const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
  const ssm = new SSM({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const { TokenValue } = await ssm.resumeSession({ SessionId: sessionId });
  expect(TokenValue).not.toBe(tokenValue);
  const stranger = await sitDown(streamUrl, tokenValue);
  await expect.poll(() => stranger.socket.readyState, patience).toBe(WebSocket.CLOSED);
  const second = await sitDown(streamUrl, TokenValue, first.plugin);
  first.socket = second.socket;
  first.plugin.type('echo two\r');
  await expect.poll(() => first.plugin.shown, patience).toMatch(/\none\r\n.*\ntwo\r\n/s);
  await ssm.terminateSession({ SessionId: sessionId });
  await expect.poll(() => first.plugin.closedWith, patience).toBe('');
  await expect(ssm.resumeSession({ SessionId: sessionId })).rejects.toMatchObject({
    name: 'DoesNotExistException',
  });
  ssm.destroy();
});

test('a third session in a container is one too many, and those of a stopped task end', async () => {
  const own = await run({ enableExecuteCommand: true });
  const at = { task: own.taskArn };
  const { session } = await execute(at);
  const { plugin } = await sitDown(session?.streamUrl, session?.tokenValue);
  plugin.type('echo here\r');
  await expect.poll(() => plugin.shown, patience).toMatch(/\nhere\r\n/);
  await execute(at);
  expect(await refusalOf(execute(at))).toBe(
    'ClientException: Unable to start new execute sessions because the maximum session limit of 2 has been reached.',
  );
  await execute({ ...at, container: 'side' });
  await ecs.stopTask({ task: own.taskArn });
  await expect.poll(() => plugin.closedWith, patience).toBe('');
});

test('what cannot be executed is refused', async () => {
  const unready =
    'The execute command failed because execute command was not enabled when the task was run or the execute command ' +
    'agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.';
  const refusals: [Parameters<typeof execute>[0], string][] = [
    [{ interactive: false }, 'Interactive is the only mode supported currently.'],
    [{ command: '' }, 'Command can not be blank.'],
    [
      { container: undefined },
      'Container name must be specified for tasks with multiple containers.',
    ],
    [{ container: 'other' }, 'The container name other was not found in the task.'],
    [{ task: 'a'.repeat(32) }, 'The referenced task was not found.'],
    [{ task: (await run({})).taskArn }, unready],
  ];
  for (const [given, message] of refusals) {
    expect(await refusalOf(execute(given))).toBe(`InvalidParameterException: ${message}`);
  }
});
