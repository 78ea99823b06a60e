import type { Instant } from '../../instant.ts';
import type { Task } from '../../task/task.ts';
import { accountForEnds } from '../account-for-ends.ts';
import { pinImages } from '../image-pins.ts';
import { planScaling, stopEvents } from '../plan-scaling.ts';
import { nextLook, steadyAgainMs } from '../plan-service.ts';
import { messages, ofTaskSet, scalingReason } from '../service-messages.ts';
import { announce, type Draft, type ServiceAction } from '../service-plan.ts';
import { belongsTo, isHealthy, isLive } from '../service-tasks.ts';
import { primaryOf, type ExternalService, type Service, type TaskSet } from '../service.ts';
import { withComputedCount } from './change-task-set.ts';
import { computedDesiredCount } from './new-task-set.ts';

/** An external service, and all that its scheduler looks at. */
export interface ObservedExternalService {
  readonly service: ExternalService;
  readonly tasks: readonly Task[];
}

export interface ExternalServicePlan {
  readonly service: ExternalService;
  readonly actions: readonly ServiceAction[];
  readonly lookAgainAt: Instant | undefined;
}

/** What is decided for one task set; absent once nothing of it is left. */
interface TaskSetPlan {
  readonly taskSet: TaskSet | undefined;
  readonly actions: readonly ServiceAction[];
  readonly lookAgainAt: Instant | undefined;
}

/**
 * Decides the next moves that bring each task set to its share of the desired count. A task set is kept as
 * a service of one deployment is; none of them makes room for another.
 */
export function planExternalService(
  { service, tasks }: ObservedExternalService,
  now: Instant,
): ExternalServicePlan {
  if (service.status === 'INACTIVE') return { service, actions: [], lookAgainAt: undefined };
  const plans = service.taskSets.map((taskSet) => {
    const mine = tasks.filter((task) => belongsTo(task, taskSet.deployment));
    return taskSet.status === 'DRAINING'
      ? planDraining(taskSet, mine)
      : planTaskSet(service, taskSet, mine, now);
  });
  const taskSets = plans.flatMap(({ taskSet }) => taskSet ?? []);
  const isSame =
    taskSets.length === plans.length && taskSets.every((one, i) => one === service.taskSets[i]);
  const planned = {
    service: isSame ? service : { ...service, taskSets },
    actions: plans.flatMap(({ actions }) => actions),
    lookAgainAt: soonest(plans.map(({ lookAgainAt }) => lookAgainAt)),
  };
  return service.status === 'DRAINING'
    ? settleDeletion(planned, now)
    : settleSteadyState(planned, now);
}

function soonest(moments: readonly (Instant | undefined)[]): Instant | undefined {
  const given = moments.filter((at) => at !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

/** The service as the scheduler of one of its task sets sees it. */
function asService(external: ExternalService, { deployment }: TaskSet): Service {
  const { taskSets: _, ...service } = external;
  return { ...service, desiredCount: deployment.desiredCount, deployments: [deployment] };
}

function planTaskSet(
  service: ExternalService,
  before: TaskSet,
  tasks: readonly Task[],
  now: Instant,
): TaskSetPlan {
  const computed = computedDesiredCount(service.desiredCount, before.scalePercent);
  const isComputed = computed === before.deployment.desiredCount;
  const taskSet = isComputed ? before : withComputedCount(before, computed, now);
  const told = isComputed
    ? []
    : [announce(messages.computedCount(taskSet.deployment.id, computed))];
  const draft: Draft = {
    service: asService(service, taskSet),
    tasks,
    rollouts: [],
    actions: told,
  };
  const scaled = planScaling(accountForEnds(pinImages(draft), now), now);
  const deployment = primaryOf(scaled.service);
  const kept = deployment === taskSet.deployment ? taskSet : { ...taskSet, deployment };
  const stability = isSteady(scaled, now) ? 'STEADY_STATE' : 'STABILIZING';
  const lookAgainAt = nextLook(scaled, now);
  if (stability === taskSet.stabilityStatus) {
    return { taskSet: kept, actions: scaled.actions, lookAgainAt };
  }
  const steady = announce(ofTaskSet(deployment.id, messages.steady));
  return {
    taskSet: { ...kept, stabilityStatus: stability, stabilityStatusAt: now },
    actions: stability === 'STEADY_STATE' ? [...scaled.actions, steady] : scaled.actions,
    lookAgainAt,
  };
}

function isSteady({ service, tasks, actions }: Draft, now: Instant): boolean {
  if (actions.some(({ kind }) => kind === 'StartTasks' || kind === 'StopTask')) return false;
  const live = tasks.filter(isLive);
  return live.length === service.desiredCount && live.every((task) => isHealthy(task, now));
}

/** A deleted task set stops all its tasks, protected or not, and is gone when they have STOPPED. */
function planDraining(taskSet: TaskSet, tasks: readonly Task[]): TaskSetPlan {
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
  return { taskSet: isEmpty ? undefined : taskSet, actions, lookAgainAt: undefined };
}

/** The service is steady when all its task sets are; without any it has nothing to say. */
function settleSteadyState(plan: ExternalServicePlan, now: Instant): ExternalServicePlan {
  const { steadyAt, ...unsteady } = plan.service;
  const { taskSets } = plan.service;
  const isAllSteady = taskSets.every(({ stabilityStatus }) => stabilityStatus === 'STEADY_STATE');
  if (taskSets.length === 0 || !isAllSteady) {
    return steadyAt === undefined ? plan : { ...plan, service: unsteady };
  }
  if (steadyAt !== undefined && now - steadyAt < steadyAgainMs) return plan;
  return {
    service: { ...plan.service, steadyAt: now },
    actions: [...plan.actions, announce(messages.steady)],
    lookAgainAt: Math.min(plan.lookAgainAt ?? Infinity, now + steadyAgainMs),
  };
}

function settleDeletion(plan: ExternalServicePlan, now: Instant): ExternalServicePlan {
  if (plan.service.taskSets.length > 0) return plan;
  const { steadyAt: _, ...service } = plan.service;
  return {
    ...plan,
    service: { ...service, status: 'INACTIVE', events: [], tags: [], inactiveAt: now },
  };
}
