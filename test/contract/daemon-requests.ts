import type {
  CreateDaemonRequest,
  DaemonDeployment,
  ECS,
  RegisterDaemonTaskDefinitionRequest,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import type { AwsCalls } from '../../src/server.ts';
import type { AgentDouble } from '../agent/agent-double.ts';
import { aManagedRequest, settledProvider } from './capacity-provider-requests.ts';
import { startFleetServer, type FleetServer, type GivenMachine } from './instance-requests.ts';

export const providerName = 'agents';

/** A request for the family `agent`, whose tasks take 32 MiB, but for what is given. */
export function anAgent(
  given: Partial<RegisterDaemonTaskDefinitionRequest> = {},
  container: object = {},
): RegisterDaemonTaskDefinitionRequest {
  return {
    family: 'agent',
    containerDefinitions: [{ name: 'agent', image: 'example/agent', memory: 32, ...container }],
    ...given,
  };
}

/** One whose tasks end as soon as they have begun. */
export const aBrokenAgent = anAgent({}, { command: ['exit 1'] });

export async function registerAgent(
  ecs: ECS,
  request: RegisterDaemonTaskDefinitionRequest = anAgent(),
): Promise<string> {
  return (await ecs.registerDaemonTaskDefinition(request)).daemonTaskDefinitionArn ?? '';
}

/** A fleet whose default cluster has a Managed Instances provider `agents`. */
export interface DaemonFleet extends FleetServer {
  readonly providerArn: string;
  readonly clusterArn: string;
  /** Registers an instance of the provider and connects its agent. */
  readonly enlist: (machine?: GivenMachine) => Promise<AgentDouble>;
  /** A request for the daemon `watch`, made of `agent:1`, but for what is given. */
  readonly aDaemon: (given?: Partial<CreateDaemonRequest>) => CreateDaemonRequest;
  /** The deployment, as it is now. */
  readonly deployment: (arn: string | undefined) => Promise<DaemonDeployment>;
  /** Lets time pass until a deployment is in a status. */
  readonly deployed: (arn: string | undefined, status?: string) => Promise<DaemonDeployment>;
  /** The statuses of these instances. */
  readonly statuses: (agents: readonly AgentDouble[]) => Promise<readonly (string | undefined)[]>;
  /** What each of these instances runs of the daemon: revisions of its definition. */
  readonly running: (agents: readonly AgentDouble[]) => Promise<readonly string[]>;
}

export async function startDaemonFleet(awsCalls: AwsCalls = {}): Promise<DaemonFleet> {
  const fleet = await startFleetServer(awsCalls);
  const { ecs, until } = fleet;
  await ecs.createCapacityProvider(aManagedRequest(providerName));
  const provider = await settledProvider(ecs, providerName);
  const providerArn = provider?.capacityProviderArn ?? '';
  const { clusters } = await ecs.describeClusters();
  const clusterArn = clusters?.[0]?.clusterArn ?? '';
  const daemonTaskDefinitionArn = await registerAgent(ecs);
  const deployment = async (arn = ''): Promise<DaemonDeployment> => {
    const { daemonDeployments = [] } = await ecs.describeDaemonDeployments({
      daemonDeploymentArns: [arn],
    });
    return daemonDeployments[0] ?? {};
  };
  return {
    ...fleet,
    providerArn,
    clusterArn,
    enlist: (machine = {}) =>
      fleet.join({
        ...machine,
        attributes: {
          'longshore.capacity-provider': providerName,
          'ecs.capability.task-cpu-mem-limit': 'true',
          'com.amazonaws.ecs.capability.docker-remote-api.1.18': 'true',
        },
      }),
    aDaemon: (given = {}) => ({
      daemonName: 'watch',
      clusterArn,
      daemonTaskDefinitionArn,
      capacityProviderArns: [providerArn],
      ...given,
    }),
    deployment,
    deployed: async (arn, status = 'SUCCESSFUL') => {
      await until(async () => expect((await deployment(arn)).status).toBe(status));
      return deployment(arn);
    },
    statuses: async (agents) => {
      const containerInstances = agents.map(({ instanceArn }) => instanceArn);
      const described = await ecs.describeContainerInstances({ containerInstances });
      return (described.containerInstances ?? []).map(({ status }) => status);
    },
    running: (agents) => runningOn(ecs, agents),
  };
}

async function runningOn(ecs: ECS, agents: readonly AgentDouble[]): Promise<readonly string[]> {
  const { taskArns: tasks = [] } = await ecs.listTasks({ daemonName: 'watch' });
  const described = tasks.length > 0 ? (await ecs.describeTasks({ tasks })).tasks : [];
  return agents.map(({ instanceArn }) =>
    (described ?? [])
      .filter((task) => task.containerInstanceArn === instanceArn && task.lastStatus === 'RUNNING')
      .map((task) => task.taskDefinitionArn?.split('/').at(-1))
      .join(),
  );
}
