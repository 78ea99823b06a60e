import type { VersionInfo } from '@aws-sdk/client-ecs';
import { lastPathElement, type ContainerInstanceArn, type DaemonArn } from '../arn.ts';
import { clientError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import { updateAfterConnection } from './agent-update.ts';
import {
  changedInstance,
  type ContainerInstance,
  type InstanceHealth,
} from './container-instance.ts';

/** @throws EcsError InvalidParameterException */
export function parseWantedStatus(status: string | undefined): 'ACTIVE' | 'DRAINING' {
  if (status === 'ACTIVE' || status === 'DRAINING') return status;
  throw invalidParameter('Container instances status should be one of [ACTIVE,DRAINING]');
}

/** Why an instance cannot be set to ACTIVE or DRAINING now; undefined where it can. */
export function statusObstacle({ status }: ContainerInstance): string | undefined {
  return status === 'ACTIVE' || status === 'DRAINING' ? undefined : status;
}

/** Setting the status that it has changes nothing, but that it is the user's wish from then on and no daemon's. */
export function withStatus(
  given: ContainerInstance,
  status: 'ACTIVE' | 'DRAINING',
): ContainerInstance {
  const { heldBy, ...free } = given;
  const instance = heldBy ? free : given;
  return instance.status === status ? instance : changedInstance(instance, { status });
}

/** A daemon is missing, or about to be: other tasks are to leave meanwhile. */
export function heldInstance(instance: ContainerInstance, daemon: DaemonArn): ContainerInstance {
  const { heldBy = [], status } = instance;
  if (heldBy.includes(daemon)) return instance;
  const held = { heldBy: [...heldBy, daemon] };
  if (status !== 'ACTIVE') return heldBy.length > 0 ? { ...instance, ...held } : instance;
  return changedInstance(instance, { ...held, status: 'DRAINING' });
}

/** A daemon runs, or is not to run any more. */
export function releasedInstance(
  instance: ContainerInstance,
  daemon: DaemonArn,
): ContainerInstance {
  const { heldBy, ...free } = instance;
  if (!heldBy?.includes(daemon)) return instance;
  const left = heldBy.filter((one) => one !== daemon);
  if (left.length > 0) return { ...instance, heldBy: left };
  return isHoldable(free) ? changedInstance(free, { status: 'ACTIVE' }) : free;
}

/** Whether daemons can be what keeps it from being ACTIVE. */
function isHoldable({ status }: ContainerInstance): boolean {
  return status === 'DRAINING' || status === 'REGISTERING';
}

/** What is known of an agent that has opened a connection. */
export interface AgentConnection {
  readonly versionInfo: VersionInfo;
  /** Whether it is its first one since the agent was started. */
  readonly isNewProcess: boolean;
  /** Its IPv4 address, where it comes by one. */
  readonly from?: string | undefined;
  readonly at: Instant;
}

/** Its agent has opened a connection: only now are its versions known for certain. */
export function connectedInstance(
  instance: ContainerInstance,
  { versionInfo, isNewProcess, from, at }: AgentConnection,
): ContainerInstance {
  const agentUpdate = updateAfterConnection(instance, versionInfo.agentVersion, isNewProcess);
  return changedInstance(instance, {
    agentConnected: true,
    connectedAt: at,
    versionInfo: { ...instance.versionInfo, ...versionInfo },
    ...present({ agentUpdate, connectedFrom: from }),
  });
}

export function disconnectedInstance(instance: ContainerInstance, at: Instant): ContainerInstance {
  if (!instance.agentConnected) return instance;
  return changedInstance(instance, { agentConnected: false, disconnectedAt: at });
}

/** Agents look twice a minute. That nothing has changed is noted less often: it is a write for each instance. */
const sameHealthNotedMs = 60_000;

/** What the agent says of the container runtime. */
export function withHealth(
  instance: ContainerInstance,
  status: InstanceHealth,
  now: Instant,
): ContainerInstance {
  const { healthCheck } = instance;
  if (healthCheck?.status === status) {
    if (now < healthCheck.lastUpdated + sameHealthNotedMs) return instance;
    return { ...instance, healthCheck: { ...healthCheck, lastUpdated: now } };
  }
  return changedInstance(instance, {
    healthCheck: { type: 'CONTAINER_RUNTIME', status, lastUpdated: now, lastStatusChange: now },
  });
}

/** @throws EcsError InvalidParameterException while tasks run on it, unless it is forced */
export function deregistered(
  instance: ContainerInstance,
  {
    hasTasks,
    force,
    now,
  }: { readonly hasTasks: boolean; readonly force: boolean; readonly now: Instant },
): ContainerInstance {
  if (hasTasks && !force) throw invalidParameter('Found running tasks on the instance.');
  return changedInstance(instance, { status: 'INACTIVE', deregisteredAt: now });
}

export function instanceNotFound(arn: ContainerInstanceArn): Error {
  return clientError(`Referenced container instance ${lastPathElement(arn)} not found.`);
}
