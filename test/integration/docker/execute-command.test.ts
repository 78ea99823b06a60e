import { SSM } from '@aws-sdk/client-ssm';
import type { Task } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readEvents } from '../../contract/event-reader.ts';
import { refusalOf } from '../../contract/refusal-of.ts';
import { execute, openExecStage, patience, sitDown, type ExecStage } from './exec-stage.ts';

let stage: ExecStage;
let task: Task;

beforeAll(async () => {
  stage = await openExecStage();
  task = await stage.run({ enableExecuteCommand: true });
});
afterAll(() => stage.close());

test('a shell runs as root where the container runs, and ends when it is left', async () => {
  expect(task.containers?.[0]?.managedAgents).toMatchObject([
    { name: 'ExecuteCommandAgent', lastStatus: 'RUNNING' },
  ]);
  const { session, containerName, taskArn, interactive } = await execute(stage.ecs, task);
  expect({ containerName, taskArn, interactive }).toEqual({
    containerName: 'app',
    taskArn: task.taskArn,
    interactive: true,
  });
  const { plugin } = await sitDown(session ?? {});
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
  const { session = {} } = await execute(stage.ecs, task);
  const { sessionId, streamUrl, tokenValue } = session;
  const first = await sitDown(session);
  first.plugin.type('echo one\r');
  await expect.poll(() => first.plugin.shown, patience).toMatch(/\none\r\n/);
  first.socket.terminate();

  const credentials = { accessKeyId: stage.account, secretAccessKey: 'secret' };
  const ssm = new SSM({ endpoint: stage.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const { TokenValue } = await ssm.resumeSession({ SessionId: sessionId });
  expect(TokenValue).not.toBe(tokenValue);
  const stranger = await sitDown({ streamUrl, tokenValue });
  await expect.poll(() => stranger.socket.readyState, patience).toBe(WebSocket.CLOSED);
  const second = await sitDown({ streamUrl, tokenValue: TokenValue }, first.plugin);
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

test('a session is the own account’s alone, and it is told who began it and how long it was', async () => {
  const own = await stage.run({ enableExecuteCommand: true });
  const { session = {} } = await execute(stage.ecs, own, { command: 'echo hidden' });
  const { sessionId } = session;
  const credentials = { accessKeyId: '999999999999', secretAccessKey: 'secret' };
  const eve = new SSM({ endpoint: stage.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const unknown = { name: 'DoesNotExistException' };
  await expect(eve.resumeSession({ SessionId: sessionId })).rejects.toMatchObject(unknown);
  await expect(eve.terminateSession({ SessionId: sessionId })).rejects.toMatchObject(unknown);
  eve.destroy();

  const { plugin } = await sitDown(session);
  await expect.poll(() => plugin.closedWith, patience).toBe('');
  const told = async () => {
    const query = { task: own.taskArn ?? '' };
    const lines = await readEvents(stage.url, query, '/longshore/exec-sessions');
    return lines.map(({ event }) => event);
  };
  const usual = { at: expect.any(String), sessionId, container: 'app' };
  const callerArn = `arn:aws:iam::${stage.account}:root`;
  await expect.poll(told, patience).toEqual([
    { ...usual, kind: 'began', callerArn, command: 'echo hidden' },
    { ...usual, kind: 'ended', callerArn, seconds: expect.any(Number) },
  ]);
});

test('a third session in a container is one too many, and those of a stopped task end', async () => {
  const own = await stage.run({ enableExecuteCommand: true });
  const { session } = await execute(stage.ecs, own);
  const { plugin } = await sitDown(session ?? {});
  plugin.type('echo here\r');
  await expect.poll(() => plugin.shown, patience).toMatch(/\nhere\r\n/);
  await execute(stage.ecs, own);
  expect(await refusalOf(execute(stage.ecs, own))).toBe(
    'ClientException: Unable to start new execute sessions because the maximum session limit of 2 has been reached.',
  );
  await execute(stage.ecs, own, { container: 'side' });
  await stage.ecs.stopTask({ task: own.taskArn });
  await expect.poll(() => plugin.closedWith, patience).toBe('');
});

test('what cannot be executed is refused', async () => {
  const unready =
    'The execute command failed because execute command was not enabled when the task was run or the execute command ' +
    'agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.';
  const refusals: [Parameters<typeof execute>[2], string][] = [
    [{ interactive: false }, 'Interactive is the only mode supported currently.'],
    [{ command: '' }, 'Command can not be blank.'],
    [
      { container: undefined },
      'Container name must be specified for tasks with multiple containers.',
    ],
    [{ container: 'other' }, 'The container name other was not found in the task.'],
    [{ task: 'a'.repeat(32) }, 'The referenced task was not found.'],
    [{ task: (await stage.run({})).taskArn }, unready],
  ];
  for (const [given, message] of refusals) {
    expect(await refusalOf(execute(stage.ecs, task, given))).toBe(
      `InvalidParameterException: ${message}`,
    );
  }
});

test('sessions that are to be encrypted need a KMS that the server can ask', async () => {
  const configuration = { executeCommandConfiguration: { kmsKeyId: 'alias/sessions' } };
  await stage.ecs.createCluster({ clusterName: 'encrypted', configuration });
  const own = await stage.run({ cluster: 'encrypted', enableExecuteCommand: true });
  const refusal = await refusalOf(execute(stage.ecs, own, { cluster: 'encrypted' }));
  expect(refusal).toMatch(/^ClientException: .*--aws-endpoint kms=URL/);
});
