import type { Task } from '../domain/task/task.ts';
import type { TaskDefinitionContent } from '../domain/task-definition/task-definition.ts';
import type { Reply } from './reply.ts';

/**
 * Fault injection (Developer Guide, "Amazon ECS fault injection endpoint"): refused as ECS does where the task
 * definition does not enable it, and with a plain word where it does, as this release injects none.
 */
export function answerFault({ arn }: Task, { enableFaultInjection }: TaskDefinitionContent): Reply {
  const words = enableFaultInjection
    ? 'fault injection is not implemented on this host'
    : `enableFaultInjection is not enabled for task: ${arn}`;
  return { status: 400, body: { Error: words } };
}
