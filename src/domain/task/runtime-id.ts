import { lastPathElement } from '../arn.ts';
import type { Container, Task } from './task.ts';

/**
 * The `runtimeId` of a container on FARGATE: the task's id, a hyphen, and the 32-bit FNV-1a hash of
 * the container's name in ten digits. Recordings of the real service show that every task has the
 * same digits for the same name.
 */
export function fargateRuntimeId(taskId: string, containerName: string): string {
  return `${taskId}-${fnv1a(containerName).toString().padStart(10, '0')}`;
}

/** A container's runtime id; on FARGATE it is known before the container is there. */
export function runtimeIdOf(
  { arn, launchType }: Task,
  { name, runtimeId }: Container,
): string | undefined {
  if (runtimeId !== undefined || launchType !== 'FARGATE') return runtimeId;
  return fargateRuntimeId(lastPathElement(arn), name);
}

/** Names of containers are ASCII, so a character is a byte. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
