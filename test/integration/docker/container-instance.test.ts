import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ContainerDefinition, ECS, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, expect, test } from 'vitest';
import { localEngine } from '../../../src/config.ts';
import { clusterArn } from '../../../src/domain/arn.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder } from '../../fixtures/an-order.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { canLoop } from './can-loop.ts';
import { DockerWorld, shell, testImage } from './docker-world.ts';
import { EngineDoor } from './engine-door.ts';

const world = new DockerWorld();
const accountId = newAccount();
let disk = new MemoryDisk();
let server: RunningServer | undefined;
let ecs: ECS;

afterEach(async () => {
  await close();
  disk = new MemoryDisk();
  await world.cleanUp();
});
afterAll(() => world.close());

/** Starts a server whose machine is an instance of the default cluster, and waits for that. */
async function start(engine = localEngine): Promise<void> {
  server = await startServer({
    store: await disk.open(),
    logs: memoryLogs(),
    compute: world.compute({ engines: [engine] }),
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    containerInstanceOf: clusterArn(
      { partition: 'aws', region: 'us-east-1', accountId },
      'default',
    ),
    onFailure: (error) => {
      throw error;
    },
  });
  ecs = clientOf(`http://127.0.0.1:${server.address.port}`, accountId);
  await expect.poll(agentConnected).toBe(true);
}

async function close(): Promise<void> {
  if (server) ecs.destroy();
  await server?.close();
  server = undefined;
}

async function instance() {
  const { containerInstanceArns: containerInstances } = await ecs.listContainerInstances({});
  if (!containerInstances?.length) return undefined;
  return (await ecs.describeContainerInstances({ containerInstances })).containerInstances?.[0];
}

async function agentConnected() {
  return (await instance())?.agentConnected;
}

type Given = Partial<RegisterTaskDefinitionRequest>;

const roleArn = 'arn:aws:iam::012345678910:role/ecsInfrastructureRole';
const managedEBSVolume = { roleArn, sizeInGiB: 1, filesystemType: 'ext4' as const };
const volumeConfigurations = [{ name: 'data', managedEBSVolume }];

/** Runs a task of the containers on EC2. */
async function run(containers: readonly ContainerDefinition[], given: Given = {}): Promise<string> {
  const containerDefinitions = containers.map((container) => ({ memory: 64, ...container }));
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions, ...given });
  const { tasks, failures } = await ecs.runTask({
    taskDefinition: 'web',
    launchType: 'EC2',
    ...(given.networkMode === 'awsvpc' && {
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    }),
    ...(given.volumes?.some((volume) => volume.configuredAtLaunch) && { volumeConfigurations }),
  });
  expect(failures).toEqual([]);
  return tasks?.[0]?.taskArn ?? '';
}

async function describeTask(task: string) {
  return (await ecs.describeTasks({ tasks: [task] })).tasks?.[0];
}

async function comesTo(task: string, lastStatus: string) {
  await expect.poll(async () => (await describeTask(task))?.lastStatus).toBe(lastStatus);
  return describeTask(task);
}

async function firstContainer(task: string) {
  return (await describeTask(task))?.containers?.[0] ?? {};
}

/** Serves the word `hi` on a port, in the background. */
function serve(port: number): string {
  return `mkdir /w; echo hi > /w/index.html; httpd -p ${port} -h /w`;
}

function serving(port: number): ContainerDefinition {
  return { name: 'web', ...shell(`${serve(port)}; sleep 600`), stopTimeout: 2 };
}

/** What a server on the host's loopback, or at another address, says; it may have only just started. */
async function fetched(port: number | undefined, host = '127.0.0.1'): Promise<string> {
  let said = '';
  await expect
    .poll(async () => {
      const response = await fetch(`http://${host}:${port}/`).catch(() => undefined);
      said = (await response?.text()) ?? '';
      return response?.status;
    })
    .toBe(200);
  return said.trim();
}

/** A port of the host that nobody has, from below those that the kernel and Docker give to whoever asks for any. */
async function freePort(): Promise<number> {
  for (;;) {
    const occupant = await occupied(randomInt(20_000, 32_000)).catch(() => undefined);
    await occupant?.free();
    if (occupant) return occupant.port;
  }
}

async function occupied(wanted = 0) {
  const occupant = createServer();
  occupant.listen(wanted, '0.0.0.0');
  await once(occupant, 'listening');
  const { port } = occupant.address() as AddressInfo;
  return { port, free: () => new Promise((resolve) => occupant.close(resolve)) };
}

