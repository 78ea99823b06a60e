import { createHash } from 'node:crypto';
import { lastPathElement, type TaskArn } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import { isToStop } from '../../domain/task/stop-task.ts';
import type { Container, NetworkAddress, Task } from '../../domain/task/task.ts';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import type { TaskGoal } from '../plan-containers.ts';
import { unborn, withNextEvent, type ContainerLife } from './container-life.ts';
import { delayMs, type Pace } from './pace.ts';
import type { TaskScript } from './task-script.ts';

/** How far a task's host has come with it. In `containers` its containers take their course. */
export type TaskPhase =
  | 'provisioning'
  | 'connecting'
  | 'pulling'
  | 'containers'
  | 'releasing'
  | 'released';

/** What a simulated task has come to. */
export interface TaskLife {
  readonly arn: TaskArn;
  readonly script: TaskScript;
  readonly isOnFargate: boolean;
  /** The address of its network interface, where it has one. */
  readonly address: string | undefined;
  readonly phase: TaskPhase;
  /** When the phase is over; undefined in `containers` and `released`. */
  readonly until: Instant | undefined;
  readonly goal: TaskGoal;
  /** In the order of the definition. */
  readonly containers: readonly ContainerLife[];
  /** When a time-out among its containers may change what is to be done. */
  readonly lookAgainAt: Instant | undefined;
}

export interface Adoption {
  readonly task: Task;
  readonly script: TaskScript;
  /** Undefined for a task that has no network interface of its own. */
  readonly address: string | undefined;
  readonly pace: Pace;
  readonly now: Instant;
}

/** Where a task's life stands according to its record; a new task is at its beginning. */
export function lifeOf({ task, script, address, pace, now }: Adoption): TaskLife {
  const phase = phaseOf(task, address !== undefined);
  const taskId = lastPathElement(task.arn);
  return {
    arn: task.arn,
    script,
    isOnFargate: task.launchType === 'FARGATE',
    address,
    phase,
    until: phaseEnd({ phase, script, pace, taskId, from: task.pullStartedAt ?? now, now }),
    goal: goalOf(task),
    containers: script.orderings.map(({ name }, i) => {
      const container = task.containers.find((candidate) => candidate.name === name);
      const adopted = container ? adoptedContainer(container, task) : unborn;
      const containerScript = script.containers[i];
      if (adopted.state.phase !== 'running' || !containerScript) return adopted;
      const healthDelayMs = delayMs(pace, taskId, 'health');
      return withNextEvent(adopted, { script: containerScript, healthDelayMs });
    }),
    lookAgainAt: undefined,
  };
}

function phaseOf(task: Task, hasInterface: boolean): TaskPhase {
  if (task.lastStatus === 'STOPPED') return 'released';
  if (task.lastStatus === 'DEPROVISIONING') return 'releasing';
  if (task.lastStatus === 'PROVISIONING') {
    return hasInterface && !task.networkInterface?.address ? 'provisioning' : 'connecting';
  }
  if (task.pullStoppedAt !== undefined || task.startFailure !== undefined) return 'containers';
  return task.pullStartedAt === undefined ? 'connecting' : 'pulling';
}

function goalOf(task: Task): TaskGoal {
  if (isToStop(task)) return 'stopped';
  const over = task.containers.some((c) => c.essential && c.lastStatus === 'STOPPED');
  return over || task.startFailure !== undefined ? 'halted' : 'running';
}

/** When a task started, as far as its record says, is when each of its running containers did. */
function adoptedContainer(container: Container, task: Task): ContainerLife {
  const startedAt = task.startedAt ?? task.pullStoppedAt ?? task.createdAt;
  const { lastStatus, exitCode, healthStatus } = container;
  switch (lastStatus) {
    case 'PENDING':
      return container.runtimeId === undefined
        ? unborn
        : { ...unborn, state: { phase: 'created' } };
    case 'RUNNING':
      return { ...unborn, starts: 1, state: { phase: 'running', startedAt, health: healthStatus } };
    case 'STOPPED':
      return exitCode === undefined
        ? { ...unborn, state: { phase: 'ended' } }
        : { ...unborn, starts: 1, state: { phase: 'ended', startedAt, exitCode } };
  }
}

export interface PhaseStart {
  readonly phase: TaskPhase;
  readonly script: TaskScript;
  readonly pace: Pace;
  readonly taskId: string;
  /** When the phase began; a pull goes on while nobody looks. */
  readonly from: Instant;
  readonly now: Instant;
}

/** When a phase that begins is over. */
export function phaseEnd({ phase, script, pace, taskId, from, now }: PhaseStart) {
  switch (phase) {
    case 'provisioning':
      return now + delayMs(pace, taskId, 'interface');
    case 'connecting':
      return now + delayMs(pace, taskId, 'connect');
    case 'pulling': {
      const usual = delayMs(pace, taskId, 'pull');
      // Images are pulled side by side.
      return (
        from + Math.max(...script.containers.map(({ pullDelayMs }) => pullDelayMs ?? usual), 0)
      );
    }
    case 'releasing':
      return now + delayMs(pace, taskId, 'release');
    case 'containers':
    case 'released':
      return undefined;
  }
}

/** When something happens to a task by itself; undefined where nothing will. */
export function nextEventAt(life: TaskLife): Instant | undefined {
  let next = Math.min(life.until ?? Infinity, life.lookAgainAt ?? Infinity);
  for (const { until } of life.containers) if (until !== undefined && until < next) next = until;
  return next === Infinity ? undefined : next;
}

/** On FARGATE as ECS makes it, elsewhere like an id of Docker's. */
export function runtimeIdOf({ arn, isOnFargate }: TaskLife, container: string): string {
  if (isOnFargate) return fargateRuntimeId(lastPathElement(arn), container);
  return createHash('sha256').update(`${arn} ${container}`).digest('hex');
}

/** The interface that a task gets; its ids follow from the task's own. */
export function networkAddressOf(taskId: string, privateIpv4Address: string): NetworkAddress {
  const macDigits = taskId.slice(-10).match(/../g) ?? [];
  return {
    networkInterfaceId: `eni-0${taskId.slice(-16)}`,
    // A first byte of 0a says that the address is administered locally.
    macAddress: ['0a', ...macDigits].join(':'),
    privateIpv4Address,
  };
}
