import { lastPathElement } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import {
  allEnded,
  planContainers,
  type ContainerAction,
  type ContainerState,
  type TaskGoal,
  type Unstartable,
} from '../plan-containers.ts';
import {
  abandoned,
  checked,
  created,
  ended,
  entering,
  exitAt,
  exited,
  restarting,
  started,
  stopping,
  unborn,
  type ContainerLife,
  type RunningScript,
} from './container-life.ts';
import { noScript, type ContainerScript } from './container-script.ts';
import { delayMs, type Pace, type SimulatedDelays } from './pace.ts';
import {
  networkAddressOf,
  nextEventAt,
  phaseEnd,
  runtimeIdOf,
  type TaskLife,
  type TaskPhase,
} from './task-life.ts';

export interface Moment {
  readonly now: Instant;
  readonly pace: Pace;
  /** Whether the task has been told to stop. */
  readonly isToldToStop: boolean;
}

/** A start of a container's process, restarts included. */
export interface ProcessStart {
  readonly container: string;
  readonly at: Instant;
}

export interface Advance {
  readonly life: TaskLife;
  readonly reports: readonly TaskReport[];
  readonly processStarts: readonly ProcessStart[];
}

/**
 * Lets a task live until now. What was due by then happens at its own moment, in order; then the
 * task learns that it is to stop. Doing it often or seldom comes to the same facts.
 */
export function advanceLife(life: TaskLife, moment: Moment): Advance {
  const motion = new Motion(life, moment.pace);
  motion.passAll(moment.now);
  if (moment.isToldToStop) motion.stop();
  motion.settle(moment.now);
  // Steps that take no time are over as soon as they begin.
  motion.passAll(moment.now);
  return motion.result();
}

/** A life while it is being advanced. */
class Motion {
  readonly #origin: TaskLife;
  readonly #pace: Pace;
  readonly #taskId: string;
  readonly #containers: ContainerLife[];
  readonly #reports: TaskReport[] = [];
  readonly #processStarts: ProcessStart[] = [];
  #phase: TaskPhase;
  #until: Instant | undefined;
  #goal: TaskGoal;
  #lookAgainAt: Instant | undefined;

  constructor(life: TaskLife, pace: Pace) {
    this.#origin = life;
    this.#pace = pace;
    this.#taskId = lastPathElement(life.arn);
    this.#containers = [...life.containers];
    this.#phase = life.phase;
    this.#until = life.until;
    this.#goal = life.goal;
    this.#lookAgainAt = life.lookAgainAt;
  }

  result(): Advance {
    return { life: this.#life(), reports: this.#reports, processStarts: this.#processStarts };
  }

  /** Everything that happens by itself until now. */
  passAll(now: Instant): void {
    let at = nextEventAt(this.#life());
    while (at !== undefined && at <= now) {
      this.#pass(at);
      at = nextEventAt(this.#life());
    }
  }

  /** What happens at a moment, and what follows from it. */
  #pass(at: Instant): void {
    if (this.#until !== undefined && this.#until <= at) this.#endPhase(at);
    for (const [i, container] of this.#containers.entries()) {
      if (container.until !== undefined && container.until <= at) this.#passContainer(i, at);
    }
    this.settle(at);
  }

  stop(): void {
    this.#goal = 'stopped';
  }

  /** Does what is to be done until nothing more is: the moves of the containers, then the release. */
  settle(at: Instant): void {
    if (this.#goal === 'stopped' && this.#phase === 'pulling') {
      this.#reports.push({ kind: 'PullStopped', at });
      this.#enter('containers', at);
    }
    if (this.#phase !== 'containers') return;
    let plan = planContainers(this.#observed(), at);
    while (plan.actions.length > 0) {
      for (const action of plan.actions) this.#perform(action, at);
      plan = planContainers(this.#observed(), at);
    }
    this.#lookAgainAt = plan.lookAgainAt;
    if (this.#goal === 'stopped' && allEnded(this.#observed())) this.#enter('releasing', at);
  }

  #life(): TaskLife {
    return {
      arn: this.#origin.arn,
      script: this.#origin.script,
      isOnFargate: this.#origin.isOnFargate,
      address: this.#origin.address,
      phase: this.#phase,
      until: this.#until,
      goal: this.#goal,
      containers: this.#containers,
      lookAgainAt: this.#lookAgainAt,
    };
  }

  #enter(phase: TaskPhase, at: Instant): void {
    const { script } = this.#origin;
    this.#phase = phase;
    this.#until = phaseEnd({
      phase,
      script,
      pace: this.#pace,
      taskId: this.#taskId,
      from: at,
      now: at,
    });
  }

  #endPhase(at: Instant): void {
    switch (this.#phase) {
      case 'provisioning':
        this.#createInterface();
        return this.#enter('connecting', at);
      case 'connecting':
        return this.#connect(at);
      case 'pulling':
        return this.#endPull(at);
      case 'releasing':
        this.#reports.push({ kind: 'Released', at });
        return this.#enter('released', at);
      case 'containers':
      case 'released':
    }
  }

  #createInterface(): void {
    const { address } = this.#origin;
    if (address === undefined) return;
    this.#reports.push({
      kind: 'NetworkInterfaceCreated',
      address: networkAddressOf(this.#taskId, address),
    });
  }