test('on the bridge a port of the host is chosen, told, and leads to the container', async () => {
  await start();
  const task = await run([{ ...serving(8080), portMappings: [{ containerPort: 8080 }] }]);
  await comesTo(task, 'RUNNING');
  const { networkBindings: bindings = [], runtimeId = '' } = await firstContainer(task);
  expect(bindings).toEqual([
    { bindIP: '0.0.0.0', containerPort: 8080, hostPort: expect.any(Number), protocol: 'tcp' },
  ]);
  expect(await fetched(bindings[0]?.hostPort)).toBe('hi');
  const { remainingResources = [] } = (await instance()) ?? {};
  const taken = remainingResources.find(({ name }) => name === 'PORTS');
  expect(taken?.stringSetValue).toContain(String(bindings[0]?.hostPort));

  const { Id, Name, Config } = await world.engine.inspectContainer(runtimeId);
  expect(Id).toBe(runtimeId);
  expect(Name).toMatch(/^\/ecs-web-1-web-[0-9a-f]{20}$/);
  expect(Config.Labels).toMatchObject({ 'com.amazonaws.ecs.task-arn': task });
});

test('a range of ports is bound to ports of the host side by side', async () => {
  await start();
  const portMappings = [{ containerPortRange: '8078-8080', protocol: 'tcp' as const }];
  const task = await run([{ ...serving(8080), portMappings }]);
  await comesTo(task, 'RUNNING');
  const { networkBindings: bindings = [] } = await firstContainer(task);
  expect(bindings).toMatchObject([{ containerPortRange: '8078-8080', protocol: 'tcp' }]);
  const [first, last] = (bindings[0]?.hostPortRange ?? '').split('-').map(Number);
  expect(last).toBe((first ?? 0) + 2);
  expect(await fetched(last)).toBe('hi');
});

test('a port of the host that is named is bound as long as the task runs', async () => {
  await start();
  const hostPort = await freePort();
  const portMappings = [{ containerPort: 8080, hostPort }];
  const task = await run([{ ...serving(8080), portMappings }]);
  expect(await comesTo(task, 'RUNNING')).toMatchObject({
    containers: [{ networkBindings: [{ containerPort: 8080, hostPort }] }],
  });
  expect(await fetched(hostPort)).toBe('hi');
  const { failures } = await ecs.runTask({ taskDefinition: 'web' });
  expect(failures).toMatchObject([{ reason: 'RESOURCE:PORTS' }]);
  await ecs.stopTask({ task });
  await comesTo(task, 'STOPPED');
  const next = await ecs.runTask({ taskDefinition: 'web' });
  await comesTo(next.tasks?.[0]?.taskArn ?? '', 'RUNNING');
});

test('a port of the host that another process has fails the task in the words of Docker', async () => {
  await start();
  const { port: hostPort, free } = await occupied();
  const portMappings = [{ containerPort: 8080, hostPort }];
  const task = await run([{ ...serving(8080), portMappings }]);
  const stopped = await comesTo(task, 'STOPPED');
  expect(stopped).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'Task failed to start',
  });
  expect(stopped?.containers?.[0]?.reason).toMatch(
    /^CannotStartContainerError: Error response from daemon: .*address already in use/,
  );
  await free();
});

test('an image that cannot be had is told of the container that needs it', async () => {
  await start();
  const task = await run([
    { name: 'web', image: 'registry.invalid/missing:1' },
    { name: 'other', image: testImage },
  ]);
  const { stoppedReason, containers } = (await comesTo(task, 'STOPPED')) ?? {};
  expect(stoppedReason).toBe('Task failed to start');
  expect(containers?.map(({ reason }) => reason?.split(':', 1)[0])).toEqual([
    'CannotPullContainerError',
    undefined,
  ]);
});

test("on the host's network the ports of a container are the host's", async () => {
  await start();
  const port = await freePort();
  const task = await run([{ ...serving(port), portMappings: [{ containerPort: port }] }], {
    networkMode: 'host',
  });
  expect((await comesTo(task, 'RUNNING'))?.containers?.[0]?.networkBindings).toEqual([
    { bindIP: '0.0.0.0', containerPort: port, hostPort: port, protocol: 'tcp' },
  ]);
  expect(await fetched(port)).toBe('hi');
});

test('without a network a container has its own loopback and nothing else', async () => {
  await start();
  const task = await run([{ name: 'web', ...shell('test "$(ls /sys/class/net)" = lo') }], {
    networkMode: 'none',
  });
  expect(await comesTo(task, 'STOPPED')).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [{ exitCode: 0, networkBindings: [] }],
  });
});

test('with an interface of its own a task is reached at its address', async () => {
  await start();
  const task = await run([serving(8080)], { networkMode: 'awsvpc' });
  const running = await comesTo(task, 'RUNNING');
  expect(running?.attachments).toMatchObject([{ status: 'ATTACHED' }]);
  const [container] = running?.containers ?? [];
  expect(container?.runtimeId).toMatch(/^[0-9a-f]{64}$/);
  const { privateIpv4Address } = container?.networkInterfaces?.[0] ?? {};
  expect(await fetched(8080, privateIpv4Address)).toBe('hi');
  await ecs.stopTask({ task });
  expect((await comesTo(task, 'STOPPED'))?.attachments).toMatchObject([{ status: 'DELETED' }]);
});

test('a container on the bridge finds the one that it is linked to, which starts first', async () => {
  await start();
  const client = shell('test "$(hostname)" = me && wget -q -O - http://site:8080/');
  const task = await run([
    { name: 'client', ...client, links: ['web:site'], hostname: 'me' },
    serving(8080),
  ]);
  expect(await comesTo(task, 'STOPPED')).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [{ name: 'client', exitCode: 0 }, { name: 'web' }],
  });
});

