import type { ContainerInstanceArn, TaskArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { Hosts } from './hosts.ts';
import type { CountsByRevision, ServiceDeployment } from './service-deployment.ts';
import { messageOf, type Telling } from './service-messages.ts';
import { countsOf } from './service-tasks.ts';
import type { Deployment, Service } from './service.ts';

/** A service, and all that its scheduler looks at. */
export interface ObservedService {
  readonly service: Service;
  /** Its tasks that have not STOPPED, and those that it has not accounted for. */
  readonly tasks: readonly Task[];
  /** Its service deployments that have not come to their end, oldest first. */
  readonly rollouts: readonly ServiceDeployment[];
  /** The container instances that its tasks are on. */
  readonly hosts: Hosts;
  /** Of a DAEMON service: the instances that are to have a task of it. */
  readonly suited: readonly SuitedInstance[];
  /** The Availability Zones that its tasks are to be balanced over; none where they are not to be. */
  readonly zones: readonly string[];
}

/** A container instance that constraints and attributes let a task go to. */
export interface SuitedInstance {
  readonly arn: ContainerInstanceArn;
  readonly agentConnected: boolean;
}

/** What is to be done outside the service's own records, in this order. */
export type ServiceAction =
  | {
      readonly kind: 'StartTasks';
      readonly deployment: Deployment;
      readonly count: number;
      readonly replacesUnhealthy: boolean;
      /** Where only these container instances are in question, a task for each. */
      readonly on?: readonly ContainerInstanceArn[];
      /** Where the tasks are to balance the Availability Zones: the one that lacks them. */
      readonly zone?: string;
    }
  | { readonly kind: 'StopTask'; readonly taskArn: TaskArn; readonly reason: string }
  /** Note with the task that its end has been counted. */
  | { readonly kind: 'AccountFor'; readonly taskArn: TaskArn }
  /** Write an event. */
  | { readonly kind: 'Announce'; readonly telling: Telling };

/** The service as it is to be from now on, and what follows from that. */
export interface ServicePlan extends ObservedService {
  readonly actions: readonly ServiceAction[];
  readonly lookAgainAt: Instant | undefined;
}

/** A plan in the making: each step takes what the former one left. */
export type Draft = Omit<ServicePlan, 'lookAgainAt'>;

export function announce(telling: Telling): ServiceAction {
  return { kind: 'Announce', telling };
}

export function withActions(draft: Draft, ...actions: readonly ServiceAction[]): Draft {
  return actions.length === 0 ? draft : { ...draft, actions: [...draft.actions, ...actions] };
}

/** Gives the service these deployments; where they are the ones that it has, nothing changes. */
export function withDeployments(draft: Draft, changed: Service['deployments']): Draft {
  const { deployments } = draft.service;
  const isSame =
    changed.length === deployments.length && changed.every((one, i) => one === deployments[i]);
  return isSame ? draft : { ...draft, service: { ...draft.service, deployments: changed } };
}

/** Puts a changed deployment in the place of the one with its id. */
export function withDeployment(draft: Draft, changed: Deployment): Draft {
  const [primary, ...others] = draft.service.deployments;
  const place = (deployment: Deployment): Deployment =>
    deployment.id === changed.id ? changed : deployment;
  return withDeployments(draft, [place(primary), ...others.map(place)]);
}

export function withRollout(draft: Draft, changed: ServiceDeployment): Draft {
  const rollouts = draft.rollouts.map((one) => (one.arn === changed.arn ? changed : one));
  return { ...draft, rollouts };
}

/** Counts as they are now, of all revisions that take part. */
export function finalCounts(
  { service, tasks }: Pick<Draft, 'service' | 'tasks'>,
  { target, sources, rollback }: ServiceDeployment,
): { readonly finalCounts: CountsByRevision } {
  const involved = new Set([target, ...sources, ...(rollback ? [rollback.revisionArn] : [])]);
  const counts: CountsByRevision = Object.fromEntries(
    service.deployments
      .filter(({ revision }) => involved.has(revision.arn))
      .map((deployment) => [deployment.revision.arn, countsOf(tasks, deployment)]),
  );
  return { finalCounts: counts };
}

const repeatedAfterMs = 6 * 60 * 60 * 1000;

/** Which of the container instances comes closest is no news. */
function isSameNews(told: string, message: string): boolean {
  const instance = /\(container-instance [^)]*\)/;
  return told === message || told.replace(instance, '') === message.replace(instance, '');
}

/** The same news is told again only after six hours, or when the service has been steady meanwhile. */
export function announceOnce(draft: Draft, telling: Telling, now: Instant): Draft {
  const message = messageOf(draft.service, telling.text);
  for (const event of draft.service.events) {
    if (now - event.createdAt >= repeatedAfterMs) break;
    if (event.subject.kind === 'SteadyState') break;
    if (isSameNews(event.message, message)) return draft;
  }
  const isPlanned = draft.actions.some(
    (action) => action.kind === 'Announce' && action.telling.text === telling.text,
  );
  return isPlanned ? draft : withActions(draft, announce(telling));
}
