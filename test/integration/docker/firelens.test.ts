import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type {
  ContainerDefinition,
  ECS,
  RegisterTaskDefinitionRequest,
  Task,
  Volume,
} from '@aws-sdk/client-ecs';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AwsEndpoints } from '../../../src/aws/aws-endpoints.ts';
import { installationLabel } from '../../../src/compute/docker/names.ts';
import { clusterArn, lastPathElement } from '../../../src/domain/arn.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import type { RoutedLine } from '../../fixtures/log-router/log-router.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { S3Double } from '../../fixtures/s3-double.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, shell, testImage } from './docker-world.ts';

const world = new DockerWorld();
const s3 = new S3Double();
const accountId = newAccount();
const patience = { timeout: 30_000, interval: 20 };
const executionRoleArn = `arn:aws:iam::${accountId}:role/execution`;
const apiKey = 'correct horse';
let server: RunningServer;
let url: string;
let ecs: ECS;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SERVER').stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  server = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute: world.compute(),
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    awsEndpoints: new AwsEndpoints(new Map([['s3', await s3.open()]])),
    listen: { host: '127.0.0.1', port: 0 },
    containerInstanceOf: clusterArn(
      { partition: 'aws', region: 'us-east-1', accountId },
      'default',
    ),
    onFailure: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${server.address.port}`;
  ecs = clientOf(url, accountId);
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  const ssm = new SSM({ endpoint: url, region: 'us-east-1', credentials });
  await ssm.putParameter({ Name: '/api/key', Type: 'SecureString', Value: apiKey });
  await ecs.createCluster();
  await vi.waitUntil(async () => {
    const { containerInstanceArns } = await ecs.listContainerInstances({});
    return containerInstanceArns?.length === 1;
  }, patience);
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  s3.close();
  vi.unstubAllEnvs();
  await world.close();
});

/** What Node needs in a container of the test image, from this machine. */
const nodeFolders = ['/usr', '/lib', '/lib64', process.cwd(), dirname(process.execPath)].filter(
  (folder) => existsSync(folder),
);
const nodeVolumes: Volume[] = nodeFolders.map((sourcePath, index) => ({
  name: `node-${index}`,
  host: { sourcePath },
}));

/** Does what Fluent Bit would do with its configuration, and writes the lines that come out of it. */
function aRouter(
  options: Record<string, string> = {},
  given: Partial<ContainerDefinition> = {},
): ContainerDefinition {
  const program = `${process.cwd()}/test/fixtures/log-router/log-router.ts`;
  return {
    name: 'router',
    image: testImage,
    memory: 256,
    command: [process.execPath, program],
    firelensConfiguration: { type: 'fluentbit', options },
    mountPoints: nodeFolders.map((containerPath, index) => ({
      sourceVolume: `node-${index}`,
      containerPath,
      readOnly: true,
    })),
    ...given,
  };
}

function anApp(
  script: string,
  options: Record<string, string>,
  given: Partial<ContainerDefinition> = {},
): ContainerDefinition {
  const logConfiguration = { logDriver: 'awsfirelens' as const, options };
  return { name: 'app', memory: 64, stopTimeout: 2, ...shell(script), logConfiguration, ...given };
}

async function run(
  containerDefinitions: ContainerDefinition[],
  given: Partial<RegisterTaskDefinitionRequest> = {},
): Promise<string> {
  const common = { family: 'routed', executionRoleArn, volumes: nodeVolumes };
  await ecs.registerTaskDefinition({ ...common, containerDefinitions, ...given });
  const { tasks, failures } = await ecs.runTask({
    taskDefinition: 'routed',
    launchType: 'EC2',
    ...(given.networkMode === 'awsvpc' && {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    }),
  });
  expect(failures).toEqual([]);
  return tasks?.[0]?.taskArn ?? '';
}

async function described(task: string): Promise<Task> {
  return (await ecs.describeTasks({ tasks: [task] })).tasks?.[0] ?? {};
}

async function stopped(task: string): Promise<Task> {
  await vi.waitUntil(async () => (await described(task)).lastStatus === 'STOPPED', patience);
  return described(task);
}

async function outputOf(task: string, container: string): Promise<string> {
  const query = new URLSearchParams({ task, container });
  return (await fetch(`${url}/longshore/logs?${query.toString()}`)).text();
}

/** The lines that came out of a task's router, when there are so many. */
async function routed(task: string, count: number): Promise<readonly RoutedLine[]> {
  const lines = async () => (await outputOf(task, 'router')).split('\n').slice(0, -1);
  await vi.waitUntil(async () => {
    const { lastStatus, containers } = await described(task);
    if ((await lines()).length >= count) return true;
    if (lastStatus === 'STOPPED') throw new Error(containers?.[0]?.reason ?? 'Lines are missing.');
    return false;
  }, patience);
  return (await lines()).map((line) => JSON.parse(line));
}

test("lines of a task's containers come to its log router, with their tags and the task's metadata", async () => {
  const datadog = {
    Name: 'datadog',
    'exclude-pattern': 'quiet',
    'log-driver-buffer-limit': '1024',
  };
  const secretOptions = [{ name: 'apikey', valueFrom: '/api/key' }];
  const app = anApp(
    'echo out; echo quiet; echo "$FLUENT_HOST:$FLUENT_PORT" >&2; sleep 60',
    datadog,
  );
  const { logConfiguration = { logDriver: 'awsfirelens' } } = app;
  const other = anApp('echo other; sleep 60', { Name: 'null' }, { name: 'other' });
  const containers = [
    { ...app, logConfiguration: { ...logConfiguration, secretOptions } },
    other,
    aRouter(),
  ];
  const task = await run(containers, { networkMode: 'awsvpc' });
  const lines = await routed(task, 2);
  const taskId = lastPathElement(task);
  const metadata = {
    ecs_cluster: 'default',
    ecs_task_arn: task,
    ecs_task_definition: expect.stringMatching(/^routed:\d+$/),
  };
  const line = {
    output: 'datadog',
    options: { apikey: apiKey },
    tag: `app-firelens-${taskId}`,
    time: { seconds: expect.any(Number), nanoseconds: expect.any(Number) },
  };
  const inAnyOrder = lines.toSorted((a) => (a.record['source'] === 'stdout' ? -1 : 1));
  expect(inAnyOrder).toMatchObject([
    { ...line, record: { log: 'out', source: 'stdout', ...metadata } },
    { ...line, record: { log: '127.0.0.1:24224', source: 'stderr', ...metadata } },
  ]);
  await ecs.stopTask({ task });
  const { containers: ended = [], ...others } = await stopped(task);
  expect(JSON.stringify([ended, others])).not.toContain(apiKey);
  expect(ended.find(({ name }) => name === 'router')?.exitCode).toBe(0);
  const label = installationLabel(world.installationId);
  expect(await world.engine.listVolumes(label)).toEqual([]);
});

test('an application can send lines by itself to the address that it is told', async () => {
  const message = String.raw`\223\254app-firelens\001\201\243log\245by me`;
  // The router has been started before; when it listens, ECS leaves to the application to find out.
  const send = `printf '${message}' | nc $FLUENT_HOST $FLUENT_PORT 2>/dev/null`;
  const script = `until ${send}; do sleep 0.1; done; sleep 60`;
  const task = await run([
    anApp(script, { Name: 'own' }),
    aRouter({ 'enable-ecs-log-metadata': 'false' }),
  ]);
  expect(await routed(task, 1)).toEqual([
    { output: 'own', options: {}, tag: 'app-firelens', time: 1, record: { log: 'by me' } },
  ]);
  await ecs.stopTask({ task });
  await stopped(task);
});

test('a log router is configured by a file in S3 as well, which is read as the execution role', async () => {
  s3.objects.set('config/own.conf', '[OUTPUT]\n    Name own\n    Match *\n');
  const options = { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::config/own.conf' };
  const task = await run([anApp('echo hello; sleep 60', {}), aRouter(options)], {
    networkMode: 'host',
  });
  expect(await routed(task, 1)).toMatchObject([{ output: 'own', record: { log: 'hello' } }]);
  await ecs.stopTask({ task });
  await stopped(task);
});

test('a log router may have a user of its own, and reads what it is given', async () => {
  const script =
    'stat -c %u:%g /var/run; touch /var/run/fluent.sock; echo $FLUENT_UID; ' +
    'cat /fluentd/etc/fluent.conf; touch /fluentd/etc/fluent.conf 2>&1';
  const given = { ...shell(script), user: '1000:2000', mountPoints: [] };
  const firelensConfiguration = {
    type: 'fluentd' as const,
    options: { 'enable-ecs-log-metadata': 'false' },
  };
  const task = await run([aRouter({}, { ...given, firelensConfiguration })], {
    networkMode: 'none',
  });
  const { containers } = await stopped(task);
  expect(containers).toMatchObject([{ exitCode: 1 }]);
  expect((await outputOf(task, 'router')).split('\n')).toEqual([
    '1000:2000',
    '0',
    '<source>',
    '    @type unix',
    '    path /var/run/fluent.sock',
    '</source>',
    'touch: /fluentd/etc/fluent.conf: Read-only file system',
    '',
  ]);
});

test('on Fargate, a log router finds its configuration, and its secrets in its environment', async () => {
  const script = 'cat /fluent-bit/etc/fluent-bit.conf; echo $apikey_0; ls -A /var/run';
  const logConfiguration = {
    logDriver: 'awsfirelens' as const,
    options: { Name: 'datadog' },
    secretOptions: [{ name: 'apikey', valueFrom: '/api/key' }],
  };
  const containerDefinitions = [
    { name: 'app', ...shell('sleep 60'), stopTimeout: 2, logConfiguration },
    { name: 'router', ...shell(script), firelensConfiguration: { type: 'fluentbit' as const } },
  ];
  const task = await onFargate(containerDefinitions);
  await stopped(task);
  const configuration = `[INPUT]
    Name forward
    Mem_Buf_Limit 25MB
    unix_path /var/run/fluent.sock

