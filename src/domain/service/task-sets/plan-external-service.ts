import type { Instant } from '../../instant.ts';
import type { Task } from '../../task/task.ts';
import { accountForEnds } from '../account-for-ends.ts';
import { defaultConfiguration } from '../deployment-configuration.ts';
import { pinImages } from '../image-pins.ts';
import { isLeaving, type Hosts } from '../hosts.ts';
import { planScaling, stopEvents } from '../plan-scaling.ts';
import { nextLook, steadyAgainMs } from '../plan-service.ts';
import { messages, scalingReason, type Telling } from '../service-messages.ts';
import { announce, type Draft, type ServiceAction } from '../service-plan.ts';
import { belongsTo, isHealthy, isLive, observedTask } from '../service-tasks.ts';
import { primaryOf, type ExternalService, type Service, type TaskSet } from '../service.ts';
import { withComputedCount } from './change-task-set.ts';
import { computedDesiredCount } from './new-task-set.ts';

/** An external service, and all that its scheduler looks at. */
export interface ObservedExternalService {
  readonly service: ExternalService;
  readonly tasks: readonly Task[];
  readonly hosts: Hosts;
}

/** What is decided for one task set. */
export interface TaskSetPlan {
  /** Absent once nothing of it is left. */
  readonly taskSet: TaskSet | undefined;
  /** The service as the scheduler of the task set sees it, on which the actions are carried out. */
  readonly standIn: Service;
  readonly actions: readonly ServiceAction[];
  readonly lookAgainAt: Instant | undefined;
}

/**
 * Decides the next moves that bring each task set to its share of the desired count. A task set is kept as
 * a service of one deployment is; none of them makes room for another.
 */
export function planExternalService(
  { service, tasks, hosts }: ObservedExternalService,
  now: Instant,
): readonly TaskSetPlan[] {
  return service.taskSets.map((taskSet) => {
    const { deployment } = taskSet;
    const mine = tasks
      .filter((task) => belongsTo(task, deployment))
      .map((task) => observedTask(task, hosts, [deployment]));
    if (taskSet.status === 'DRAINING') return planDraining(service, taskSet, mine);
    return planTaskSet(service, taskSet, { tasks: mine, hosts }, now);
  });
}

/**
 * The service as the scheduler of one of its task sets sees it. Percentages are ECS's default ones, whatever the service
 * shows: there is no rolling deployment that they could be for (API reference, "DeploymentConfiguration").
 */
function asService(external: ExternalService, { deployment }: TaskSet): Service {
  const { taskSets: _, ...service } = external;
  return {
    ...service,
    deploymentConfiguration: defaultConfiguration('REPLICA'),
    desiredCount: deployment.desiredCount,
    deployments: [deployment],
  };
}

function planTaskSet(
  service: ExternalService,
  before: TaskSet,
  seen: Pick<Draft, 'tasks' | 'hosts'>,
  now: Instant,
): TaskSetPlan {
  const computed = computedDesiredCount(service.desiredCount, before.scalePercent);
  const isComputed = computed === before.deployment.desiredCount;
  const taskSet = isComputed ? before : withComputedCount(before, computed, now);
  const told = isComputed
    ? []
    : [announce(messages.computedCount(taskSet.deployment.id, computed))];
  const draft: Draft = {
    ...seen,
    service: asService(service, taskSet),
    rollouts: [],
    suited: [],
    zones: [],
    actions: told,
  };
  const scaled = planScaling(accountForEnds(pinImages(draft), now), now);
  const deployment = primaryOf(scaled.service);
  const kept = deployment === taskSet.deployment ? taskSet : { ...taskSet, deployment };
  const stability = isSteady(scaled, now) ? 'STEADY_STATE' : 'STABILIZING';
  const lookAgainAt = nextLook(scaled, now);
  if (stability === taskSet.stabilityStatus) {
    return { taskSet: kept, standIn: scaled.service, actions: scaled.actions, lookAgainAt };
  }
  const steady = announce(messages.taskSetSteady(deployment.id));
  return {
    taskSet: { ...kept, stabilityStatus: stability, stabilityStatusAt: now },
    standIn: scaled.service,
    actions: stability === 'STEADY_STATE' ? [...scaled.actions, steady] : scaled.actions,
    lookAgainAt,
  };
}

