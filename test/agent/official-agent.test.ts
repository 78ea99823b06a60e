import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AgentRelease } from '../../src/domain/container-instance/agent-update.ts';
import { systemClock, type Clock } from '../../src/support/clock.ts';
import { newAccount, startTestServer, type TestServer } from '../contract/server.ts';
import { AgentWorld, fetchFrom } from './agent-world.ts';
import { redirectLinkLocal } from './link-local-redirect.ts';
import { startRealAgent, type RealAgent } from './real-agent.ts';

/** The path of the official agent's program. It needs root, iptables, a Docker Engine, and the test image on it. */
const program = process.env['LONGSHORE_ECS_AGENT'];
const stays = ['sh', '-c', 'sleep 1000'];
/** Serves what a shell command writes. */
function serves(command: string): string[] {
  return ['sh', '-c', `mkdir /www; ${command} > /www/index.html; httpd -f -p 80 -h /www`];
}

/** Hours pass in a second: what is done every few hours is seen within one test. */
const hurriedClock: Clock = {
  now: () => systemClock.now(),
  at: (instant, callback) => {
    const isFar = instant > systemClock.now() + 60 * 60 * 1000;
    return systemClock.at(isFar ? systemClock.now() + 1000 : instant, callback);
  },
};

const releaseFile = 'a release of the ECS agent';

function releaseAt(depot: Server): AgentRelease {
  const address = depot.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    version: '9.0.0',
    location: `http://127.0.0.1:${port}/ecs-agent.tar`,
    sha256: createHash('sha256').update(releaseFile).digest('hex'),
  };
}

