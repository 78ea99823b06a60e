import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { NetworkBinding } from '../../../domain/task/task.ts';
import type { TaskOrder } from '../../compute.ts';
import type { ContainerSpec } from '../container-spec.ts';
import type { ContainerBody, ContainerInspect, HostConfigBody } from '../engine-types.ts';
import { awsvpcNetwork } from './awsvpc-network.ts';
import { bridgeNetwork } from './bridge-network.ts';
import type { ChosenRanges } from './host-ranges.ts';
import { hostNetwork } from './host-network.ts';
import { noNetwork } from './no-network.ts';

/** How the containers of a task are connected, by the network mode of its definition. */
export interface TaskNetwork {
  /** Whether they share a network namespace, which a pause container holds. */
  readonly isShared: boolean;
  /** Whether each container has ports of its own published, and the Engine says where once it runs. */
  readonly isPublished: boolean;

  /** What the Engine is asked for with a container. */
  bodyOf(spec: ContainerSpec, context: NetworkContext): NetworkBody;

  /** Where a container's ports are reached on the host, given what the Engine says. */
  bindingsOf(definition: ContainerDefinition, published: EnginePorts): readonly NetworkBinding[];
}

export interface NetworkContext {
  readonly order: TaskOrder;
  readonly pauseId: string;
  readonly hostRanges: ChosenRanges;
  /** Whom containers ask for names that name nobody themselves; empty for whom the Engine chooses. */
  readonly nameServers: readonly string[];
}

/** The part of what a container is created with that is about its network. */
export type NetworkBody = Pick<ContainerBody, 'Hostname' | 'NetworkDisabled' | 'ExposedPorts'> & {
  readonly HostConfig: Pick<
    HostConfigBody,
    'NetworkMode' | 'PortBindings' | 'Links' | 'Dns' | 'DnsSearch' | 'ExtraHosts'
  >;
};

export type EnginePorts = ContainerInspect['NetworkSettings']['Ports'];

/** Without a network mode Linux has `bridge`. */
export function networkOf({ taskDefinition }: TaskOrder): TaskNetwork {
  switch (taskDefinition.content.networkMode) {
    case 'awsvpc':
      return awsvpcNetwork;
    case 'host':
      return hostNetwork;
    case 'none':
      return noNetwork;
    default:
      return bridgeNetwork;
  }
}
