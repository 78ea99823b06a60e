import type {
  ContainerDefinition,
  ContainerInstance,
  ECS,
  Failure,
  RegisterTaskDefinitionRequest,
  RunTaskRequest,
  Task,
} from '@aws-sdk/client-ecs';
import { expect, vi } from 'vitest';

const image = 'longshore-test/busybox:latest';
/** An agent that was killed takes a while to come back, and one that watches health looks three times a minute. */
const patience = { timeout: 90_000, interval: 200 };

async function eventually(read: () => Promise<unknown>, value: unknown): Promise<void> {
  await vi.waitFor(async () => expect(await read()).toBe(value), patience);
}

function refuseFailures(failures: readonly Failure[] | undefined): void {
  expect(failures).toEqual([]);
}

let families = 0;

/** A cluster with one agent, as a client sees it. */
export class AgentWorld {
  readonly ecs: ECS;
  readonly cluster: string;

  constructor(ecs: ECS, cluster: string) {
    this.ecs = ecs;
    this.cluster = cluster;
  }

  async instance(): Promise<ContainerInstance | undefined> {
    const { cluster } = this;
    const { containerInstanceArns = [] } = await this.ecs.listContainerInstances({ cluster });
    if (containerInstanceArns.length === 0) return undefined;
    const described = await this.ecs.describeContainerInstances({
      cluster,
      containerInstances: containerInstanceArns,
      include: ['TAGS', 'CONTAINER_INSTANCE_HEALTH'],
    });
    return described.containerInstances?.[0];
  }

  async untilConnected(isConnected = true): Promise<void> {
    await eventually(async () => (await this.instance())?.agentConnected, isConnected);
  }

  /** Registers a definition in bridge mode, unless told otherwise, of containers that have little memory. */
  async define(
    containers: readonly Partial<ContainerDefinition>[],
    given: Partial<RegisterTaskDefinitionRequest> = {},
  ): Promise<string> {
    families += 1;
    const family = `family-${families}`;
    await this.ecs.registerTaskDefinition({
      family,
      networkMode: 'bridge',
      containerDefinitions: containers.map((container) => ({ image, memory: 32, ...container })),
      ...given,
    });
    return family;
  }

  async run(taskDefinition: string, given: Partial<RunTaskRequest> = {}): Promise<string> {
    const { tasks, failures } = await this.ecs.runTask({
      cluster: this.cluster,
      taskDefinition,
      launchType: 'EXTERNAL',
      ...given,
    });
    refuseFailures(failures);
    return tasks?.[0]?.taskArn ?? '';
  }

  async describe(taskArn: string): Promise<Task | undefined> {
    const { cluster } = this;
    const include = ['TAGS' as const];
    return (await this.ecs.describeTasks({ cluster, tasks: [taskArn], include })).tasks?.[0];
  }

  async reaches(taskArn: string, status: string): Promise<Task | undefined> {
    const statusNow = async () => (await this.describe(taskArn))?.lastStatus;
    await eventually(statusNow, status);
    return this.describe(taskArn);
  }

  async healthBecomes(taskArn: string, health: string): Promise<void> {
    const healthNow = async () => (await this.describe(taskArn))?.healthStatus;
    await eventually(healthNow, health);
  }

  async stop(taskArn: string): Promise<Task | undefined> {
    await this.ecs.stopTask({ cluster: this.cluster, task: taskArn });
    return this.reaches(taskArn, 'STOPPED');
  }

  async stopAll(): Promise<void> {
    const { cluster } = this;
    const { taskArns = [] } = await this.ecs.listTasks({ cluster });
    for (const task of taskArns) await this.ecs.stopTask({ cluster, task });
    for (const task of taskArns) await this.reaches(task, 'STOPPED');
  }
}

/** What a task's web server answers on the host. */
export async function fetchFrom(task: Task | undefined): Promise<string> {
  const [binding] = task?.containers?.flatMap((one) => one.networkBindings ?? []) ?? [];
  const answer = async () => (await fetch(`http://127.0.0.1:${binding?.hostPort}/`)).text();
  return vi.waitFor(async () => {
    const text = await answer();
    expect(text).not.toBe('');
    return text;
  }, patience);
}
