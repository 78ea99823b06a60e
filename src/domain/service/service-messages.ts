import { lastPathElement } from '../arn.ts';
import type { Task } from '../task/task.ts';
import type { AnyService } from './service.ts';

export const troubleshooting =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

function list(tasks: readonly Task[]): string {
  return tasks.map(({ arn }) => `(task ${lastPathElement(arn)})`).join(' ');
}

/** The texts of a service's events, each behind `(service NAME)`. */
export const messages = {
  started: (tasks: readonly Task[], replacesUnhealthy: boolean): string => {
    const started = `has started ${tasks.length} tasks: ${list(tasks)}.`;
    if (!replacesUnhealthy) return started;
    return `${started} Amazon ECS replaced ${tasks.length} tasks due to an unhealthy status.`;
  },
  stoppedRunning: (tasks: readonly Task[]): string =>
    `has stopped ${tasks.length} running tasks: ${list(tasks)}.`,
  stoppedPending: (count: number): string => `stopped ${count} pending tasks.`,
  failedHealthChecks: (task: Task): string => `${list([task])} failed container health checks.`,
  steady: 'has reached a steady state.',
  completed: (deploymentId: string): string => `(deployment ${deploymentId}) deployment completed.`,
  failedBy: (deploymentId: string, cause: string): string =>
    `(deployment ${deploymentId}) deployment failed: ${cause}`,
  rollingBack: (deploymentId: string): string => `rolling back to deployment ${deploymentId}.`,
  unableToPlace: (reason: string): string =>
    `was unable to place a task. Reason: ${reason.replace(/\.$/, '')}.`,
  startImpaired: `is unable to consistently start tasks successfully. ${troubleshooting}`,
  blocked:
    'was unable to stop or start tasks during a deployment because of the service deployment ' +
    'configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  /** [inferred text] */
  computedCount: (taskSetId: string, count: number): string =>
    `updated computedDesiredCount for taskSet ${taskSetId} to ${count}.`,
  /** [inferred text] */
  constraintViolated: (task: Task): string =>
    `${list([task])} no longer meets the placement constraints of the service.`,
  zonesBalancing: (tasksByZone: string): string =>
    `is not AZ balanced with ${tasksByZone}. AZ Rebalancing in progress.`,
  zonesBalanced: (tasksByZone: string): string => `is AZ balanced with ${tasksByZone}.`,
  balancingStopped: 'stopped AZ Rebalancing.',
  balancingHeldBack: (deploymentId: string, count: number): string =>
    `was unable to AZ Rebalance because (taskSet ${deploymentId}) was unable to scale in ` +
    `due to (reason ${count} tasks under protection)`,
  startedInZone: (tasks: readonly Task[], zone: string): string =>
    `has started ${tasks.length} tasks in ${zone} to AZ Rebalance: ${list(tasks)}.`,
  stoppedInZone: (tasks: readonly Task[], zone: string): string =>
    `has stopped ${tasks.length} running tasks in ${zone} due to AZ rebalancing: ${list(tasks)}.`,
  noPlaceInZone: (zone: string): string =>
    `is unable to place a task in ${zone} because no container instance met all of its requirements.`,
  protected: (deploymentId: string, count: number): string =>
    `was unable to reach steady state because (taskSet ${deploymentId}) was unable to scale in ` +
    `due to (reason ${count} tasks under protection)`,
} as const;

/** Events of a task set name it beside its service. */
export function ofTaskSet(id: string, text: string): string {
  return `, taskSet ${id}) ${text}`;
}

export function messageOf({ name }: Pick<AnyService, 'name'>, text: string): string {
  return text.startsWith(',') ? `(service ${name}${text}` : `(service ${name}) ${text}`;
}

/** The stopped reason of a task that its service stops. */
export function scalingReason({ startedBy = '' }: Task): string {
  return `Scaling activity initiated by (deployment ${startedBy})`;
}

export function rebalancingReason({ startedBy = '' }: Task): string {
  return `Availability-zone rebalancing initiated by (deployment ${startedBy})`;
}

/** [inferred text] */
export const drainingReason = 'Task stopped because of container instance draining';

/** [inferred text] */
export const maintenanceReason =
  'ECS is performing maintenance on the underlying infrastructure hosting the task.';

export const failedHealthChecksReason = 'Task failed container health checks';