describe.runIf(program !== undefined)('The official ECS agent', () => {
  let server: TestServer;
  let accountId: string;
  let agent: RealAgent;
  let world: AgentWorld;
  /** Where the agent finds a release to update to. */
  let depot: Server;

  async function startAgent(cluster: string, environment = {}): Promise<void> {
    const ecs = server.client(accountId);
    await ecs.createCluster({ clusterName: cluster });
    world = new AgentWorld(ecs, cluster);
    agent = await startRealAgent(program ?? '', {
      url: server.url,
      accountId,
      cluster,
      environment,
    });
    await world.untilConnected();
  }

  async function endAgent(): Promise<void> {
    await world.stopAll();
    await agent.close();
    world.ecs.destroy();
  }

  beforeAll(async () => {
    depot = createServer((_, response) => response.end(releaseFile)).listen(0, '127.0.0.1');
    await once(depot, 'listening');
    server = await startTestServer({ clock: hurriedClock, agentRelease: releaseAt(depot) });
    accountId = newAccount();
    await startAgent('one');
  });

  afterAll(closeAll);

  async function closeAll(): Promise<void> {
    await endAgent();
    await server.close();
    depot.close();
    expect(server.errors).toEqual([]);
  }

  test('runs a task that StartTask gives it, with environment, overrides and a port of its host', async () => {
    const environment = [
      { name: 'GREETING', value: 'hello' },
      { name: 'WHO', value: 'nobody' },
    ];
    const taskDefinition = await world.define([
      {
        name: 'web',
        command: serves('echo $GREETING $WHO $AWS_EXECUTION_ENV'),
        environment,
        portMappings: [{ containerPort: 80, hostPort: 18_080 }],
      },
    ]);
    const { containerInstanceArn = '' } = (await world.instance()) ?? {};
    const overrides = {
      containerOverrides: [{ name: 'web', environment: [{ name: 'WHO', value: 'world' }] }],
    };
    const { tasks, failures } = await world.ecs.startTask({
      cluster: world.cluster,
      taskDefinition,
      containerInstances: [containerInstanceArn],
      overrides,
    });
    expect(failures).toEqual([]);
    const running = await world.reaches(tasks?.[0]?.taskArn ?? '', 'RUNNING');
    expect(running?.containers?.[0]?.networkBindings).toEqual([
      { bindIP: '0.0.0.0', containerPort: 80, hostPort: 18_080, protocol: 'tcp' },
    ]);
    expect(await fetchFrom(running)).toBe('hello world AWS_ECS_EXTERNAL\n');
    const stopped = await world.stop(running?.taskArn ?? '');
    expect(stopped).toMatchObject({ stopCode: 'UserInitiated', containers: [{ exitCode: 137 }] });
  });

  test('keeps to the order of dependencies, and says which could not be met', async () => {
    const ordered = await world.define([
      { name: 'init', essential: false, command: ['true'] },
      {
        name: 'db',
        command: stays,
        healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5 },
        dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
      },
      { name: 'app', command: stays, dependsOn: [{ containerName: 'db', condition: 'HEALTHY' }] },
    ]);
    const broken = await world.define([
      { name: 'init', essential: false, command: ['sh', '-c', 'exit 3'] },
      { name: 'app', command: stays, dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
    ]);
    const taskArn = await world.run(ordered);
    const failed = await world.reaches(await world.run(broken), 'STOPPED');
    expect(failed).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(failed?.containers?.map(({ exitCode }) => exitCode)).toEqual([3, 143]);
    expect(failed?.containers?.[1]?.reason).toMatch(/did not exit successfully/);

    const running = await world.reaches(taskArn, 'RUNNING');
    expect(running?.containers?.map(({ lastStatus }) => lastStatus)).toEqual([
      'STOPPED',
      'RUNNING',
      'RUNNING',
    ]);
    await world.stop(taskArn);
  });

  test('tells of health as it changes', async () => {
    const taskDefinition = await world.define([
      {
        name: 'app',
        command: ['sh', '-c', 'touch /ok; sleep 25; rm /ok; sleep 1000'],
        healthCheck: { command: ['CMD-SHELL', 'test -f /ok'], interval: 5, retries: 1 },
      },
    ]);
    const taskArn = await world.run(taskDefinition);
    await world.healthBecomes(taskArn, 'HEALTHY');
    await world.healthBecomes(taskArn, 'UNHEALTHY');
    expect((await world.describe(taskArn))?.lastStatus).toBe('RUNNING');
    await world.stop(taskArn);
    await expect.poll(async () => (await world.instance())?.healthStatus?.overallStatus).toBe('OK');
  });

  test('ends a container that takes more memory than it may have, and says so', async () => {
    const hoards = ['sh', '-c', 'x=0123456789abcdef; while true; do x=$x$x; done'];
    const taskDefinition = await world.define([{ name: 'app', memory: 8, command: hoards }]);
    const stopped = await world.reaches(await world.run(taskDefinition), 'STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [
        { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      ],
    });
  });

  test('comes back to the tasks that it left, and tells what ended meanwhile', async () => {
    const definition = await world.define([{ name: 'app', command: stays }]);
    const ending = await world.define([
      { name: 'app', command: ['sh', '-c', 'trap "exit 9" TERM; sleep 12 & wait; exit 5'] },
    ]);
    const [kept, killed, ended] = [
      await world.run(definition),
      await world.run(definition),
      await world.run(ending),
    ];
    const before = await world.reaches(kept, 'RUNNING');
    await world.reaches(killed, 'RUNNING');
    await world.reaches(ended, 'RUNNING');
    const { containerInstanceArn } = (await world.instance()) ?? {};
    await agent.kill();
    await world.untilConnected(false);
    agent.killContainers(killed);
    await expect.poll(() => agent.runs(ended)).toBe(false);
    expect((await world.describe(ended))?.lastStatus).toBe('RUNNING');

    await agent.restart();
    await world.untilConnected();
    expect((await world.instance())?.containerInstanceArn).toBe(containerInstanceArn);
    expect(await world.reaches(killed, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 137 }],
    });
    expect(await world.reaches(ended, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 5 }],
    });
    const after = await world.describe(kept);
    expect(after).toMatchObject({ lastStatus: 'RUNNING', startedAt: before?.startedAt });
    expect(after?.containers?.[0]?.runtimeId).toBe(before?.containers?.[0]?.runtimeId);
    expect(await agent.runs(kept)).toBe(true);
    await world.stop(kept);
  });

  test.each(['bridge', 'host'] as const)(
    "hands a task in %s mode its role's credentials at 169.254.170.2, and newer ones in time",
    async (networkMode) => {
      const restore = redirectLinkLocal();
      try {
        const url = 'http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
        const publishes = `while true; do wget -qO /www/new ${url} && mv /www/new /www/index.html; sleep 1; done`;
        const port = networkMode === 'host' ? 18_082 : 80;
        const taskRoleArn = `arn:aws:iam::${accountId}:role/reader`;
        const taskDefinition = await world.define(
          [
            {
              name: 'app',
              command: ['sh', '-c', `mkdir /www; httpd -p ${port} -h /www; ${publishes}`],
              portMappings: [{ containerPort: port }],
            },
          ],
          { networkMode, taskRoleArn },
        );
        const running = await world.reaches(await world.run(taskDefinition), 'RUNNING');
        const credentials = async (): Promise<Record<string, string>> =>
          JSON.parse(await fetchFrom(running));
        await expect.poll(credentials).toMatchObject({ RoleArn: taskRoleArn });
        const first = await credentials();
        expect(first).toMatchObject({ AccessKeyId: expect.any(String) });
        await expect
          .poll(async () => (await credentials())['Expiration'])
          .not.toBe(first['Expiration']);
        await world.stop(running?.taskArn ?? '');
      } finally {
        restore();
      }
    },
  );

  test('downloads an update and ends to become it; one that does not become it has failed', async () => {
    const { cluster, ecs } = world;
    const { containerInstanceArn = '' } = (await world.instance()) ?? {};
    await ecs.updateContainerAgent({ cluster, containerInstance: containerInstanceArn });
    const status = async () => (await world.instance())?.agentUpdateStatus;
    await expect.poll(() => agent.exitCode).toBe(42);
    expect(await status()).toBe('UPDATING');
    await agent.restart();
    await world.untilConnected();
    expect(await status()).toBe('FAILED');
  });

  test('is drained, deregistered once nothing runs, and let in no more', async () => {
    const { cluster, ecs } = world;
    const { containerInstanceArn = '' } = (await world.instance()) ?? {};
    const taskDefinition = await world.define([{ name: 'app', command: stays }]);
    const taskArn = await world.run(taskDefinition);
    await world.reaches(taskArn, 'RUNNING');
    await ecs.updateContainerInstancesState({
      cluster,
      containerInstances: [containerInstanceArn],
      status: 'DRAINING',
    });
    const refused = await ecs.runTask({ cluster, taskDefinition, launchType: 'EXTERNAL' });
    expect(refused.failures).toMatchObject([{ reason: 'NO ACTIVE INSTANCES' }]);
    expect((await world.describe(taskArn))?.lastStatus).toBe('RUNNING');
    const deregistration = { cluster, containerInstance: containerInstanceArn };
    await expect(ecs.deregisterContainerInstance(deregistration)).rejects.toThrow(
      'Found running tasks on the instance.',
    );
    await world.stop(taskArn);
    await ecs.deregisterContainerInstance(deregistration);
    expect(await world.instance()).toBeUndefined();
    const gone = () =>
      ecs.describeContainerInstances({ cluster, containerInstances: [containerInstanceArn] });
    // The connection is closed by both sides, one after the other.
    await expect
      .poll(gone)
      .toMatchObject({ containerInstances: [{ status: 'INACTIVE', agentConnected: false }] });
    expect(agent.exitCode).toBeUndefined();
  });

  test('joins another cluster with tags of its own, and tasks there have theirs', async () => {
    await endAgent();
    const tags = { team: 'harbour' };
    const attributes = { stack: 'prod', 'ecs.capability.task-eni': '' };
    await startAgent('two', {
      ECS_CONTAINER_INSTANCE_TAGS: JSON.stringify(tags),
      ECS_INSTANCE_ATTRIBUTES: JSON.stringify(attributes),
    });
    const { cluster, ecs } = world;
    expect(await world.instance()).toMatchObject({
      tags: [{ key: 'team', value: 'harbour' }],
      attributes: expect.arrayContaining([
        { name: 'stack', value: 'prod' },
        { name: 'ecs.capability.task-eni', value: '' },
      ]),
    });
    const taskDefinition = await world.define([{ name: 'app', command: stays }]);
    const given = [{ key: 'ship', value: 'Ada' }];
    const taskArn = await world.run(taskDefinition, { tags: given });
    await world.reaches(taskArn, 'RUNNING');
    expect((await world.describe(taskArn))?.tags).toEqual(given);
    expect((await ecs.listTasks({ cluster })).taskArns).toEqual([taskArn]);
    expect((await ecs.listTasks({ cluster: 'one' })).taskArns).toEqual([]);
    expect((await ecs.listContainerInstances({ cluster: 'one' })).containerInstanceArns).toEqual(
      [],
    );
    await world.stop(taskArn);
  });

  test("has Docker's own awslogs driver bring what a task writes to our logs", async () => {
    await endAgent();
    await startAgent('three', {
      ECS_AVAILABLE_LOGGING_DRIVERS: JSON.stringify(['json-file', 'awslogs']),
      ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE: 'true',
    });
    const options = {
      'awslogs-group': '/ecs/agent',
      'awslogs-region': 'us-east-1',
      'awslogs-stream-prefix': 'app',
      'awslogs-create-group': 'true',
    };
    const logConfiguration = { logDriver: 'awslogs' as const, options };
    const command = ['sh', '-c', 'echo one; echo two'];
    const executionRoleArn = `arn:aws:iam::${accountId}:role/execution`;
    const definition = await world.define([{ name: 'app', command, logConfiguration }], {
      executionRoleArn,
    });
    const restore = redirectLinkLocal();
    onTestFinished(restore);
    const stopped = await world.reaches(await world.run(definition), 'STOPPED');
    expect(stopped).toMatchObject({ containers: [{ exitCode: 0 }] });
    const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
    const logs = new CloudWatchLogs({ endpoint: server.url, region: 'us-east-1', credentials });
    onTestFinished(() => logs.destroy());
    const { events } = await logs.filterLogEvents({ logGroupName: '/ecs/agent' });
    expect(events?.map(({ message }) => message)).toEqual(['one', 'two']);
    expect(events?.[0]?.logStreamName).toBe(`app/app/${stopped?.taskArn?.split('/').at(-1)}`);
  });
});
