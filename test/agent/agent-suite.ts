import type { ECS, RegisterTaskDefinitionRequest, Task } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newAccount, startTestServer, type TestServer } from '../contract/server.ts';
import type { StartAgent, TestAgent } from './test-agent.ts';

/** Long enough for an agent that was killed to come back. */
const patience = { timeout: 45_000, interval: 100 };
const cluster = 'farm';
const image = 'longshore-test/busybox:latest';
const stays = ['sh', '-c', 'sleep 1000'];

async function eventually(read: () => Promise<unknown>, value: unknown): Promise<void> {
  await vi.waitFor(async () => expect(await read()).toBe(value), patience);
}

function hostPortsOf(task: Task | undefined): string[] {
  const bindings = task?.containers?.flatMap((container) => container.networkBindings ?? []) ?? [];
  return bindings.map(({ hostPort }) => String(hostPort));
}

/** What any ECS agent must do on Longshore: the official one and the double pass the same. */
export function agentSuite(name: string, startAgent: StartAgent): void {
  describe(`On Longshore, ${name}`, () => {
    let server: TestServer;
    let agent: TestAgent;
    let ecs: ECS;

    beforeAll(async () => {
      server = await startTestServer();
      const accountId = newAccount();
      ecs = server.client(accountId);
      await ecs.createCluster({ clusterName: cluster });
      agent = await startAgent({ url: server.url, accountId, cluster });
      await eventually(connected, true);
    });

    afterAll(async () => {
      await stopAll();
      await agent.close();
      ecs.destroy();
      await server.close();
      expect(server.errors).toEqual([]);
    });

    async function instance() {
      const { containerInstanceArns } = await ecs.listContainerInstances({ cluster });
      const described = await ecs.describeContainerInstances({
        cluster,
        containerInstances: containerInstanceArns,
      });
      return described.containerInstances?.[0];
    }

    async function connected(): Promise<boolean | undefined> {
      const { containerInstanceArns = [] } = await ecs.listContainerInstances({ cluster });
      return containerInstanceArns.length > 0 && (await instance())?.agentConnected;
    }

    async function run(definition: Partial<RegisterTaskDefinitionRequest>): Promise<string> {
      const family = `t${Date.now()}`;
      const given = { family, containerDefinitions: [], ...definition };
      await ecs.registerTaskDefinition({ networkMode: 'bridge', ...given });
      const { tasks, failures } = await ecs.runTask({
        cluster,
        taskDefinition: family,
        launchType: 'EXTERNAL',
      });
      expect(failures).toEqual([]);
      return tasks?.[0]?.taskArn ?? '';
    }

    async function describeTask(taskArn: string): Promise<Task | undefined> {
      return (await ecs.describeTasks({ cluster, tasks: [taskArn] })).tasks?.[0];
    }

    async function reaches(taskArn: string, status: string): Promise<Task | undefined> {
      const statusNow = async () => (await describeTask(taskArn))?.lastStatus;
      await eventually(statusNow, status);
      return describeTask(taskArn);
    }

    async function stopAll(): Promise<void> {
      const { taskArns = [] } = await ecs.listTasks({ cluster });
      for (const task of taskArns) await ecs.stopTask({ cluster, task });
      for (const task of taskArns) await reaches(task, 'STOPPED');
    }

    test('an agent that registers becomes an ACTIVE instance with its own resources', async () => {
      const described = await instance();
      expect(described).toMatchObject({ status: 'ACTIVE', agentConnected: true });
      expect(described?.versionInfo?.agentVersion).toMatch(/^\d+\.\d+\.\d+$/);
      expect(described?.versionInfo?.dockerVersion).toMatch(/^DockerVersion: /);
      expect(described?.attributes?.map((attribute) => attribute.name)).toContain(
        'ecs.capability.external',
      );
      const counted = await ecs.describeClusters({ clusters: [cluster] });
      expect(counted.clusters?.[0]?.registeredContainerInstancesCount).toBe(1);
    });

    test('a task in bridge mode runs with the ports that its host chose, and stops when told', async () => {
      const taskArn = await run({
        containerDefinitions: [
          {
            name: 'web',
            image,
            memory: 32,
            command: stays,
            portMappings: [{ containerPort: 80 }],
          },
        ],
      });
      const hostPort: unknown = expect.any(Number);
      const running = await reaches(taskArn, 'RUNNING');
      expect(running).toMatchObject({
        launchType: 'EXTERNAL',
        containers: [
          {
            runtimeId: expect.stringMatching(/^[0-9a-f]{64}$/),
            networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' }],
          },
        ],
      });
      const [port] = hostPortsOf(running);
      const [, , taken] = (await instance())?.remainingResources ?? [];
      expect(taken).toMatchObject({
        name: 'PORTS',
        stringSetValue: expect.arrayContaining([port]),
      });

      await ecs.stopTask({ cluster, task: taskArn, reason: 'enough' });
      const stopped = await reaches(taskArn, 'STOPPED');
      const exitCode: unknown = expect.any(Number);
      expect(stopped).toMatchObject({
        stopCode: 'UserInitiated',
        stoppedReason: 'enough',
        containers: [{ exitCode }],
      });
      expect((await instance())?.runningTasksCount).toBe(0);
    });

    test('a task in host mode shows the ports of its definition', async () => {
      const taskArn = await run({
        networkMode: 'host',
        containerDefinitions: [
          {
            name: 'web',
            image,
            memory: 32,
            command: stays,
            portMappings: [{ containerPort: 18_081 }],
          },
        ],
      });
      const running = await reaches(taskArn, 'RUNNING');
      expect(running?.containers?.[0]?.networkBindings).toMatchObject([
        { containerPort: 18_081, hostPort: 18_081 },
      ]);
      await ecs.stopTask({ cluster, task: taskArn });
      await reaches(taskArn, 'STOPPED');
    });

    test('an essential container that ends stops its task, with its own exit code', async () => {
      const taskArn = await run({
        containerDefinitions: [
          { name: 'app', image, memory: 32, command: ['sh', '-c', 'sleep 1; exit 7'] },
          { name: 'side', image, memory: 32, command: stays },
        ],
      });
      const stopped = await reaches(taskArn, 'STOPPED');
      expect(stopped).toMatchObject({
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
      });
      expect(stopped?.containers?.find((c) => c.name === 'app')?.exitCode).toBe(7);
    });

    test('what ends while the agent is away is told when it is back, on the same instance', async () => {
      const before = await instance();
      const stopping = await run({
        containerDefinitions: [{ name: 'app', image, memory: 32, command: stays }],
      });
      await reaches(stopping, 'RUNNING');
      await agent.kill();
      await eventually(connected, false);
      expect((await describeTask(stopping))?.lastStatus).toBe('RUNNING');
      await ecs.stopTask({ cluster, task: stopping });

      await agent.restart();
      await eventually(connected, true);
      await reaches(stopping, 'STOPPED');
      const after = await instance();
      expect(after?.containerInstanceArn).toBe(before?.containerInstanceArn);
    });

    test('a task that is STOPPED to ECS but runs is stopped once the agent is asked', async () => {
      const taskArn = await run({
        containerDefinitions: [{ name: 'app', image, memory: 32, command: stays }],
      });
      await reaches(taskArn, 'RUNNING');
      await agent.kill();
      await eventually(connected, false);
      await ecs.submitTaskStateChange({ cluster, task: taskArn, status: 'STOPPED' });
      expect(await describeTask(taskArn)).toMatchObject({ lastStatus: 'STOPPED' });
      expect(await agent.runs(taskArn)).toBe(true);

      await agent.restart();
      await eventually(() => agent.runs(taskArn), false);
    });
  });
}
