import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import type {
  DockerCompute,
  DockerComputeSetting,
} from '../../../src/compute/docker/docker-compute.ts';
import { installationLabel } from '../../../src/compute/docker/names.ts';
import {
  pauseArchitecture,
  pauseImage,
  pauseRepository,
} from '../../../src/compute/docker/pause-image.ts';
import { firstLine } from '../compute-suite.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder, type GivenContainer } from '../../fixtures/an-order.ts';
import { DockerWorld, shell, testImage } from './docker-world.ts';
import { EngineDoor } from './engine-door.ts';

const world = new DockerWorld();
const { engine } = world;
let compute: DockerCompute;
let reports: RecordedReports;

async function open(given: Partial<DockerComputeSetting> = {}, orders: readonly TaskOrder[] = []) {
  compute = world.compute(given);
  await compute.open(orders, reports.report);
}

function start(...given: Parameters<typeof anOrder>): TaskOrder {
  const order = anOrder(...given);
  compute.start(order);
  return order;
}

async function stopped(order: TaskOrder) {
  compute.stop(order);
  await reports.first(order, 'Released');
}

/** Runs a task of these containers to the end of the one named `main`, and gives its lines. */
async function linesOf(...given: Parameters<typeof anOrder>): Promise<readonly string[]> {
  const order = start(...given);
  await reports.first(order, 'ContainerStopped', 'main');
  await stopped(order);
  return outputOf(order);
}

async function outputOf({ task }: TaskOrder): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const query = { task, container: 'main', follow: false, signal };
  return (await Array.fromAsync(compute.output(query))).map(({ text }) => text);
}

const ours = () => engine.listContainers(installationLabel(world.installationId));
const stays: GivenContainer = world.container({ onStop: { exitCode: 0 } });

beforeEach(async () => {
  reports = new RecordedReports();
  await open();
});
afterEach(async () => {
  await compute.close();
  await world.cleanUp();
});
afterAll(() => world.close());

