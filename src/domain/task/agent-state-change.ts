import type {
  ContainerStateChange,
  ManagedAgentStateChange,
  NetworkBinding as WireNetworkBinding,
  SubmitTaskStateChangeRequest,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { ContainerStatus, NetworkBinding } from './task.ts';

/** What an agent submits of a task: where it has come to, and what became of its containers. */
export interface AgentTaskChange {
  /** Absent where only an attachment is told of. */
  readonly status?: ContainerStatus;
  /** Agents give one only for a task that never ran. */
  readonly reason?: string;
  /** In order: one container may be there twice, as RUNNING and then as STOPPED. */
  readonly containers: readonly AgentContainerChange[];
  readonly managedAgents: readonly ManagedAgentChange[];
  /** Whether the task's interface is there now. */
  readonly isAttached: boolean;
  readonly pullStartedAt?: Instant;
  readonly pullStoppedAt?: Instant;
  readonly executionStoppedAt?: Instant;
}

export interface AgentContainerChange {
  readonly name: string;
  readonly status: ContainerStatus;
  readonly runtimeId?: string;
  readonly imageDigest?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly networkBindings: readonly NetworkBinding[];
}

export interface ManagedAgentChange {
  readonly container: string;
  readonly name: string;
  readonly status: ContainerStatus;
  readonly reason?: string;
}

const statuses = ['PENDING', 'RUNNING', 'STOPPED'] as const;

/**
 * Reads what an agent submits. What is refused here the agent never sends again.
 * @throws EcsError InvalidParameterException
 */
export function parseTaskChange(input: SubmitTaskStateChangeRequest): AgentTaskChange {
  return {
    containers: (input.containers ?? []).map(parseContainerChange),
    managedAgents: (input.managedAgents ?? []).map(parseManagedAgent),
    isAttached: (input.attachments ?? []).some(({ status }) => status === 'ATTACHED'),
    ...present({
      status: input.status ? parseStatus(input.status) : undefined,
      reason: input.reason || undefined,
      pullStartedAt: input.pullStartedAt?.getTime(),
      pullStoppedAt: input.pullStoppedAt?.getTime(),
      executionStoppedAt: input.executionStoppedAt?.getTime(),
    }),
  };
}

/** @throws EcsError InvalidParameterException */
export function parseContainerChange(input: ContainerStateChange): AgentContainerChange {
  const { containerName = '', runtimeId, imageDigest, exitCode, reason } = input;
  return {
    name: containerName,
    status: parseStatus(input.status),
    networkBindings: (input.networkBindings ?? []).flatMap(parseBinding),
    ...present({
      runtimeId: runtimeId || undefined,
      imageDigest: imageDigest || undefined,
      exitCode,
      reason: reason || undefined,
    }),
  };
}

/** Agents also know of one that is CREATED: it is yet to run. */
function parseManagedAgent(input: ManagedAgentStateChange): ManagedAgentChange {
  const { containerName = '', managedAgentName = '', status, reason } = input;
  return {
    container: containerName,
    name: managedAgentName,
    status: status === 'CREATED' ? 'PENDING' : parseStatus(status),
    ...present({ reason: reason || undefined }),
  };
}

/** [inferred text] */
function parseStatus(status: string | undefined): ContainerStatus {
  const known = statuses.find((one) => one === status);
  if (known === undefined) {
    throw invalidParameter(`status should be one of [${statuses.join(',')}]`);
  }
  return known;
}

function parseBinding(given: WireNetworkBinding): NetworkBinding[] {
  const { bindIP = '0.0.0.0', containerPort, hostPort, containerPortRange, hostPortRange } = given;
  const protocol = given.protocol === 'udp' ? 'udp' : 'tcp';
  if (containerPortRange && hostPortRange) {
    return [{ bindIP, containerPortRange, hostPortRange, protocol }];
  }
  if (!containerPort || !hostPort) return [];
  return [{ bindIP, containerPort, hostPort, protocol }];
}
