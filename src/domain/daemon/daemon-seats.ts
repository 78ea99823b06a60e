import { lastPathElement } from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import { isHealthy, isLive, isRunning } from '../service/service-tasks.ts';
import { taskHealth, type Task } from '../task/task.ts';
import { isOfRevision, type Daemon, type DaemonAim } from './daemon.ts';
import type { ObservedDaemon } from './daemon-plan.ts';

/** What a daemon has, and is to have, on a container instance. */
export interface Seat {
  readonly instance: ContainerInstance;
  /** Left to itself where a user drains the instance: the daemon is the last to go. */
  readonly wish: 'Run' | 'Vacate' | 'Leave';
  readonly isHeld: boolean;
  /** Wanted RUNNING, of the revision that is aimed at; the oldest first. */
  readonly current: readonly Task[];
  /** Wanted RUNNING, of another revision or due to be replaced. */
  readonly former: readonly Task[];
  /** On their way out. */
  readonly stopping: readonly Task[];
  /** Whether all is as it is to be. */
  readonly isSettled: boolean;
}

export function seatsOf(observed: ObservedDaemon, now: Instant): readonly Seat[] {
  const tasksOn = Map.groupBy(
    observed.tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED'),
    (task) => task.containerInstanceArn,
  );
  return observed.instances.map((instance) =>
    seatOf(observed.daemon, instance, tasksOn.get(instance.arn) ?? [], now),
  );
}

function seatOf(
  daemon: Daemon,
  instance: ContainerInstance,
  tasks: readonly Task[],
  now: Instant,
): Seat {
  const live = tasks.filter(isLive);
  const isCurrent = (task: Task): boolean =>
    isOfRevision(task, daemon.aim.revision) && !task.isRetiring;
  const seat = {
    instance,
    wish: wishOf(daemon, instance),
    isHeld: instance.heldBy?.includes(daemon.arn) ?? false,
    current: live.filter(isCurrent),
    former: live.filter((task) => !isCurrent(task)),
    stopping: tasks.filter((task) => !isLive(task)),
  };
  return { ...seat, isSettled: isSettled(seat, now) };
}

function wishOf(daemon: Daemon, instance: ContainerInstance): Seat['wish'] {
  if (daemon.status !== 'ACTIVE' || !isAimedAt(daemon.aim, instance)) return 'Vacate';
  return isOpen(instance) ? 'Run' : 'Leave';
}

/** Whether an instance is of a capacity provider of the aim. */
export function isAimedAt(
  { capacityProviderArns }: Pick<DaemonAim, 'capacityProviderArns'>,
  { capacityProviderName: name }: ContainerInstance,
): boolean {
  return capacityProviderArns.some((arn) => lastPathElement(arn) === name);
}

/** Whether nobody but daemons keeps an instance from its tasks. */
export function isOpen({ status, heldBy }: ContainerInstance): boolean {
  return status === 'ACTIVE' || heldBy !== undefined;
}

function isSettled(seat: Omit<Seat, 'isSettled'>, now: Instant): boolean {
  const { wish, current, former, stopping } = seat;
  switch (wish) {
    case 'Leave':
      return true;
    case 'Vacate':
      return current.length + former.length + stopping.length === 0;
    case 'Run':
      return (
        former.length === 0 && current.length === 1 && current.every((task) => isHealthy(task, now))
      );
  }
}

/** Nothing can be done on an instance that nobody hears of. */
export function isInReach({ instance }: Seat): boolean {
  return instance.agentConnected;
}

/** Agents are away for a while when the server has been: only then does nothing wait for them. [inferred figure] */
const awaitedMs = 60_000;

/** When an instance whose agent is away is given up, for as long as it is away. */
export function missedAt(instance: ContainerInstance): Instant | undefined {
  const { agentConnected, disconnectedAt, registeredAt } = instance;
  return agentConnected ? undefined : (disconnectedAt ?? registeredAt) + awaitedMs;
}

export function isMissed(instance: ContainerInstance, now: Instant): boolean {
  return (missedAt(instance) ?? Infinity) <= now;
}

/** Health checks have given it up. */
export function isSick(task: Task): boolean {
  return isRunning(task) && taskHealth(task) === 'UNHEALTHY';
}
