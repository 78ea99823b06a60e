import type { CreateServiceRequest, ECS } from '@aws-sdk/client-ecs';
import { vi } from 'vitest';
import type { AwsCalls } from '../../src/server.ts';
import { AgentDouble } from '../agent/agent-double.ts';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { describeService } from './service-requests.ts';

/** A machine that joins a cluster. */
export interface GivenMachine {
  readonly zone?: string;
  readonly isExternal?: boolean;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly memory?: number;
  readonly gpuIds?: readonly string[];
  /** Whether its agent keeps what it is told to run waiting. */
  readonly holdsTasks?: boolean;
  /** What its EC2 instance says of itself. */
  readonly identity?: Readonly<Record<string, string>>;
}

/** A server whose default cluster has a family `web` that takes 64 MiB of any instance, and agents on it. */
export interface FleetServer extends ManualServer {
  /** Registers an instance and connects its agent. */
  readonly join: (machine?: GivenMachine) => Promise<AgentDouble>;
  /** Lets time pass and agents answer until something holds. */
  readonly until: (check: () => Promise<void>) => Promise<void>;
  /** Lets time pass until a service is steady with all its tasks. */
  readonly steady: (name?: string) => Promise<void>;
}

const patience = { timeout: 20_000, interval: 5 };

export async function startFleetServer(awsCalls: AwsCalls = {}): Promise<FleetServer> {
  const manual = await startManualServer(awsCalls);
  const accountId = (await manual.ecs.config.credentials()).accessKeyId;
  const { ecs, server, advance } = manual;
  const agents: AgentDouble[] = [];
  await ecs.createCluster();
  await registerWeb(ecs);
  const until = async (check: () => Promise<void>): Promise<void> => {
    await vi.waitFor(async () => {
      await advance(500);
      await check();
    }, patience);
  };
  return {
    ...manual,
    until,
    join: async (machine = {}) => {
      const registration = registrationOf(machine);
      const { holdsTasks = false } = machine;
      const options = { url: server.url, accountId, cluster: 'default', registration, holdsTasks };
      const agent = await AgentDouble.start(options);
      agents.push(agent);
      await until(async () => {
        const containerInstances = [agent.instanceArn];
        const described = await ecs.describeContainerInstances({ containerInstances });
        if (!described.containerInstances?.[0]?.agentConnected) throw new Error('not connected');
      });
      return agent;
    },
    steady: (name) =>
      until(async () => {
        const { events = [], ...service } = await describeService(ecs, name);
        const [newest] = events;
        const isSteady = newest?.message?.endsWith('has reached a steady state.') === true;
        if (!isSteady || service.runningCount !== service.desiredCount) {
          throw new Error(`The service is not steady: ${newest?.message}`);
        }
      }),
    [Symbol.asyncDispose]: async () => {
      for (const agent of agents) await agent.close();
      await manual[Symbol.asyncDispose]();
    },
  };
}

function registrationOf({
  zone = 'us-east-1a',
  isExternal = false,
  attributes = {},
  memory = 256,
  gpuIds = [],
  identity,
}: GivenMachine) {
  return {
    ...(identity && { instanceIdentityDocument: JSON.stringify(identity) }),
    platformDevices: gpuIds.map((id) => ({ id, type: 'GPU' as const })),
    attributes: [
      ...(isExternal ? [{ name: 'ecs.capability.external' }] : []),
      { name: 'ecs.availability-zone', value: zone },
      { name: 'ecs.capability.task-eni' },
      ...Object.entries(attributes).map(([name, value]) => ({ name, value })),
    ],
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 1024 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: [] },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
  };
}

export async function registerWeb(ecs: ECS, given: { hostPort?: number } = {}): Promise<void> {
  const { hostPort } = given;
  const portMappings = hostPort === undefined ? [] : [{ containerPort: 80, hostPort }];
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [
      {
        name: 'app',
        image: 'example/web',
        versionConsistency: 'disabled',
        memory: 64,
        portMappings,
      },
    ],
  });
}

/** A request for the service `shop` with two tasks on EC2 instances, but for what is given. */
export function anInstanceService(given: Partial<CreateServiceRequest> = {}): CreateServiceRequest {
  const count = given.schedulingStrategy === 'DAEMON' ? {} : { desiredCount: 2 };
  return { serviceName: 'shop', taskDefinition: 'web', launchType: 'EC2', ...count, ...given };
}

/** How many tasks of a service that are not to stop are on each of these instances. */
export async function spreadOf(
  ecs: ECS,
  agents: readonly AgentDouble[],
  serviceName = 'shop',
): Promise<readonly number[]> {
  const { taskArns: tasks = [] } = await ecs.listTasks({ serviceName });
  const described = tasks.length > 0 ? (await ecs.describeTasks({ tasks })).tasks : [];
  return agents.map(
    ({ instanceArn }) =>
      described?.filter(({ containerInstanceArn }) => containerInstanceArn === instanceArn)
        .length ?? 0,
  );
}
