import { capacityProviderArn, scopeOfArn, taskSetArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import {
  revisionsOf,
  type AnyService,
  type PlainSubject,
  type RefusedSubject,
  type ServiceEvent,
  type SubjectOfRegistry,
  type SubjectOfTasks,
} from '../service/service.ts';
import type { EventContent } from './ecs-event.ts';

/** What an `ECS Service Action` is about. */
interface Action {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: string;
  readonly capacityProviderArns?: readonly string[];
  readonly containerInstanceArns?: readonly string[];
  readonly taskArns?: readonly string[];
  readonly taskSetArns?: readonly string[];
  readonly serviceRegistryArns?: readonly string[];
  readonly reason?: string;
}

/** The actions that a change of a service tells of, oldest first; most are what its messages are about. */
export function serviceActions(
  before: AnyService | undefined,
  after: AnyService,
  at: Instant,
): readonly EventContent[] {
  const told = before?.events === after.events ? [] : addedEvents(before, after);
  const actions = told.flatMap((event) => actionsOf(after, event));
  const counted = isRecounted(before, after) ? [info('SERVICE_DESIRED_COUNT_UPDATED')] : [];
  return [...counted, ...actions].map((action) => contentOf(after, action, at));
}

/** Only a count that the scheduler has computed is told of, not one that a user has set. */
function isRecounted(before: AnyService | undefined, after: AnyService): boolean {
  return (
    after.schedulingStrategy === 'DAEMON' &&
    after.status === 'ACTIVE' &&
    (before?.desiredCount ?? 0) !== after.desiredCount
  );
}

function contentOf(service: AnyService, action: Action, at: Instant): EventContent {
  const { eventType, eventName, ...particulars } = action;
  const { clusterArn } = service;
  const createdAt = isoInstant(at);
  const detail = { eventType, eventName, clusterArn, ...particulars, createdAt };
  return { type: 'ECS Service Action', resourceArn: service.arn, detail };
}

function addedEvents(before: AnyService | undefined, after: AnyService): readonly ServiceEvent[] {
  const newestBefore = before?.events[0]?.id;
  const known = after.events.findIndex(({ id }) => id === newestBefore);
  return after.events.slice(0, known === -1 ? undefined : known).toReversed();
}

function actionsOf(service: AnyService, { subject }: ServiceEvent): readonly Action[] {
  if ('taskArns' in subject) return [{ ...taskActions[subject.kind], taskArns: subject.taskArns }];
  if ('taskSetId' in subject) {
    const taskSetArns = [taskSetArn(service.arn, subject.taskSetId)];
    return [{ ...taskSetActions[subject.kind], taskSetArns }];
  }
  if (subject.kind === 'UnhealthyInRegistry') return [unhealthyInRegistry(subject)];
  if (subject.kind === 'PlacementFailed') return [placementFailure(service, subject)];
  const plain = plainActions[subject.kind];
  return subject.kind === 'SteadyState' ? [...plain, ...steadyProviders(service)] : plain;
}

const taskActions: Readonly<Record<SubjectOfTasks['kind'], Action>> = {
  StartedForBalance: info('TASKS_STARTED'),
  StoppedForBalance: info('TASKS_STOPPED'),
  ConstraintViolated: {
    eventType: 'ERROR',
    eventName: 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED',
  },
};

const taskSetActions = {
  TaskSetSteadyState: info('TASKSET_STEADY_STATE'),
  CountComputed: info('SERVICE_DESIRED_COUNT_UPDATED'),
} as const;

const plainActions: Readonly<Record<PlainSubject, readonly Action[]>> = {
  Message: [],
  SteadyState: [info('SERVICE_STEADY_STATE')],
  StartImpaired: [{ eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' }],
  HeldByProtection: [info('TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION')],
  BalancingStarted: [info('SERVICE_REBALANCING_STARTED')],
  BalancingCompleted: [info('SERVICE_REBALANCING_COMPLETED')],
  BalancingStopped: [info('SERVICE_REBALANCING_STOPPED')],
};

function unhealthyInRegistry({ registryArn, taskArn }: SubjectOfRegistry): Action {
  const eventName = 'SERVICE_DISCOVERY_INSTANCE_UNHEALTHY';
  const concerned = { taskArns: [taskArn], serviceRegistryArns: [registryArn] };
  return { eventType: 'WARN', eventName, ...concerned };
}

function info(eventName: string): Action {
  return { eventType: 'INFO', eventName };
}

/** A steady service has no task left that waits for its capacity providers. */
function steadyProviders(service: AnyService): readonly Action[] {
  const capacityProviderArns = providersOf(service);
  if (capacityProviderArns.length === 0) return [];
  return [{ ...info('CAPACITY_PROVIDER_STEADY_STATE'), capacityProviderArns }];
}

function providersOf(service: AnyService): readonly string[] {
  const strategies = revisionsOf(service).flatMap((one) => one.capacityProviderStrategy ?? []);
  const names = new Set(strategies.map(({ capacityProvider }) => capacityProvider));
  return [...names].map((name) => capacityProviderArn(scopeOfArn(service.arn), name));
}

/** It names the closest instance, or the capacity providers where none was in question. */
function placementFailure(
  service: AnyService,
  { reason, containerInstanceArn: closest }: RefusedSubject,
): Action {
  const refused: Action = {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    reason,
  };
  if (closest !== undefined) return { ...refused, containerInstanceArns: [closest] };
  const capacityProviderArns = providersOf(service);
  return capacityProviderArns.length > 0 ? { ...refused, capacityProviderArns } : refused;
}