test('a container that is started again tells the port that it has then', async () => {
  const compute = world.compute();
  const reports = new RecordedReports();
  await compute.open([], reports.report);
  const order = anOrder(
    [
      {
        ...shell('test -e /seen && exec sleep 600; touch /seen'),
        portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
        restartPolicy: { enabled: true, restartAttemptPeriod: 0 },
        stopTimeout: 2,
      },
    ],
    { task: { launchType: 'EC2' }, content: { networkMode: 'bridge' } },
  );
  compute.start(order);
  const starts = () => reports.of(order.task.arn).filter(({ kind }) => kind === 'ContainerStarted');
  await expect.poll(() => starts().length).toBe(2);
  const { runtimeId } = await reports.first(order, 'ContainerCreated');
  const { NetworkSettings } = await world.engine.inspectContainer(runtimeId);
  const hostPort = Number(NetworkSettings.Ports['80/tcp']?.[0]?.HostPort);
  expect(starts().at(-1)).toMatchObject({ networkBindings: [{ containerPort: 80, hostPort }] });
  compute.stop(order);
  await reports.first(order, 'Released');
  await compute.close();
});

test('tasks on the bridge go on while the server is down, and are known when it is back', async () => {
  await start();
  const before = (await instance())?.containerInstanceArn;
  const task = await run([{ ...serving(8080), portMappings: [{ containerPort: 8080 }] }]);
  await comesTo(task, 'RUNNING');
  const { networkBindings: [lasting] = [] } = await firstContainer(task);
  const heeds = `trap 'exit 7' TERM; ${serve(8080)}; while :; do sleep 1 & wait; done`;
  const ended = await run([
    { name: 'web', ...shell(heeds), portMappings: [{ containerPort: 8080 }] },
  ]);
  await comesTo(ended, 'RUNNING');
  const { networkBindings: [binding] = [], runtimeId = '' } = await firstContainer(ended);
  expect(await fetched(binding?.hostPort)).toBe('hi');
  await close();
  expect(await fetched(lasting?.hostPort)).toBe('hi');
  await world.engine.stopContainer(runtimeId, 30);
  await start();
  expect((await instance())?.containerInstanceArn).toBe(before);
  expect(await firstContainer(task)).toMatchObject({ networkBindings: [lasting] });
  expect(await comesTo(ended, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 7 }] });
  await ecs.stopTask({ task });
  await comesTo(task, 'STOPPED');
});

test('while the Engine is away the instance is disconnected, and its tasks are kept', async () => {
  const path = join(world.dataDirectory, 'engine.sock');
  const door = new EngineDoor(path);
  await door.open();
  await start(`unix://${path}`);
  const task = await run([serving(8080)]);
  await comesTo(task, 'RUNNING');
  await door.close();
  await expect.poll(agentConnected).toBe(false);
  const { containerInstanceArn: arn } = (await instance()) ?? {};
  expect((await ecs.runTask({ taskDefinition: 'web' })).failures).toEqual([
    { arn, reason: 'AGENT' },
  ]);
  expect((await describeTask(task))?.lastStatus).toBe('RUNNING');
  await door.open();
  await expect.poll(agentConnected).toBe(true);
  await ecs.stopTask({ task });
  await comesTo(task, 'STOPPED');
  await close();
  await door.close();
});

test('a task on the machine has a folder of it, a Docker volume and its processes', async () => {
  await start();
  const mountPoints = [
    { sourceVolume: 'host', containerPath: '/host' },
    { sourceVolume: 'docker', containerPath: '/docker' },
  ];
  const script = 'echo seen >/host/file && touch /docker/file && [ "$(cat /proc/1/comm)" != sh ]';
  const sourcePath = join(world.dataDirectory, 'made');
  const task = await run([{ name: 'app', ...shell(script), mountPoints }], {
    pidMode: 'host',
    volumes: [
      { name: 'host', host: { sourcePath } },
      { name: 'docker', dockerVolumeConfiguration: { scope: 'task', driver: 'local' } },
    ],
  });
  expect(await comesTo(task, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 0 }] });
  expect(await readFile(join(sourcePath, 'file'), 'utf8')).toBe('seen\n');
});

test.runIf(canLoop)('a task on the bridge has a managed EBS volume of its own', async () => {
  await start();
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  const script = 'grep " /data " /proc/mounts | cut -d" " -f3 | grep -q ext4';
  const task = await run([{ name: 'app', ...shell(script), mountPoints }], {
    volumes: [{ name: 'data', configuredAtLaunch: true }],
  });
  expect(await comesTo(task, 'STOPPED')).toMatchObject({
    launchType: 'EC2',
    stopCode: 'EssentialContainerExited',
    attachments: [{ type: 'AmazonElasticBlockStorage', status: 'DELETED' }],
    containers: [{ exitCode: 0 }],
  });
});
