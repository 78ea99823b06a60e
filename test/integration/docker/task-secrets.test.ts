import { createHash } from 'node:crypto';
import type { ContainerDefinition, ECS, Task } from '@aws-sdk/client-ecs';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { AwsEndpoints } from '../../../src/aws/aws-endpoints.ts';
import { S3Double } from '../../fixtures/s3-double.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { pauseArchitecture } from '../../../src/compute/docker/pause-image.ts';
import { SplunkDouble } from './splunk-double.ts';
import { TestRegistry } from './test-registry.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const s3 = new S3Double();
const account = newAccount();
const patience = { timeout: 30_000, interval: 20 };
const value = 'correct horse\nbattery = "staple" ';
const token = 'correct horse token';
const executionRoleArn = `arn:aws:iam::${account}:role/execution`;
const logged: unknown[] = [];
let server: RunningServer;
let url: string;
let ecs: ECS;
let secretArn: string;
let registrySecret: string;

beforeAll(async () => {
  const awsEndpoints = new AwsEndpoints(new Map([['s3', await s3.open()]]));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SERVER').stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const note = (...line: unknown[]) => void logged.push(line);
  server = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute: world.compute(),
    clock: systemClock,
    log: { info: note, warn: note, error: note },
    credentials: undefined,
    awsEndpoints,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${server.address.port}`;
  ecs = clientOf(url, account);
  const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
  const setting = { endpoint: url, region: 'us-east-1', credentials };
  await new SSM(setting).putParameter({ Name: '/app/key', Type: 'SecureString', Value: value });
  await new SSM(setting).putParameter({ Name: '/app/token', Type: 'SecureString', Value: token });
  const SecretString = JSON.stringify({ password: value });
  const created = await new SecretsManager(setting).createSecret({ Name: 'db', SecretString });
  secretArn = created.ARN ?? '';
  const login = await new SecretsManager(setting).createSecret({
    Name: 'registry',
    SecretString: JSON.stringify({ username: 'app', password: value }),
  });
  registrySecret = login.ARN ?? '';
  await ecs.createCluster();
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  s3.close();
  vi.unstubAllEnvs();
  await world.close();
});

/** Runs a task with this container to its end. */
async function run(container: Partial<ContainerDefinition>): Promise<Task> {
  const containerDefinitions = [{ name: 'app', image: testImage, ...container }];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, executionRoleArn }));
  const { tasks: [begun = {}] = [] } = await ecs.runTask(aRun());
  const described = async () => {
    const { tasks: [found = {}] = [] } = await ecs.describeTasks({ tasks: [begun.taskArn ?? ''] });
    return found;
  };
  await vi.waitUntil(async () => (await described()).lastStatus === 'STOPPED', patience);
  return described();
}

async function linesOf({ taskArn }: Task): Promise<string> {
  const query = new URLSearchParams({ task: taskArn ?? '', container: 'app' });
  return (await fetch(`${url}/longshore/logs?${query.toString()}`)).text();
}

async function eventsAndMetrics(): Promise<readonly string[]> {
  const answers = ['/longshore/events', '/metrics'].map((path) => fetch(`${url}${path}`));
  return Promise.all((await Promise.all(answers)).map((answer) => answer.text()));
}

test('a container has its secrets, and nothing else shows them', async () => {
  const task = await run({
    command: ['sh', '-c', 'for v in "$KEY" "$PASSWORD"; do printf %s "$v" | sha256sum; done'],
    secrets: [
      { name: 'KEY', valueFrom: '/app/key' },
      { name: 'PASSWORD', valueFrom: `${secretArn}:password::` },
    ],
  });
  expect(task.stopCode).toBe('EssentialContainerExited');
  const lines = await linesOf(task);
  const hash = createHash('sha256').update(value).digest('hex');
  expect(lines.split(hash)).toHaveLength(3);
  const shown = JSON.stringify([task, lines, await eventsAndMetrics(), logged]);
  expect(shown.split(task.taskArn ?? '').length).toBeGreaterThan(2);
  expect(shown).not.toContain('correct horse');
});

test('variables of a definition come before those of its files, and secrets before all', async () => {
  s3.objects.set('config/app.env', 'A=file\nB=file\nKEY=file\nAWS_REGION=eu-west-1');
  const task = await run({
    command: ['sh', '-c', 'echo $A $B $AWS_REGION; [ "$KEY" != file ] && echo secret'],
    environment: [{ name: 'A', value: 'own' }],
    environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::config/app.env' }],
    secrets: [{ name: 'KEY', valueFrom: '/app/key' }],
  });
  expect(await linesOf(task)).toBe('own file eu-west-1\nsecret\n');
  expect(s3.askers).toEqual(['SERVER']);
});

test('a secret option reaches the log driver of Docker, and nothing else shows it', async () => {
  const splunk = new SplunkDouble();
  const logConfiguration = {
    logDriver: 'splunk' as const,
    options: { 'splunk-url': await splunk.open(), tag: 'app' },
    secretOptions: [{ name: 'splunk-token', valueFrom: '/app/token' }],
  };
  const task = await run({ command: ['echo', 'hello'], logConfiguration });
  await vi.waitUntil(() => splunk.received.length > 0, patience);
  splunk.close();
  expect(splunk.received).toEqual([
    { token, event: { line: 'hello', source: 'stdout', tag: 'app' } },
  ]);
  const taskDefinition = task.taskDefinitionArn ?? '';
  const described = await ecs.describeTaskDefinition({ taskDefinition });
  expect(described.taskDefinition?.containerDefinitions).toMatchObject([{ logConfiguration }]);
  const shown = [task, described, await linesOf(task), await eventsAndMetrics(), logged];
  expect(JSON.stringify(shown)).not.toContain(token);
});

test("the words of the Engine are told without a secret option's value", async () => {
  const task = await run({
    logConfiguration: {
      logDriver: 'splunk',
      options: { 'splunk-url': 'http://127.0.0.1:1', 'splunk-token': 'known' },
      secretOptions: [{ name: 'splunk-gzip', valueFrom: '/app/token' }],
    },
  });
  expect(task.stoppedReason).toMatch(
    /^CannotStartContainerError: .*parsing "\*\*\*": invalid syntax/,
  );
  const shown = [task, await eventsAndMetrics(), logged];
  expect(JSON.stringify(shown)).not.toContain(token);
});

test('an image of a private registry is pulled with the credentials of a secret', async () => {
  const { Architecture } = await world.engine.info();
  const registry = new TestRegistry(pauseArchitecture(Architecture));
  registry.account = { username: 'app', password: value };
  await registry.open();
  const image = registry.image('v1');
  const containerDefinitions = [
    { name: 'app', image, repositoryCredentials: { credentialsParameter: registrySecret } },
  ];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, executionRoleArn }));
  const { tasks: [{ taskArn: task = '' } = {}] = [] } = await ecs.runTask(aRun());
  const { tasks: [pulled = {}] = [] } = await vi.waitUntil(async () => {
    const described = await ecs.describeTasks({ tasks: [task] });
    const { lastStatus = '' } = described.tasks?.[0] ?? {};
    return ['RUNNING', 'STOPPED'].includes(lastStatus) && described;
  }, patience);
  expect(pulled).toMatchObject({
    lastStatus: 'RUNNING',
    containers: [{ imageDigest: registry.digest }],
  });
  await ecs.stopTask({ task });
  await vi.waitUntil(async () => {
    const { tasks } = await ecs.describeTasks({ tasks: [task] });
    return tasks?.[0]?.lastStatus === 'STOPPED';
  }, patience);
  registry.close();
  await world.engine.removeImage(image);
});

test('a secret that is not there stops the task before its pull', async () => {
  const task = await run({ secrets: [{ name: 'KEY', valueFrom: '/app/none' }] });
  expect(task).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason:
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      'unable to retrieve secrets from ssm: service call has been retried 1 time(s): ' +
      'fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /app/none',
  });
  expect(task.connectivityAt).toBeInstanceOf(Date);
  expect(task.pullStartedAt).toBeUndefined();
});
