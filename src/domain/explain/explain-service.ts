import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { present } from '../present.ts';
import { isAbandoned } from '../service/early-success.ts';
import { boundsOf } from '../service/plan-scaling.ts';
import { messageOf, troubleshooting } from '../service/service-messages.ts';
import { isFinished, type ServiceDeployment } from '../service/service-deployment.ts';
import type { ObservedService } from '../service/service-plan.ts';
import {
  belongsTo,
  countsOf,
  isHealthy,
  isLive,
  isProtected,
  isServing,
  settlingMs,
} from '../service/service-tasks.ts';
import { primaryOf, type Deployment } from '../service/service.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { Task } from '../task/task.ts';
import { absenceOf, absencesOf } from './absence.ts';
import { nothingMore, type Explanation, type Part, type Wait } from './explanation.ts';
import { causeOf, waitOf } from './explain-task.ts';
import { bakeWaits, cleanUpText, criteriaText, earlySuccessWaits } from './rolling-waits.ts';
import { shiftWaits } from './shift-waits.ts';

const namedTasks = 5;
const shownMessages = 10;

/** All that the scheduler looks at, and what became of the newest task that has ended of the PRIMARY deployment. */
export interface ExplainedService extends Pick<ObservedService, 'service' | 'tasks' | 'rollouts'> {
  readonly newestEnd?: Task | undefined;
  /** Container instances of its tasks that are away. */
  readonly away?: readonly ContainerInstance[];
  readonly definitionOf?: DefinitionOf;
}

/** The definition that a task runs, where it is still there. */
export type DefinitionOf = (task: Task) => TaskDefinition | undefined;

/** Tells whether a service has what is wanted of it, and if not, what it waits for and what holds that up. */
export function explainService(observed: ExplainedService, now: Instant): Explanation {
  const { service, tasks } = observed;
  const waits = serviceWaits(observed, now);
  return {
    kind: 'service',
    arn: service.arn,
    status: service.status,
    summary: summaryOf(observed, waits),
    ...present({ advice: adviceFor(observed) }),
    ...nothingMore,
    waits,
    parts: service.deployments.map((deployment) => deploymentPart(deployment, tasks, now)),
    messages: service.events
      .slice(0, shownMessages)
      .map(({ createdAt: at, message: text }) => ({ at, text })),
  };
}

/** The same for one change of what a service runs. */
export function explainDeployment(
  deployment: ServiceDeployment,
  observed: ExplainedService | undefined,
  now: Instant,
): Explanation {
  const { arn, status, createdAt, startedAt, updatedAt } = deployment;
  const isOver = isFinished(deployment);
  const waits = isOver || !observed ? [] : serviceWaits(observed, now);
  const endedAt = deployment.finishedAt ?? deployment.stoppedAt;
  const until = endedAt === undefined ? {} : { until: endedAt };
  return {
    kind: 'deployment',
    arn,
    status,
    summary: deploymentSummary(deployment, waits),
    ...present({ advice: isOver || !observed ? undefined : adviceFor(observed) }),
    ...nothingMore,
    waits,
    phases: [
      { name: 'waiting to begin', from: createdAt, until: startedAt ?? endedAt ?? updatedAt },
      ...(startedAt === undefined ? [] : [{ name: 'replacing tasks', from: startedAt, ...until }]),
    ].filter(({ from, until: end }: { from: Instant; until?: Instant }) => from !== end),
    parts:
      observed?.service.deployments.map((one) => deploymentPart(one, observed.tasks, now)) ?? [],
  };
}

function deploymentSummary(deployment: ServiceDeployment, waits: readonly Wait[]): string {
  const { status, statusReason, rollback } = deployment;
  const reason = statusReason === undefined ? '' : ` ${statusReason}`;
  const back = rollback
    ? ` The service goes back to revision ${lastPathElement(rollback.revisionArn)}.`
    : '';
  const first = waits[0] ? ` It waits: ${waits[0].text}.` : '';
  const criteria = criteriaText(deployment);
  return `It is ${status}.${reason}${failuresText(deployment)}${criteria}${isFinished(deployment) ? '' : back + first}`;
}

function failuresText({
  failureCount,
  threshold,
  deploymentConfiguration,
}: ServiceDeployment): string {
  if (failureCount === 0) return '';
  const { enable } = deploymentConfiguration.circuitBreaker;
  const limit = enable ? `; ${threshold} trip the breaker` : ', and no circuit breaker is enabled';
  return ` ${failureCount} tasks have failed${limit}.`;
}

function summaryOf({ service, tasks }: ExplainedService, waits: readonly Wait[]): string {
  const { status, desiredCount, steadyAt } = service;
  const running = tasks.filter((task) => isLive(task) && task.lastStatus === 'RUNNING').length;
  const counts =
    running > desiredCount
      ? `${running} tasks run, and ${desiredCount} are wanted`
      : `${running} of ${desiredCount} tasks run`;
  if (status === 'INACTIVE') return 'It has been deleted.';
  if (status === 'DRAINING') return 'It is being deleted: its tasks stop.';
  const first = waits[0];
  if (first && primaryOf(service).rolloutState === 'FAILED') {
    return `${counts}. It stands still: ${first.text}.`;
  }
  if (first) return `${counts}. It waits: ${first.text}.`;
  if (steadyAt === undefined) return `${counts}. Its scheduler looks at it next.`;
  return `It is steady since ${isoInstant(steadyAt)}: ${counts}.`;
}

