import type { Instant } from '../instant.ts';
import { settleStopped, withStatus } from '../task/apply-report.ts';
import { ownEnd } from '../task/plan-task.ts';
import type { Task } from '../task/task.ts';
import { registeredOf } from './instance-of-task.ts';
import type { Registered, ServiceRegistry } from './service-registry.ts';

/** What is to be done in Cloud Map for a task. */
export type RegistrationDue =
  /** It runs, and is RUNNING once it is registered. */
  | { readonly kind: 'Register'; readonly registry: ServiceRegistry }
  /** It is not as Cloud Map knows it any more. */
  | { readonly kind: 'Update'; readonly registry: ServiceRegistry; readonly known: Registered }
  /** It is to stop, or has. */
  | { readonly kind: 'Deregister'; readonly registry: ServiceRegistry };

/** What its record says is to be done for a task in Cloud Map; undefined where nothing is. */
export function registrationDue(task: Task): RegistrationDue | undefined {
  const { serviceRegistry: registry, registered: known, desiredStatus, lastStatus } = task;
  if (!registry) return undefined;
  if (!known) {
    const isWaiting = lastStatus === 'ACTIVATING' && desiredStatus === 'RUNNING';
    // One that has come to its end meanwhile is about to be told to stop.
    return isWaiting && !ownEnd(task) ? { kind: 'Register', registry } : undefined;
  }
  if (desiredStatus === 'STOPPED') return { kind: 'Deregister', registry };
  const { health, port } = registeredOf(task, registry);
  if (health === known.health && port === known.port) return undefined;
  return { kind: 'Update', registry, known };
}

/** A task that has been brought to where it is found. Without `registered` that could not be done: it runs all the same. */
export function activatedTask(task: Task, registered: Registered | undefined, at: Instant): Task {
  return { ...withStatus(task, 'RUNNING'), startedAt: at, ...(registered && { registered }) };
}

/** A task that is not found any more: only now may it be stopped. */
export function deactivatedTask(task: Task): Task {
  const { registered: _, ...left } = task;
  if (task.lastStatus !== 'DEACTIVATING') return left;
  const stopping: Task = { ...left, lastStatus: 'STOPPING' };
  const settled = settleStopped(stopping);
  // Where nothing of it runs any more, there is nothing to stop.
  return settled === stopping ? withStatus(left, 'STOPPING') : settled;
}