describe('a container of a FARGATE task', () => {
  test('has the host name, the variables and the file system that it was given', async () => {
    const lines = await linesOf([
      {
        ...shell(
          'echo $HOSTNAME; echo $COLOUR; echo $AWS_REGION; pwd; id -u; touch /x 2>&- || echo ro',
        ),
        environment: [{ name: 'COLOUR', value: 'red = blue' }],
        workingDirectory: '/tmp',
        user: '1000',
        readonlyRootFilesystem: true,
      },
    ]);
    const [hostName = '', ...rest] = lines;
    expect(hostName).toMatch(/^[0-9a-f]{32}-3935363592$/);
    expect(rest).toEqual(['red = blue', 'us-east-1', '/tmp', '1000', 'ro']);
  });

  test('finds its address by the host name that it has', async () => {
    const order = start([shell('hostname -i')]);
    const { address } = await reports.first(order, 'NetworkInterfaceCreated');
    await reports.first(order, 'ContainerStopped');
    await stopped(order);
    expect(await outputOf(order)).toEqual([address.privateIpv4Address]);
  });

  test("is called by its runtime id, carries ECS's labels and is bounded by the task", async () => {
    const order = start([{ ...stays, dockerLabels: { team: 'blue' }, memoryReservation: 64 }]);
    const { runtimeId } = await reports.first(order, 'ContainerCreated');
    const { HostConfig, Config } = await engine.inspectContainer(runtimeId);
    expect(HostConfig).toMatchObject({
      Memory: 512 * 1024 * 1024,
      MemoryReservation: 64 * 1024 * 1024,
      CpuShares: 2,
      CpuQuota: 25_000,
      CpuPeriod: 100_000,
    });
    expect(Config.Labels).toMatchObject({
      team: 'blue',
      'com.amazonaws.ecs.task-arn': order.task.arn,
      'com.amazonaws.ecs.cluster': order.task.clusterArn,
      'com.amazonaws.ecs.container-name': 'main',
      'com.amazonaws.ecs.task-definition-family': 'test',
      'com.amazonaws.ecs.task-definition-version': '1',
    });
    await stopped(order);
  });

  test('reaches the others of its task over localhost', async () => {
    const server = shell('mkdir /w && echo hi > /w/x && exec httpd -f -p 8080 -h /w');
    const lines = await linesOf([
      {
        ...shell('until wget -q -O - http://localhost:8080/x; do sleep 0.05; done'),
        dependsOn: [{ containerName: 'server', condition: 'START' }],
      },
      { ...server, name: 'server', essential: false, stopTimeout: 2 },
    ]);
    expect(lines.at(-1)).toBe('hi');
  });

  test('shares the volumes of its task, which go with the task', async () => {
    const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
    const lines = await linesOf(
      [
        {
          ...shell('cat /data/note'),
          volumesFrom: [{ sourceContainer: 'init', readOnly: true }],
          dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
        },
        { ...shell('echo kept > /data/note'), name: 'init', essential: false, mountPoints },
      ],
      { content: { volumes: [{ name: 'data', host: {} }] } },
    );
    expect(lines).toEqual(['kept']);
    expect(await engine.listVolumes(installationLabel(world.installationId))).toEqual([]);
  });

  test('is waited for until its health check succeeds', async () => {
    const healthCheck = { command: ['CMD-SHELL', 'test -e /ok'], interval: 1, retries: 9 };
    const order = start([
      { ...stays, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
      { ...shell('sleep 0.5; touch /ok; sleep 60'), name: 'db', healthCheck, stopTimeout: 2 },
    ]);
    await reports.first(order, 'ContainerStarted', 'main');
    expect(await reports.first(order, 'ContainerHealthChanged', 'db')).toMatchObject({
      healthStatus: 'HEALTHY',
    });
    await stopped(order);
  });

  test('is started again by its restart policy, as the same container', async () => {
    // However soon a container ends, it has been up for the period.
    const restartPolicy = { enabled: true, restartAttemptPeriod: 0, ignoredExitCodes: [4] };
    const lines = await linesOf([
      { ...shell('echo run; test -e /seen && exit 4; touch /seen'), restartPolicy },
    ]);
    expect(lines).toEqual(['run', 'run']);
  });

  test('that uses more memory than it has is killed for that', async () => {
    const order = start([{ ...shell('tail /dev/zero'), memory: 32 }]);
    expect(await reports.first(order, 'ContainerStopped')).toMatchObject({
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed due to memory usage',
    });
    await stopped(order);
  });

  test('that cannot be run fails its task in the words of the Engine', async () => {
    const order = start([{ image: testImage, command: ['/no/such/program'] }]);
    const { reason } = await reports.first(order, 'StartFailed');
    expect(reason).toMatch(
      /^CannotStartContainerError: Error response from daemon: .*no such file/,
    );
    await stopped(order);
  });

  test('that cannot be created fails its task in the words of the Engine', async () => {
    const order = start([{ ...stays, workingDirectory: 'not/absolute' }]);
    const { reason } = await reports.first(order, 'StartFailed');
    expect(reason).toMatch(/^CannotCreateContainerError: Error response from daemon: /);
    await stopped(order);
  });

  test('whose image cannot be had fails after its task was connected and had its pull', async () => {
    // A network with a setting of its own is not there yet when the name of the image is refused.
    const systemControls = [{ namespace: 'net.ipv4.tcp_keepalive_time', value: '500' }];
    const order = start([{ image: 'NOT/Valid', systemControls }]);
    await reports.first(order, 'StartFailed');
    expect(reports.kinds(order.task.arn)).toEqual([
      'NetworkInterfaceCreated',
      'Connected',
      'PullStarted',
      'PullStopped',
      'StartFailed',
    ]);
    const moments = reports
      .of(order.task.arn)
      .flatMap((report) => ('at' in report ? report.at : []));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    await stopped(order);
  });

  test('with something that is not built yet is refused, not run without it', async () => {
    const proxyConfiguration = { containerName: 'main', properties: [] };
    const order = start([stays], { content: { proxyConfiguration } });
    expect((await reports.first(order, 'StartFailed')).reason).toBe(
      'ResourceInitializationError: not built yet in Longshore: proxyConfiguration',
    );
    await stopped(order);
  });

  test('loses nothing of what it writes in long lines or to both streams at once', async () => {
    const long = 'head -c 600000 /dev/zero | tr "\\0" x; echo';
    for (const pseudoTerminal of [false, true]) {
      const lines = await linesOf([{ ...shell(long), pseudoTerminal }]);
      expect(lines.join('')).toBe('x'.repeat(600_000));
    }
    const both = await linesOf([shell('seq 1 30000 & seq 30001 60000 >&2 & wait')]);
    const inOrder = both.map(Number).toSorted((a, b) => a - b);
    expect(inOrder).toEqual(Array.from({ length: 60_000 }, (_, index) => index + 1));
  });

  test('has its output filed for its owner alone', async () => {
    await linesOf([shell('echo secret')]);
    const output = join(world.dataDirectory, 'output');
    const [taskId = ''] = readdirSync(output);
    const [file = ''] = readdirSync(join(output, taskId));
    expect(statSync(join(output, taskId, file)).mode & 0o777).toBe(0o600);
    rmSync(output, { recursive: true });
  });
});

test('ports are published on the host where containers cannot be reached by address', async () => {
  await compute.close();
  await open({ publish: { bindIP: '127.0.0.1' } });
  const server = shell('mkdir /w && echo published > /w/x && exec httpd -f -p 8080 -h /w');
  const order = start([
    { ...server, stopTimeout: 2, portMappings: [{ containerPort: 8080, protocol: 'tcp' }] },
  ]);
  const { networkBindings = [] } = await reports.first(order, 'ContainerStarted');
  expect(networkBindings).toMatchObject([
    { bindIP: '127.0.0.1', containerPort: 8080, protocol: 'tcp' },
  ]);
  const [binding] = networkBindings;
  const port = binding && 'hostPort' in binding ? binding.hostPort : 0;
  const url = `http://127.0.0.1:${port}/x`;
  await expect.poll(() => fetch(url).then((answer) => answer.text(), String)).toBe('published\n');
  await stopped(order);
});

test('what no task and no pool needs is removed at the start, and nothing of others', async () => {
  const stranger = new DockerWorld();
  const other = stranger.compute();
  const theirs = new RecordedReports();
  await other.open([], theirs.report);
  const survivor = anOrder([stays]);
  other.start(survivor);
  await theirs.first(survivor, 'ContainerStarted');

  const unknown = start([stays]);
  const { runtimeId } = await reports.first(unknown, 'ContainerCreated');
  await reports.first(unknown, 'ContainerStarted');
  await compute.close();
  await open();
  await expect(engine.inspectContainer(runtimeId)).rejects.toThrow('No such container');
  const survives = `${survivor.task.arn.slice(-32)}-3935363592`;
  expect((await engine.inspectContainer(survives)).State.Status).toBe('running');
  other.stop(survivor);
  await theirs.first(survivor, 'Released');
  await other.close();
  await stranger.close();
});

test('a container that somebody has removed has vanished', async () => {
  const order = start([stays]);
  const { runtimeId } = await reports.first(order, 'ContainerCreated');
  await reports.first(order, 'ContainerStarted');
  const known = reports.applied(order);
  await compute.close();
  await engine.removeContainer(runtimeId);
  reports = new RecordedReports();
  await open({}, [known]);
  expect(await reports.first(order, 'ContainerStopped')).toMatchObject({
    reason: 'ContainerVanishedError: No container matching saved ID found',
  });
  await stopped(order);
});

test('an orderly stop leaves no network namespace behind that no task uses', async () => {
  expect(await ours()).not.toEqual([]);
  await compute.close();
  expect(await ours()).toEqual([]);
  await open();
});

test('an orderly stop waits for the network namespaces that are being removed', async () => {
  const order = start([stays]);
  await reports.first(order, 'ContainerStarted');
  await stopped(order);
  await compute.close();
  expect(await ours()).toEqual([]);
  await open();
});

test('an orderly stop leaves none behind of those that are being made', async () => {
  const order = start([stays]);
  await reports.first(order, 'ContainerStarted');
  // The two of the task, and one that fills the pool again.
  await expect.poll(async () => (await ours()).length, { interval: 5 }).toBe(3);
  await compute.close();
  expect(await ours()).toHaveLength(2);
  await open();
});

test('an Engine that goes away is found again, with what happened meanwhile', async () => {
  await compute.close();
  const path = join(world.dataDirectory, 'engine.sock');
  const door = new EngineDoor(path);
  await open({ engines: [`unix://${path}`] });
  expect(compute.health().available).toBe(false);
  const order = start([world.container({ line: 'up', onStop: { exitCode: 5 } })]);

  await door.open();
  const { runtimeId } = await reports.first(order, 'ContainerCreated');
  await firstLine(compute, order);
  await door.close();
  await expect.poll(() => compute.health().available).toBe(false);
  await engine.stopContainer(runtimeId, 30);
  expect(reports.kinds(order.task.arn)).not.toContain('ContainerStopped');

  await door.open();
  expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(5);
  await stopped(order);
  await compute.close();
  await door.close();
});

test('the pause program ends with 0 when it is asked to, as process 1', async () => {
  const { Architecture } = await engine.info();
  const { tag } = pauseImage(pauseArchitecture(Architecture));
  const id = await engine.createContainer(`${world.installationId}-pause`, {
    Image: `${pauseRepository}:${tag}`,
    Entrypoint: ['/pause'],
    Labels: { 'longshore.installation': world.installationId },
    HostConfig: { NetworkMode: 'none', LogConfig: { Type: 'none', Config: {} } },
  });
  await engine.startContainer(id);
  await engine.stopContainer(id, 30);
  const { State } = await engine.inspectContainer(id);
  expect(State.ExitCode).toBe(0);
});