function isSteady({ service, tasks, actions, hosts }: Draft, now: Instant): boolean {
  if (actions.some(({ kind }) => kind === 'StartTasks' || kind === 'StopTask')) return false;
  const live = tasks.filter(isLive);
  return (
    live.length === service.desiredCount &&
    live.every((task) => isHealthy(task, now) && !isLeaving(task, hosts))
  );
}

/** A deleted task set stops all its tasks, protected or not, and is gone when they have STOPPED. */
function planDraining(
  service: ExternalService,
  taskSet: TaskSet,
  tasks: readonly Task[],
): TaskSetPlan {
  const stopping = tasks.filter(isLive);
  const ended = tasks.filter((task) => !isLive(task) && !task.isAccountedFor);
  const actions: readonly ServiceAction[] = [
    ...ended.map(({ arn: taskArn }) => ({ kind: 'AccountFor' as const, taskArn })),
    ...stopping.map((task) => ({
      kind: 'StopTask' as const,
      taskArn: task.arn,
      reason: scalingReason(task),
    })),
    ...stopEvents(stopping),
  ];
  const isEmpty = tasks.every(({ lastStatus }) => lastStatus === 'STOPPED');
  const standIn = asService(service, taskSet);
  return { taskSet: isEmpty ? undefined : taskSet, standIn, actions, lookAgainAt: undefined };
}

export interface PlannedTaskSets {
  readonly service: ExternalService;
  /** What has become of its task sets. */
  readonly taskSets: readonly TaskSet[];
  /** When each of them is to be looked at again. */
  readonly moments: readonly (Instant | undefined)[];
}

/** What becomes of the service, and what it tells. */
export interface SettledExternalService {
  readonly service: ExternalService;
  readonly tellings: readonly Telling[];
  readonly lookAgainAt: Instant | undefined;
}

/** Puts task sets back into their service, and tells when all of them are steady, or gone. */
export function settleExternalService(
  { service: before, taskSets, moments }: PlannedTaskSets,
  now: Instant,
): SettledExternalService {
  const isSame =
    taskSets.length === before.taskSets.length &&
    taskSets.every((one, index) => isSameTaskSet(one, before.taskSets[index]));
  const service = isSame ? before : { ...before, taskSets };
  const given = moments.filter((at) => at !== undefined);
  const lookAgainAt = given.length === 0 ? undefined : Math.min(...given);
  const settled = { service, tellings: [], lookAgainAt };
  return service.status === 'DRAINING'
    ? settleDeletion(settled, now)
    : settleSteadyState(settled, now);
}

function isSameTaskSet(one: TaskSet, other: TaskSet | undefined): boolean {
  if (!other || one.deployment !== other.deployment) return false;
  return one.status === other.status && one.stabilityStatus === other.stabilityStatus;
}

/** The service is steady when all its task sets are; without any it has nothing to say. */
function settleSteadyState(settled: SettledExternalService, now: Instant): SettledExternalService {
  const { steadyAt, ...unsteady } = settled.service;
  const { taskSets } = settled.service;
  const isAllSteady = taskSets.every(({ stabilityStatus }) => stabilityStatus === 'STEADY_STATE');
  if (taskSets.length === 0 || !isAllSteady) {
    return steadyAt === undefined ? settled : { ...settled, service: unsteady };
  }
  if (steadyAt !== undefined && now - steadyAt < steadyAgainMs) return settled;
  return {
    service: { ...settled.service, steadyAt: now },
    tellings: [messages.steady],
    lookAgainAt: Math.min(settled.lookAgainAt ?? Infinity, now + steadyAgainMs),
  };
}

function settleDeletion(settled: SettledExternalService, now: Instant): SettledExternalService {
  if (settled.service.taskSets.length > 0) return settled;
  const { steadyAt: _, ...service } = settled.service;
  return {
    ...settled,
    service: { ...service, status: 'INACTIVE', events: [], tags: [], inactiveAt: now },
  };
}
