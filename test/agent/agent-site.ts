import type { ContainerInstance, CreateClusterRequest, ECS, Task } from '@aws-sdk/client-ecs';
import { expect, vi } from 'vitest';
import {
  newAccount,
  startTestServer,
  type TestServer,
  type TestServerOptions,
} from '../contract/server.ts';
import { AgentDouble } from './agent-double.ts';

export interface SiteOptions extends TestServerOptions {
  /** What the cluster has. */
  readonly given?: Omit<CreateClusterRequest, 'clusterName'>;
  /** What the agent registers in the place of what it has by itself. */
  readonly capabilities?: readonly string[];
}

/** The name of the cluster of every site. */
export const cluster = 'default';

/** A server with one cluster, and the double of an agent in it. */
export class AgentSite {
  readonly server: TestServer;
  readonly accountId: string;
  readonly ecs: ECS;
  readonly agent: AgentDouble;

  private constructor(server: TestServer, accountId: string, ecs: ECS, agent: AgentDouble) {
    this.server = server;
    this.accountId = accountId;
    this.ecs = ecs;
    this.agent = agent;
  }

  static async open({ given, capabilities, ...options }: SiteOptions = {}): Promise<AgentSite> {
    const server = await startTestServer(options);
    const accountId = newAccount();
    const ecs = server.client(accountId);
    await ecs.createCluster({ clusterName: cluster, ...given });
    const attributes = capabilities?.map((name) => ({ name }));
    const registration = attributes ? { attributes } : {};
    const agent = await AgentDouble.start({ url: server.url, accountId, cluster, registration });
    return new AgentSite(server, accountId, ecs, agent);
  }

  async close(): Promise<void> {
    await this.agent.close();
    this.ecs.destroy();
    await this.server.close();
    refuseErrors(this.server);
  }

  async describeInstance(): Promise<ContainerInstance | undefined> {
    const { containerInstances } = await this.ecs.describeContainerInstances({
      cluster,
      containerInstances: [this.agent.instanceArn],
      include: ['CONTAINER_INSTANCE_HEALTH'],
    });
    return containerInstances?.[0];
  }

  async isConnected(): Promise<boolean | undefined> {
    return (await this.describeInstance())?.agentConnected;
  }

  async describeTask(taskArn: string): Promise<Task | undefined> {
    return (await this.ecs.describeTasks({ cluster, tasks: [taskArn] })).tasks?.[0];
  }

  async statusOf(taskArn: string): Promise<string | undefined> {
    return (await this.describeTask(taskArn))?.lastStatus;
  }
}

function refuseErrors({ errors }: TestServer): void {
  expect(errors).toEqual([]);
}

const patience = { timeout: 60_000, interval: 10 };

export async function eventually(read: () => unknown, value: unknown): Promise<void> {
  await vi.waitFor(async () => expect(await read()).toEqual(value), patience);
}
