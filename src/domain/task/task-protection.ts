import type { UpdateTaskProtectionRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import type { Task } from './task.ts';

const minuteMs = 60_000;
const defaultMinutes = 120;
const longestMinutes = 2880;

/**
 * Until when an UpdateTaskProtection protects its tasks; undefined where it ends their protection.
 * @throws EcsError InvalidParameterException [inferred texts]
 */
export function parseProtection(
  { protectionEnabled, expiresInMinutes = defaultMinutes }: UpdateTaskProtectionRequest,
  now: Instant,
): Instant | undefined {
  if (protectionEnabled === undefined) {
    throw invalidParameter('protectionEnabled can not be null.');
  }
  if (!protectionEnabled) return undefined;
  const isValid = expiresInMinutes >= 1 && expiresInMinutes <= longestMinutes;
  if (!isValid) {
    throw invalidParameter(`expiresInMinutes must be between 1 and ${longestMinutes}`);
  }
  return now + Math.trunc(expiresInMinutes) * minuteMs;
}

/** Only tasks of services that are not on their way to STOPPED take protection. */
export function takesProtection({ group, desiredStatus }: Task): boolean {
  return group.startsWith('service:') && desiredStatus === 'RUNNING';
}

export function withProtection(task: Task, until: Instant | undefined): Task {
  const { protectedUntil: _, ...unprotected } = task;
  return until === undefined ? unprotected : { ...unprotected, protectedUntil: until };
}
