import type { ECS, ExecuteCommandRequest, ExecuteCommandResponse, Task } from '@aws-sdk/client-ecs';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { startServer, type RunningServer, type ServerParts } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { SessionPlugin, type SessionPluginParts } from '../../fixtures/session-plugin.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';

export const patience = { timeout: 30_000, interval: 20 };

/** Whoever sits before a terminal: the plugin, and the connection that it has. */
export interface Sitting {
  socket: WebSocket;
  readonly plugin: SessionPlugin;
}

export interface ExecStage {
  readonly account: string;
  readonly ecs: ECS;
  readonly url: string;
  /** Runs a task of the containers `app` and `side`, and waits until it is RUNNING. */
  run(given: Parameters<typeof aRun>[0]): Promise<Task>;
  close(): Promise<void>;
}

/** A server on the Docker Engine of this machine, in whose tasks commands are executed. */
export async function openExecStage(
  given: Partial<Pick<ServerParts, 'awsEndpoints' | 'credentials'>> = {},
): Promise<ExecStage> {
  const world = new DockerWorld();
  const account = newAccount();
  const server: RunningServer = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute: world.compute(),
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
    ...given,
  });
  const url = `http://127.0.0.1:${server.address.port}`;
  const ecs = clientOf(url, account);
  await ecs.createCluster();
  const stays = { image: testImage, command: ['sleep', '600'], stopTimeout: 2 };
  const containerDefinitions = [
    { ...stays, name: 'app', user: '1000' },
    { ...stays, name: 'side' },
  ];
  const taskRoleArn = `arn:aws:iam::${account}:role/app`;
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, taskRoleArn }));
  return {
    account,
    ecs,
    url,
    run: (wanted) => runningTask(ecs, wanted),
    close: async () => {
      ecs.destroy();
      await server.close();
      await world.close();
    },
  };
}

async function runningTask(ecs: ECS, given: Parameters<typeof aRun>[0]): Promise<Task> {
  const { tasks: [begun = {}] = [] } = await ecs.runTask(aRun(given));
  const described = async () => {
    const { tasks: [found = {}] = [] } = await ecs.describeTasks({
      cluster: given?.cluster,
      tasks: [begun.taskArn ?? ''],
    });
    return found;
  };
  await vi.waitUntil(async () => (await described()).lastStatus === 'RUNNING', patience);
  return described();
}

/** Asks for a shell in the task's container `app`, unless told otherwise. */
export function execute(
  ecs: ECS,
  { taskArn }: Task,
  given: Partial<ExecuteCommandRequest> = {},
): Promise<ExecuteCommandResponse> {
  const usual = { task: taskArn, container: 'app', command: '/bin/sh', interactive: true };
  return ecs.executeCommand({ ...usual, ...given });
}

/** Takes its place before the terminal of a session; a plugin that was there before goes on. */
export async function sitDown(
  { streamUrl = '', tokenValue }: NonNullable<ExecuteCommandResponse['session']>,
  sitter: SessionPlugin | Omit<SessionPluginParts, 'send'> = {},
): Promise<Sitting> {
  const socket = new WebSocket(streamUrl);
  const send = (frame: Buffer): void => current.socket.send(frame);
  const plugin = sitter instanceof SessionPlugin ? sitter : new SessionPlugin({ ...sitter, send });
  const current: Sitting = { socket, plugin };
  socket.on('message', (data) => plugin.receive(Buffer.isBuffer(data) ? data : Buffer.alloc(0)));
  const repeating = setInterval(() => plugin.repeatOldest(), 100);
  socket.on('close', () => clearInterval(repeating));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  socket.send(JSON.stringify({ MessageSchemaVersion: '1.0', TokenValue: tokenValue }));
  return current;
}