[INPUT]
    Name forward
    Listen 127.0.0.1
    Port 24224

[INPUT]
    Name tcp
    Tag firelens-healthcheck
    Listen 127.0.0.1
    Port 8877

[FILTER]
    Name record_modifier
    Match *
    Record ecs_cluster default
    Record ecs_task_arn ${task}
    Record ecs_task_definition web:1

[OUTPUT]
    Name null
    Match firelens-healthcheck

[OUTPUT]
    Name datadog
    Match app-firelens*
    apikey \${apikey_0}
`;
  expect(await outputOf(task, 'router')).toBe(`${configuration}${apiKey}\n`);
});

test('on Fargate, the reason of a task says what a log router lacks', async () => {
  const app = anApp('echo', { region: 'us-east-1' });
  const router = {
    name: 'router',
    image: testImage,
    firelensConfiguration: { type: 'fluentd' as const },
  };
  const { stoppedReason } = await stopped(await onFargate([app, router]));
  expect(stoppedReason).toMatch(
    /^ResourceInitializationError: unable to generate firelens config file: .* missing output key @type /,
  );
});

async function onFargate(containerDefinitions: ContainerDefinition[]): Promise<string> {
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, executionRoleArn }));
  const { tasks } = await ecs.runTask(aRun());
  return tasks?.[0]?.taskArn ?? '';
}

test.each([
  {
    what: 'without an output for a container',
    containers: [anApp('echo', { region: 'us-east-1' }), aRouter()],
    reason:
      'ResourceInitializationError: unable to generate firelens config file: ' +
      'unable to generate firelens config: unable to apply log options of container app to firelens config: ' +
      'missing output key Name which is required for firelens configuration of type fluentbit',
  },
  {
    what: 'whose file in S3 is not there',
    containers: [
      anApp('echo', {}),
      aRouter({ 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::config/none.conf' }),
    ],
    reason:
      'ResourceInitializationError: unable to download firelens s3 config file: ' +
      'unable to download s3 config none.conf from bucket config: NoSuchKey: The specified key does not exist.',
  },
])(
  'a task with a log router $what does not start, and says why',
  async ({ containers, reason }) => {
    const task = await stopped(await run(containers));
    expect(task).toMatchObject({
      stopCode: 'TaskFailedToStart',
      containers: [{ reason }, { reason }],
    });
  },
);
