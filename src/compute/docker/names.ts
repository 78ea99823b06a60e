import { createHash, randomBytes } from 'node:crypto';
import { lastPathElement } from '../../domain/arn.ts';
import { findLogRouter } from '../../domain/firelens/plan-routing.ts';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import type { TaskOrder } from '../compute.ts';

/** What a container is here for. */
export type Role = 'app' | 'pause' | 'files';

/** Begins the names of all labels of our own. */
export const labelPrefix = 'longshore.';

export const labelKeys = {
  installation: 'longshore.installation',
  role: 'longshore.role',
  taskArn: 'longshore.task-arn',
  container: 'longshore.container',
} as const;

/** Picks out what this installation made, among all that an Engine has. */
export function installationLabel(installationId: string): string {
  return `${labelKeys.installation}=${installationId}`;
}

/**
 * What a container is called on its Engine, always the same: on FARGATE its runtime id, elsewhere a name of the form that
 * the official agent gives.
 */
export function dockerName({ task, taskDefinition }: TaskOrder, container: string): string {
  if (task.launchType === 'FARGATE') return fargateRuntimeId(lastPathElement(task.arn), container);
  const { family, revision } = taskDefinition;
  const suffix = createHash('sha256').update(`${task.arn} ${container}`).digest('hex').slice(0, 20);
  return `ecs-${family}-${revision}-${container.replaceAll(/[^a-zA-Z0-9-]/g, '')}-${suffix}`;
}

/** A pause container has no task's name: which task it serves, if any, is told by who joins it. */
export function pauseName(): string {
  return `longshore-pause-${randomBytes(6).toString('hex')}`;
}

/**
 * The name of the volume that a task's containers share. A name of any length becomes a short one.
 */
export function volumeName(taskId: string, volume: string): string {
  return `${taskId}-${createHash('sha256').update(volume).digest('hex').slice(0, 16)}`;
}

/** The name of the volume that a task's log router has its files and its socket in; no volume of its own is called so. */
export function routerVolumeName(taskId: string): string {
  return `${taskId}-router`;
}

/** All volumes that may have been made for a task, and go with it. */
export function ownVolumeNames({
  task,
  taskDefinition: { content },
}: TaskOrder): readonly string[] {
  const taskId = lastPathElement(task.arn);
  const declared = content.volumes.map(({ name }) => volumeName(taskId, name ?? ''));
  return findLogRouter(content.containerDefinitions)
    ? [...declared, routerVolumeName(taskId)]
    : declared;
}

/** The id of a task's network interface: `eni-` and 17 hexadecimal digits, always the same. */
export function networkInterfaceId(taskId: string): string {
  return `eni-${createHash('sha256').update(taskId).digest('hex').slice(0, 17)}`;
}
