import type {
  DaemonIpcMode,
  DaemonPidMode,
  DaemonTaskDefinitionStatus,
  DaemonVolume,
} from '@aws-sdk/client-ecs';
import { clientError, type EcsError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';

/** What was registered and is told to containers in other words: see `parseDaemonTaskDefinition`. */
export interface DaemonSettings {
  readonly volumes: readonly DaemonVolume[];
  readonly pidMode?: DaemonPidMode;
  readonly ipcMode?: DaemonIpcMode;
}

/**
 * What the tasks of daemons are started from: a task definition of a space of families of its own
 * (API reference, "DaemonTaskDefinition").
 */
export interface DaemonTaskDefinition extends TaskDefinition {
  readonly status: 'ACTIVE' | 'DELETE_IN_PROGRESS';
  readonly settings: DaemonSettings;
  readonly deleteRequestedAt?: Instant;
  /** When no daemon used it any more. It stays describable for a while. */
  readonly deletedAt?: Instant;
}

/** As ECS shows it. */
export function statusOf({ status, deletedAt }: DaemonTaskDefinition): DaemonTaskDefinitionStatus {
  return deletedAt === undefined ? status : 'DELETED';
}

/**
 * DeleteDaemonTaskDefinition: no daemon can be made from it any more, those that are there go on.
 * @throws EcsError ClientException
 */
export function deletionRequested(
  definition: DaemonTaskDefinition,
  now: Instant,
): DaemonTaskDefinition {
  if (definition.status !== 'ACTIVE') throw notActive();
  return { ...definition, status: 'DELETE_IN_PROGRESS', deleteRequestedAt: now };
}

/** @throws EcsError ClientException where no daemon can be made from it any more */
export function requireActive({ status }: DaemonTaskDefinition): void {
  if (status !== 'ACTIVE') throw notActive();
}

/** [inferred text] */
function notActive(): EcsError {
  return clientError('The specified daemon task definition is not ACTIVE.');
}

/** [inferred text, after that of task definitions] */
export function cannotDescribeDaemonTaskDefinition(): EcsError {
  return clientError('Unable to describe daemon task definition.');
}

/** CreateDaemon and UpdateDaemon. [inferred text, after that of task definitions] */
export function daemonTaskDefinitionNotFound(): EcsError {
  return clientError('DaemonTaskDefinition not found.');
}
