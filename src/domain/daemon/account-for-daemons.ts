import type { ContainerInstanceArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { PlacementFailure } from '../placement/placement-failure.ts';
import { resolvedImages } from '../service/image-pins.ts';
import type { Task } from '../task/task.ts';
import { isOfRevision, type Daemon } from './daemon.ts';
import type { DaemonDeployment } from './daemon-deployment.ts';
import { isAimedAt } from './daemon-seats.ts';
import {
  daemonStopReasons,
  rolloutUnderWay,
  withDaemonActions,
  withDaemonRollout,
  type DaemonDraft,
} from './daemon-plan.ts';

/** ECS names no number. [inferred; short, because a critical daemon keeps its instance from all other tasks] */
const failuresBeforeDelay = 3;
const firstDelayMs = 10_000;
const longestDelayMs = 60_000;

/** Counts what has ended since the last look, and takes instances from service that have lost a critical daemon. */
export function accountForDaemons(draft: DaemonDraft, now: Instant): DaemonDraft {
  const ended = draft.tasks
    .filter((task) => task.desiredStatus === 'STOPPED' && !task.isAccountedFor)
    .toSorted((a, b) => (a.stoppingAt ?? 0) - (b.stoppingAt ?? 0));
  return ended.reduce((next, task) => accountFor(next, task, now), noteImages(draft));
}

function accountFor(draft: DaemonDraft, task: Task, now: Instant): DaemonDraft {
  const accounted = withDaemonActions(draft, [{ kind: 'AccountFor', taskArn: task.arn }]);
  const { containerInstanceArn: on, stop } = task;
  const { daemon, instances } = accounted;
  const instance = instances.find(({ arn }) => arn === on);
  if (!instance || daemon.status !== 'ACTIVE' || daemon.isHalted) return accounted;
  if (!isAimedAt(daemon.aim, instance)) return accounted;
  const isFailure = endedBadly(task) && isOfRevision(task, daemon.aim.revision);
  const counted = isFailure
    ? withFailure(accounted, instance.arn, { reason: stop?.reason ?? '', isRefused: false }, now)
    : accounted;
  if (!daemon.aim.revision.critical || endedByUs(task)) return counted;
  return withDaemonActions(counted, [{ kind: 'Hold', on: instance.arn }]);
}

/** What users stop is no failure, nor what ends with its instance. */
function endedBadly({ stop }: Task): boolean {
  return (
    stop?.code === 'TaskFailedToStart' ||
    stop?.code === 'EssentialContainerExited' ||
    stop?.reason === daemonStopReasons.unhealthy
  );
}

function endedByUs({ stop }: Task): boolean {
  return stop?.code === 'ServiceSchedulerInitiated' && stop.reason !== daemonStopReasons.unhealthy;
}

/** Notes what keeps the daemon from an instance, and counts it for the circuit breaker. */
export function withFailure(
  draft: DaemonDraft,
  on: ContainerInstanceArn,
  cause: { readonly reason: string; readonly isRefused: boolean },
  now: Instant,
): DaemonDraft {
  const failures = (draft.daemon.troubles[on]?.failures ?? 0) + 1;
  const { reason, isRefused } = cause;
  const trouble = { failures, retryAt: now + delayMs(failures, isRefused), reason };
  const troubles = { ...draft.daemon.troubles, [on]: trouble };
  const noted = { ...draft, daemon: { ...draft.daemon, troubles } };
  const rollout = rolloutUnderWay(noted);
  return rollout ? withDaemonRollout(noted, countedFailure(rollout, now)) : noted;
}

function countedFailure(rollout: DaemonDeployment, now: Instant): DaemonDeployment {
  const { rollback, failureCount } = rollout;
  if (rollout.status === 'IN_PROGRESS') {
    return { ...rollout, failureCount: failureCount + 1, updatedAt: now };
  }
  if (!rollback) return rollout;
  const failed = { ...rollback, failureCount: rollback.failureCount + 1 };
  return { ...rollout, rollback: failed, updatedAt: now };
}

/** Room does not come by trying at once. */
function delayMs(failures: number, isRefused: boolean): number {
  const round = isRefused ? failures - 1 : failures - failuresBeforeDelay;
  return round < 0 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** round);
}

/** There was no place for the daemon on an instance: the one text that is known is that of memory. */
export function withRefusal(
  draft: DaemonDraft,
  on: ContainerInstanceArn,
  [failure]: readonly PlacementFailure[],
  now: Instant,
): DaemonDraft {
  const what = failure?.reason ?? 'AGENT';
  const [, resource] = /^RESOURCE:(.+)$/.exec(what) ?? [];
  const detail = resource === undefined ? '' : `: insufficient ${resource.toLowerCase()}`;
  const reason = `${what} - Unable to place daemon task on container instance${detail}`;
  return withFailure(draft, on, { reason, isRefused: true }, now);
}

/** Which images the tags of the revision stood for is what its first task that knows it says. */
function noteImages(draft: DaemonDraft): DaemonDraft {
  const { aim, stable } = draft.daemon;
  const tasks = draft.tasks.filter((task) => isOfRevision(task, aim.revision));
  const containerImages = resolvedImages(aim.revision.containerImages, tasks);
  if (containerImages === aim.revision.containerImages) return draft;
  const revision = { ...aim.revision, containerImages };
  const isStable = stable?.revision.arn === revision.arn;
  const daemon: Daemon = {
    ...draft.daemon,
    aim: { ...aim, revision },
    ...(isStable && { stable: { ...stable, revision } }),
  };
  return { ...draft, daemon };
}
