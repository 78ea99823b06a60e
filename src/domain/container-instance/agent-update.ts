import type { AgentUpdateStatus } from '@aws-sdk/client-ecs';
import { EcsError } from '../errors.ts';
import { compareVersions, parseVersion } from '../query-language/literals.ts';
import { changedInstance, type ContainerInstance } from './container-instance.ts';

/** A release of the container agent that agents can become: where it is, and the SHA-256 of it. */
export interface AgentRelease {
  readonly version: string;
  readonly location: string;
  readonly sha256: string;
}

/** An update of an instance's agent, under way or over. */
export interface AgentUpdate {
  readonly status: AgentUpdateStatus;
  readonly release: AgentRelease;
}

/** What an agent is told in the course of an update: to download the release, then to become it. */
export type AgentUpdateStep = 'Stage' | 'Perform';

/**
 * The instance with an update asked for.
 * @throws EcsError MissingVersionException, UpdateInProgressException or NoUpdateAvailableException
 */
export function updateRequested(
  instance: ContainerInstance,
  offered: AgentRelease | undefined,
): ContainerInstance {
  const { agentVersion } = instance.versionInfo;
  if (agentVersion === undefined) throw missingVersion();
  if (agentUpdateStep(instance) !== undefined) throw updateInProgress();
  // A machine of Longshore's own has no agent that could become another.
  const hasAgent = instance.machineId === undefined;
  if (!hasAgent || !offered || !isNewer(offered.version, agentVersion)) throw noUpdateAvailable();
  return changedInstance(instance, { agentUpdate: { status: 'PENDING', release: offered } });
}

/** What the agent is to be told next, as often as it connects; undefined where no update is under way. */
export function agentUpdateStep({ agentUpdate }: ContainerInstance): AgentUpdateStep | undefined {
  switch (agentUpdate?.status) {
    case 'PENDING':
    case 'STAGING':
      return 'Stage';
    case 'STAGED':
    case 'UPDATING':
      return 'Perform';
    case 'UPDATED':
    case 'FAILED':
    case undefined:
      return undefined;
  }
}

/** The instance once its agent is being told of a step. */
export function stepTold(instance: ContainerInstance, step: AgentUpdateStep): ContainerInstance {
  return movedTo(instance, step, step === 'Stage' ? 'STAGING' : 'UPDATING');
}

/** The instance once its agent has answered a step: it has done it, or it cannot. */
export function stepAnswered(
  instance: ContainerInstance,
  step: AgentUpdateStep,
  isDone: boolean,
): ContainerInstance {
  if (!isDone) return movedTo(instance, step, 'FAILED');
  // An agent that becomes another one says so by coming back as that one.
  return step === 'Stage' ? movedTo(instance, step, 'STAGED') : instance;
}

/**
 * What the connection of an agent means for an update. It has succeeded when the agent comes back as the release; one that
 * comes back as it was, after it was to become the release, has failed. An agent that has started anew has lost what it
 * had staged.
 */
export function updateAfterConnection(
  { agentUpdate, ...instance }: ContainerInstance,
  agentVersion: string | undefined,
  isNewProcess: boolean,
): AgentUpdate | undefined {
  if (!agentUpdate || agentUpdateStep({ ...instance, agentUpdate }) === undefined) {
    return agentUpdate;
  }
  if (agentVersion === agentUpdate.release.version) return { ...agentUpdate, status: 'UPDATED' };
  if (!isNewProcess) return agentUpdate;
  return { ...agentUpdate, status: agentUpdate.status === 'UPDATING' ? 'FAILED' : 'PENDING' };
}

/** An answer to a step that is no longer the next one comes too late. */
function movedTo(
  instance: ContainerInstance,
  step: AgentUpdateStep,
  status: AgentUpdateStatus,
): ContainerInstance {
  const { agentUpdate } = instance;
  if (!agentUpdate || agentUpdateStep(instance) !== step || agentUpdate.status === status) {
    return instance;
  }
  return changedInstance(instance, { agentUpdate: { ...agentUpdate, status } });
}

function isNewer(offered: string, running: string): boolean {
  const [newer, older] = [parseVersion(offered), parseVersion(running)];
  return newer !== undefined && (older === undefined || compareVersions(newer, older) > 0);
}

function noUpdateAvailable(): EcsError {
  return new EcsError(
    'NoUpdateAvailableException',
    'There is no update available for your container agent.',
  );
}

/** [inferred text] */
function missingVersion(): EcsError {
  return new EcsError('MissingVersionException', 'The version of the container agent is unknown.');
}

/** [inferred text] */
function updateInProgress(): EcsError {
  return new EcsError(
    'UpdateInProgressException',
    'An update of the container agent is already in progress.',
  );
}