  #connect(at: Instant): void {
    this.#reports.push({ kind: 'Connected', at });
    const { fault } = this.#origin.script;
    if (this.#goal === 'stopped') return this.#enter('containers', at);
    if (fault !== undefined) return this.#failStart(fault, at);
    this.#reports.push({ kind: 'PullStarted', at });
    this.#enter('pulling', at);
  }

  #endPull(at: Instant): void {
    this.#reports.push({ kind: 'PullStopped', at });
    const failed = this.#origin.script.containers.find(({ pullError }) => pullError !== undefined);
    if (failed?.pullError !== undefined) return this.#failStart(failed.pullError, at);
    this.#enter('containers', at);
  }

  #failStart(reason: string, at: Instant): void {
    this.#reports.push({ kind: 'StartFailed', reason, at });
    this.#halt();
    this.#enter('containers', at);
  }

  #halt(): void {
    if (this.#goal === 'running') this.#goal = 'halted';
  }

  #passContainer(index: number, at: Instant): void {
    const container = this.#container(index);
    switch (container.state.phase) {
      case 'creating':
        this.#containers[index] = created(container);
        return;
      case 'starting':
      case 'restarting':
        return this.#start(index, at);
      case 'running':
        return this.#passRunning(index, at);
      case 'stopping':
        this.#containers[index] = exited(container, this.#script(index), at);
        return;
      case 'absent':
      case 'created':
      case 'exited':
      case 'ended':
    }
  }

  /** ECS shows no runtime id of a container that waits for another. */
  #reportCreated(index: number): void {
    const container = this.#name(index);
    const runtimeId = runtimeIdOf(this.#origin, container);
    const { imageDigest } = this.#script(index);
    this.#reports.push({
      kind: 'ContainerCreated',
      container,
      runtimeId,
      ...present({ imageDigest }),
    });
  }

  #start(index: number, at: Instant): void {
    const before = this.#container(index);
    const container = this.#name(index);
    const { startError } = this.#script(index);
    if (startError !== undefined) return this.#abandon(index, { reason: startError }, at);
    this.#containers[index] = started(before, at, this.#running(index));
    this.#processStarts.push({ container, at });
    if (before.state.phase === 'starting') {
      this.#reports.push({ kind: 'ContainerStarted', container, at });
    } else if (before.checks > 0) {
      this.#reports.push({ kind: 'ContainerHealthChanged', container, healthStatus: 'UNKNOWN' });
    }
  }

  #passRunning(index: number, at: Instant): void {
    const before = this.#container(index);
    const script = this.#script(index);
    if ((exitAt(before, script) ?? Infinity) <= at) {
      this.#containers[index] = exited(before, script, at);
      return;
    }
    const after = checked(before, this.#running(index));
    this.#containers[index] = after;
    if (after.state.phase !== 'running') return;
    this.#reports.push({
      kind: 'ContainerHealthChanged',
      container: this.#name(index),
      healthStatus: after.state.health,
    });
  }

  #perform(action: ContainerAction, at: Instant): void {
    const index = this.#origin.script.orderings.findIndex(({ name }) => name === action.container);
    const container = this.#container(index);
    const { startDelayMs, stopDelayMs } = this.#script(index);
    const startDelay = startDelayMs ?? this.#delay('start');
    switch (action.kind) {
      case 'Create':
        this.#containers[index] = entering(container, 'creating', at + this.#delay('create'));
        return;
      case 'Start':
        this.#reportCreated(index);
        this.#containers[index] = entering(container, 'starting', at + startDelay);
        return;
      case 'Restart':
        this.#containers[index] = restarting(container, at + startDelay);
        return;
      case 'Stop':
        this.#containers[index] = stopping(container, this.#script(index), {
          at,
          timeoutMs: action.timeoutSeconds * 1000,
          stopDelayMs: stopDelayMs ?? this.#delay('stop'),
        });
        return;
      case 'End':
        return this.#end(index);
      case 'Abandon':
        return this.#abandonUnstartable(index, action.cause, at);
    }
  }

  #end(index: number): void {
    const { state, reason } = this.#container(index);
    if (state.phase !== 'exited') return;
    this.#containers[index] = ended(this.#container(index));
    this.#reports.push({
      kind: 'ContainerStopped',
      container: this.#name(index),
      exitCode: state.exitCode,
      ...(reason !== undefined && { reason }),
      at: state.at,
    });
    if (this.#origin.script.orderings[index]?.essential) this.#halt();
  }

  #abandonUnstartable(index: number, cause: Unstartable | undefined, at: Instant): void {
    if (cause?.failsTask) {
      // What a recording shows where a dependency failed.
      this.#reports.push({ kind: 'StartFailed', reason: 'Task failed to start', at });
      this.#halt();
    }
    // One that never ran has a runtime id all the same, if it came as far as its creation.
    if (this.#container(index).state.phase === 'created') this.#reportCreated(index);
    this.#reportNeverRan(index, cause?.reason, at);
  }

  /** It was to start, and cannot; this ends the task where the container is essential. */
  #abandon(index: number, { reason }: { readonly reason: string }, at: Instant): void {
    if (this.#origin.script.orderings[index]?.essential) {
      this.#reports.push({ kind: 'StartFailed', reason, at });
      this.#halt();
    }
    this.#reportNeverRan(index, reason, at);
  }

  #reportNeverRan(index: number, reason: string | undefined, at: Instant): void {
    this.#containers[index] = abandoned(this.#container(index), reason);
    this.#reports.push({
      kind: 'ContainerStopped',
      container: this.#name(index),
      ...(reason !== undefined && { reason }),
      at,
    });
  }

  #observed() {
    const { orderings } = this.#origin.script;
    const states = new Map<string, ContainerState>();
    for (const [i, { name }] of orderings.entries()) states.set(name, this.#container(i).state);
    return { orderings, states, goal: this.#goal };
  }

  #container(index: number): ContainerLife {
    return this.#containers[index] ?? unborn;
  }

  #script(index: number): ContainerScript {
    return this.#origin.script.containers[index] ?? noScript;
  }

  #running(index: number): RunningScript {
    return { script: this.#script(index), healthDelayMs: this.#delay('health') };
  }

  #name(index: number): string {
    return this.#origin.script.orderings[index]?.name ?? '';
  }

  #delay(step: keyof SimulatedDelays): number {
    return delayMs(this.#pace, this.#taskId, step);
  }
}