function adviceFor(observed: ExplainedService): string | undefined {
  const { service, newestEnd } = observed;
  const primary = primaryOf(service);
  if (service.status !== 'ACTIVE') return undefined;
  if (primary.rolloutState === 'FAILED') {
    return 'Update the service to something that starts, or force a new deployment.';
  }
  if (isStuck(observed)) return 'Lower its minimumHealthyPercent, or raise its maximumPercent.';
  // What found no place has failed as well, but there is no task of it.
  if (newestEnd && (primary.throttle || primary.failedTasks > 0)) {
    return 'See why its tasks stop: explain one of them.';
  }
  return undefined;
}

/** What stands between a service and its steady state, the weightiest first. */
function serviceWaits(observed: ExplainedService, now: Instant): readonly Wait[] {
  const { service, rollouts } = observed;
  const shift = rollouts.findLast(({ lifecycle }) => lifecycle !== undefined);
  switch (service.status) {
    case 'INACTIVE':
      return [];
    case 'DRAINING':
      return stoppingWaits(observed);
    case 'ACTIVE':
      return [
        ...standstill(primaryOf(service)),
        ...absencesOf(observed.tasks, observed.away),
        ...throttled(observed, now),
        ...failedTask(observed),
        ...refusals(observed),
        ...(shift
          ? shiftWaits(shift)
          : [...earlySuccessWaits(observed, now), ...bakeWaits(observed)]),
        ...(isStuck(observed) ? blocked(observed) : noRoom(observed)),
        ...unready(observed, now),
        // During a shift both revisions have all their tasks.
        ...(shift ? [] : [...superseded(observed, now), ...surplus(observed, now)]),
      ];
  }
}

function standstill({ rolloutState, rolloutStateReason, updatedAt }: Deployment): readonly Wait[] {
  if (rolloutState !== 'FAILED') return [];
  const reason = rolloutStateReason.replace(/\.$/, '');
  return [
    { text: `its deployment has failed and starts nothing more: ${reason}`, since: updatedAt },
  ];
}

function throttled({ service, tasks }: ExplainedService, now: Instant): readonly Wait[] {
  const { throttle, startFailures, createdAt, id, rolloutState } = primaryOf(service);
  if (!throttle || throttle.until <= now || rolloutState === 'FAILED') return [];
  const ends = tasks.filter((task) => task.startedBy === id).map((task) => task.stoppingAt ?? 0);
  const text =
    `${startFailures} tasks in a row have failed to start, so that the next is started ` +
    `at ${isoInstant(throttle.until)}`;
  return [{ text, since: Math.max(createdAt, ...ends) }];
}

/** How the newest task ended, where tasks of the PRIMARY deployment fail. */
function failedTask({ service, newestEnd, definitionOf }: ExplainedService): readonly Wait[] {
  const { rolloutState, throttle, failedTasks, startFailures } = primaryOf(service);
  const isFailing = rolloutState === 'FAILED' || throttle || failedTasks + startFailures > 0;
  if (!isFailing || !newestEnd) return [];
  return [endedTask(newestEnd, definitionOf?.(newestEnd))];
}

/** How a task ended that is the newest of its service to do so. */
export function endedTask(task: Task, definition: TaskDefinition | undefined): Wait {
  const { arn: taskArn, stoppingAt: since = task.createdAt } = task;
  const cause = causeOf(task, definition).replace(/\.$/, '');
  const text = `the newest of its tasks to end was task ${lastPathElement(taskArn)}: ${cause}`;
  return { text, since, taskArn };
}

/** The newest refusal of a place, while tasks find none. */
function refusals({ service }: ExplainedService): readonly Wait[] {
  const { placeless, startFailures } = primaryOf(service);
  if (!placeless && startFailures === 0) return [];
  const again = placeless ? `; it looks again at ${isoInstant(placeless.until)}` : '';
  const newest = service.events.find(
    ({ subject: { kind } }) => kind === 'SteadyState' || kind === 'PlacementFailed',
  );
  if (newest?.subject.kind !== 'PlacementFailed') return [];
  const { message, createdAt: since } = newest;
  const refusal = message.slice(messageOf(service, '').length);
  const why = refusal.replace(` ${troubleshooting}`, '').replace(/\.$/, '');
  return [{ text: `it ${why}${again}`, since }];
}

/** Whether neither percentage lets a deployment move, whatever becomes of its tasks. */
function isStuck({ service, tasks, rollouts }: ExplainedService): boolean {
  const primary = primaryOf(service);
  const isShift = rollouts.some(({ lifecycle }) => lifecycle !== undefined);
  if (primary.rolloutState !== 'IN_PROGRESS' || isShift) return false;
  const { floor, ceiling } = boundsOf(service);
  const left = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  return (
    service.schedulingStrategy === 'REPLICA' &&
    floor >= ceiling &&
    left.length >= ceiling &&
    left.filter((task) => belongsTo(task, primary)).length < service.desiredCount &&
    left.every((task) => isServing(task))
  );
}

