import { lastPathElement } from '../arn.ts';
import type { Task } from '../task/task.ts';
import type { AnyService, PlainSubject, ServiceEventSubject, SubjectOfTasks } from './service.ts';

export const troubleshooting =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

function list(tasks: readonly Task[]): string {
  return tasks.map(({ arn }) => `(task ${lastPathElement(arn)})`).join(' ');
}

/** What a service tells, behind its name, and what it is about. */
export interface Telling {
  readonly text: string;
  readonly subject: ServiceEventSubject;
}

function of(kind: PlainSubject, text: string): Telling {
  return { text, subject: { kind } };
}

function message(text: string): Telling {
  return of('Message', text);
}

function ofTasks(kind: SubjectOfTasks['kind'], tasks: readonly Task[], text: string): Telling {
  return { text, subject: { kind, taskArns: tasks.map(({ arn }) => arn) } };
}

/** The events of a service. Those of a task set name it beside its service. */
export const messages = {
  started: (tasks: readonly Task[], replacesUnhealthy: boolean): Telling => {
    const started = `has started ${tasks.length} tasks: ${list(tasks)}.`;
    if (!replacesUnhealthy) return message(started);
    return message(
      `${started} Amazon ECS replaced ${tasks.length} tasks due to an unhealthy status.`,
    );
  },
  stoppedRunning: (tasks: readonly Task[]): Telling =>
    message(`has stopped ${tasks.length} running tasks: ${list(tasks)}.`),
  stoppedPending: (count: number): Telling => message(`stopped ${count} pending tasks.`),
  failedHealthChecks: (task: Task): Telling =>
    message(`${list([task])} failed container health checks.`),
  steady: of('SteadyState', 'has reached a steady state.'),
  taskSetSteady: (taskSetId: string): Telling => ({
    text: `, taskSet ${taskSetId}) has reached a steady state.`,
    subject: { kind: 'TaskSetSteadyState', taskSetId },
  }),
  completed: (deploymentId: string): Telling =>
    message(`(deployment ${deploymentId}) deployment completed.`),
  failedBy: (deploymentId: string, cause: string): Telling =>
    message(`(deployment ${deploymentId}) deployment failed: ${cause}`),
  rollingBack: (deploymentId: string): Telling =>
    message(`rolling back to deployment ${deploymentId}.`),
  unableToPlace: (cause: string): Telling => {
    const reason = cause.replace(/\.$/, '');
    const text = `was unable to place a task. Reason: ${reason}.`;
    return { text, subject: { kind: 'PlacementFailed', reason } };
  },
  startImpaired: of('StartImpaired', 'is unable to consistently start tasks successfully.'),
  blocked: message(
    'was unable to stop or start tasks during a deployment because of the service deployment ' +
      'configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
  ),
  /** [inferred text] */
  computedCount: (taskSetId: string, count: number): Telling => ({
    text: `updated computedDesiredCount for taskSet ${taskSetId} to ${count}.`,
    subject: { kind: 'CountComputed', taskSetId },
  }),
  /** [inferred text] */
  constraintViolated: (task: Task): Telling =>
    ofTasks(
      'ConstraintViolated',
      [task],
      `${list([task])} no longer meets the placement constraints of the service.`,
    ),
  /** [inferred texts, after those for target groups: this and the next three] */
  registered: (count: number, registryArn: string): Telling =>
    message(`registered ${count} instances in (service-registry ${registryArn})`),
  deregistered: (count: number, registryArn: string): Telling =>
    message(`deregistered ${count} instances in (service-registry ${registryArn})`),
  notRegistered: (registryArn: string, error: string): Telling =>
    message(
      `failed to register instances in (service-registry ${registryArn}) with (error ${error})`,
    ),
  unhealthyInRegistry: (task: Task, registryArn: string): Telling => ({
    text: `${list([task])} is unhealthy in (service-registry ${registryArn})`,
    subject: { kind: 'UnhealthyInRegistry', registryArn, taskArn: task.arn },
  }),
  /** What ECS never has to say. */
  trafficIsRecorded: message(
    'records the traffic weights of its revisions. No load balancer routes by them, and no target is ' +
      'registered.',
  ),
  zonesBalancing: (tasksByZone: string): Telling =>
    of('BalancingStarted', `is not AZ balanced with ${tasksByZone}. AZ Rebalancing in progress.`),
  zonesBalanced: (tasksByZone: string): Telling =>
    of('BalancingCompleted', `is AZ balanced with ${tasksByZone}.`),
  balancingStopped: of('BalancingStopped', 'stopped AZ Rebalancing.'),
  balancingHeldBack: (deploymentId: string, count: number): Telling =>
    of(
      'HeldByProtection',
      `was unable to AZ Rebalance because (taskSet ${deploymentId}) was unable to scale in ` +
        `due to (reason ${count} tasks under protection)`,
    ),
  startedInZone: (tasks: readonly Task[], zone: string): Telling =>
    ofTasks(
      'StartedForBalance',
      tasks,
      `has started ${tasks.length} tasks in ${zone} to AZ Rebalance: ${list(tasks)}.`,
    ),
  stoppedInZone: (tasks: readonly Task[], zone: string): Telling =>
    ofTasks(
      'StoppedForBalance',
      tasks,
      `has stopped ${tasks.length} running tasks in ${zone} due to AZ rebalancing: ${list(tasks)}.`,
    ),
  noPlaceInZone: (zone: string): Telling =>
    message(
      `is unable to place a task in ${zone} because no container instance met all of its requirements.`,
    ),
  protected: (deploymentId: string, count: number): Telling =>
    of(
      'HeldByProtection',
      `was unable to reach steady state because (taskSet ${deploymentId}) was unable to scale in ` +
        `due to (reason ${count} tasks under protection)`,
    ),
} as const;

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