function blocked({ service }: ExplainedService): readonly Wait[] {
  const { floor, ceiling } = boundsOf(service);
  const text =
    `its deployment can neither stop nor start a task: minimumHealthyPercent keeps ${floor} healthy, ` +
    `and maximumPercent allows ${ceiling} in all`;
  return [{ text, since: primaryOf(service).createdAt }];
}

/** Tasks that stop take room until they have STOPPED. */
function noRoom({ service, tasks }: ExplainedService): readonly Wait[] {
  const primary = primaryOf(service);
  const left = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const wanted = left.filter((task) => isLive(task) && belongsTo(task, primary)).length;
  const missing = service.desiredCount - wanted;
  const { ceiling } = boundsOf(service);
  const oldest = left.filter((task) => !isLive(task)).map((task) => task.stoppingAt ?? 0);
  if (missing <= 0 || left.length < ceiling) return [];
  const text =
    `${missing} tasks are missing, but there are ${left.length} already, stopping ones included, ` +
    `and maximumPercent allows ${ceiling}`;
  return [{ text, since: oldest.length > 0 ? Math.min(...oldest) : primary.updatedAt }];
}

/** Tasks of the PRIMARY deployment that are not healthy yet. */
function unready(
  { service, tasks, away, definitionOf }: ExplainedService,
  now: Instant,
): readonly Wait[] {
  const primary = primaryOf(service);
  const known = tasks.filter((task) => !absenceOf(task, away));
  const waiting = known.filter(
    (task) => isLive(task) && belongsTo(task, primary) && !isHealthy(task, now),
  );
  return named(waiting, (task) => waitOf(task, definitionOf?.(task)) ?? settling(task));
}

function settling(task: Task): Wait {
  const { startedAt: since = task.createdAt, arn: taskArn } = task;
  const text = `it has to run for ${settlingMs / 1000} seconds to count as healthy`;
  return { text, since, taskArn };
}

/** Tasks of former deployments that are still there. */
function superseded({ service, tasks }: ExplainedService, now: Instant): readonly Wait[] {
  const primary = primaryOf(service);
  const old = tasks.filter(
    (task) =>
      task.lastStatus !== 'STOPPED' &&
      !belongsTo(task, primary) &&
      !isAbandoned(task, service.deployments, now),
  );
  const { floor } = boundsOf(service);
  return named(old, (task): Wait => {
    const wait = isLive(task) ? undefined : waitOf(task);
    if (wait) return wait;
    const { arn: taskArn, protectedUntil = 0 } = task;
    const why = isProtected(task, now)
      ? `is protected until ${isoInstant(protectedUntil)}`
      : primary.rolloutState === 'FAILED'
        ? 'goes on, as the new one has failed'
        : `stays while fewer than ${floor + 1} tasks are healthy`;
    const text = `it is of a former deployment, and ${why}`;
    return { text, since: primary.createdAt, taskArn };
  });
}

/** More tasks than are wanted, where they may not be stopped. */
function surplus({ service, tasks }: ExplainedService, now: Instant): readonly Wait[] {
  const primary = primaryOf(service);
  const mine = tasks.filter((task) => isServing(task) && belongsTo(task, primary));
  if (mine.length <= service.desiredCount) return [];
  return named(
    mine.filter((task) => isProtected(task, now)),
    (task) => ({
      text: `it is not wanted any more, but protected until ${isoInstant(task.protectedUntil ?? 0)}`,
      since: primary.updatedAt,
      taskArn: task.arn,
    }),
  );
}

function stoppingWaits({ tasks }: ExplainedService): readonly Wait[] {
  const left = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  return named(left, (task) => waitOf(task) ?? settling(task));
}

/** Says it of the first few, each with its task, and how many more there are. */
function named(tasks: readonly Task[], wait: (task: Task) => Wait): readonly Wait[] {
  const shown = tasks.slice(0, namedTasks).map((task): Wait => {
    const { text, since } = wait(task);
    const subject = `task ${lastPathElement(task.arn)} is ${task.lastStatus}`;
    return { text: `${subject}: ${text}`, since, taskArn: task.arn };
  });
  const more = tasks.length - shown.length;
  const since = shown[0]?.since ?? 0;
  return more === 0 ? shown : [...shown, { text: `${more} more tasks like these`, since }];
}

function deploymentPart(deployment: Deployment, tasks: readonly Task[], now: Instant): Part {
  const { requested, running, pending } = countsOf(tasks, deployment);
  const { id, status, revision, rolloutState, rolloutStateReason, failedTasks } = deployment;
  const failed = failedTasks > 0 ? `, ${failedTasks} failed` : '';
  const counts = `${running} running, ${pending} pending of ${requested}${failed}`;
  const definition = lastPathElement(revision.taskDefinitionArn);
  return {
    name: id,
    status: `${status} ${rolloutState}`,
    text: `${definition}: ${counts}. ${rolloutStateReason}${cleanUpText(deployment, now)}`,
  };
}
