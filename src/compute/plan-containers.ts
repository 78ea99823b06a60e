import type { Instant } from '../domain/instant.ts';
import type { HealthStatus } from '../domain/task/task.ts';

export type DependencyCondition = 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';

/** What the order of a task's containers depends on. */
export interface ContainerOrdering {
  readonly name: string;
  readonly essential: boolean;
  readonly dependsOn: readonly ContainerDependency[];
  /** Containers that must exist before this one can be created, and have started before it starts. */
  readonly buildsOn: readonly string[];
  /** Those that must have started before this one can be created: it is told their addresses. */
  readonly needsAddressOf: readonly string[];
  /** How long dependants wait for their condition on this container, from its start on. */
  readonly startTimeoutSeconds?: number;
  readonly stopTimeoutSeconds: number;
  /** It has nothing to bring to an end before it is HEALTHY, and may not heed a signal yet. */
  readonly isIdleUntilHealthy?: true;
  readonly restartPolicy?: RestartPolicy;
}

export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: DependencyCondition;
}

export interface RestartPolicy {
  readonly ignoredExitCodes: readonly number[];
  readonly attemptPeriodSeconds: number;
}

/** What is known of a container. `startedAt` is that of its latest start. */
export type ContainerState =
  | { readonly phase: 'absent' }
  | { readonly phase: 'creating' }
  | { readonly phase: 'created' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'running'; readonly startedAt: Instant; readonly health: HealthStatus }
  | { readonly phase: 'stopping'; readonly startedAt: Instant }
  /** Its process has ended; whether it is started again is not decided yet. */
  | {
      readonly phase: 'exited';
      readonly startedAt: Instant;
      readonly at: Instant;
      readonly exitCode: number;
    }
  | { readonly phase: 'restarting'; readonly startedAt: Instant }
  /** For good. A container that never ran has no `startedAt`. */
  | { readonly phase: 'ended'; readonly startedAt?: Instant; readonly exitCode?: number };

/** What the task is heading for. A halted task starts nothing more and waits for its stop. */
export type TaskGoal = 'running' | 'halted' | 'stopped';

export type ContainerAction =
  | { readonly kind: 'Create'; readonly container: string }
  | { readonly kind: 'Start'; readonly container: string }
  | { readonly kind: 'Restart'; readonly container: string }
  | { readonly kind: 'Stop'; readonly container: string; readonly timeoutSeconds: number }
  /** The exit is final. */
  | { readonly kind: 'End'; readonly container: string }
  /** It never runs: the task stops first, or (with a cause) what it depends on cannot come. */
  | { readonly kind: 'Abandon'; readonly container: string; readonly cause?: Unstartable };

export interface Unstartable {
  /** Absent where ECS shows none. */
  readonly reason?: string;
  readonly failsTask: boolean;
}

export interface ContainerPlan {
  readonly actions: readonly ContainerAction[];
  /** When a start timeout may change the plan although nothing else has happened. */
  readonly lookAgainAt?: Instant;
}

export interface ObservedContainers {
  readonly orderings: readonly ContainerOrdering[];
  readonly states: ReadonlyMap<string, ContainerState>;
  readonly goal: TaskGoal;
}

/** Decides the next moves of a task's containers (Developer Guide, "Container dependency"). */
export function planContainers(observed: ObservedContainers, now: Instant): ContainerPlan {
  const actions: ContainerAction[] = [];
  let lookAgainAt: Instant | undefined;
  for (const ordering of observed.orderings) {
    const next =
      observed.goal === 'stopped' ? nextStop(observed, ordering) : nextRun(observed, ordering, now);
    if (next === undefined) continue;
    if ('kind' in next) actions.push(next);
    else lookAgainAt = Math.min(next.lookAgainAt, lookAgainAt ?? Infinity);
  }
  return lookAgainAt === undefined ? { actions } : { actions, lookAgainAt };
}

/** Whether the container has ever been started. */
export function hasRun(state: ContainerState): boolean {
  return 'startedAt' in state && state.startedAt !== undefined;
}

/** Whether nothing of the task runs or can run any more. */
export function allEnded(observed: ObservedContainers): boolean {
  return observed.orderings.every(({ name }) => stateOf(observed, name).phase === 'ended');
}

type Next = ContainerAction | { readonly lookAgainAt: Instant } | undefined;

function nextRun(observed: ObservedContainers, ordering: ContainerOrdering, now: Instant): Next {
  const container = ordering.name;
  const state = stateOf(observed, container);
  if (state.phase === 'exited') {
    const again = observed.goal === 'running' && restarts(ordering.restartPolicy, state);
    return { kind: again ? 'Restart' : 'End', container };
  }
  if (observed.goal === 'halted') return undefined;
  if (state.phase === 'absent') {
    const sources = ordering.buildsOn.map((source) => stateOf(observed, source).phase);
    if (sources.some((phase) => phase === 'absent' || phase === 'creating')) return undefined;
    const needed = ordering.needsAddressOf.map(startOf);
    return nextAfter(needed, 'Create', { observed, ordering, now });
  }
  if (state.phase !== 'created') return undefined;
  return nextAfter(dependenciesOf(ordering), 'Start', { observed, ordering, now });
}

interface Situation {
  readonly observed: ObservedContainers;
  readonly ordering: ContainerOrdering;
  readonly now: Instant;
}

/** The action, once what it waits for has come; where that cannot come, the container never runs. */
function nextAfter(
  dependencies: readonly ContainerDependency[],
  kind: 'Create' | 'Start',
  { observed, ordering, now }: Situation,
): Next {
  const container = ordering.name;
  let waits = false;
  let lookAgainAt = Infinity;
  for (const dependency of dependencies) {
    const progress = progressOf(observed, dependency, now);
    if (progress.kind === 'impossible') {
      const cause = unstartable(observed, ordering, { ...dependency, why: progress.why });
      return { kind: 'Abandon', container, cause };
    }
    if (progress.kind === 'waiting') {
      waits = true;
      lookAgainAt = Math.min(lookAgainAt, progress.until ?? Infinity);
    }
  }
  if (!waits) return { kind, container };
  return lookAgainAt === Infinity ? undefined : { lookAgainAt };
}

/** A container is asked to stop only when all that depend on it have ended. */
function nextStop(observed: ObservedContainers, ordering: ContainerOrdering): Next {
  const container = ordering.name;
  const state = stateOf(observed, container);
  switch (state.phase) {
    case 'absent':
    case 'created':
      return { kind: 'Abandon', container };
    case 'exited':
      return { kind: 'End', container };
    case 'running': {
      const dependants = observed.orderings.filter((other) =>
        dependenciesOf(other).some((dependency) => dependency.containerName === container),
      );
      const free = dependants.every(({ name }) => stateOf(observed, name).phase === 'ended');
      if (!free) return undefined;
      return { kind: 'Stop', container, timeoutSeconds: stopTimeoutOf(ordering, state.health) };
    }
    // What is under way is waited for: its outcome makes the next plan.
    case 'creating':
    case 'starting':
    case 'restarting':
    case 'stopping':
    case 'ended':
      return undefined;
  }
}

function stopTimeoutOf(
  { isIdleUntilHealthy, stopTimeoutSeconds }: ContainerOrdering,
  health: HealthStatus,
): number {
  return isIdleUntilHealthy && health !== 'HEALTHY' ? 0 : stopTimeoutSeconds;
}

type Progress =
  | { readonly kind: 'satisfied' }
  | { readonly kind: 'waiting'; readonly until?: Instant }
  | { readonly kind: 'impossible'; readonly why: Impossibility };

/** Whether the dependency is over, or its start timeout is. */
type Impossibility = 'Ended' | 'TimedOut';

function progressOf(
  observed: ObservedContainers,
  { containerName, condition }: ContainerDependency,
  now: Instant,
): Progress {
  const state = stateOf(observed, containerName);
  if (satisfies(state, condition)) return { kind: 'satisfied' };
  if (state.phase === 'ended') return { kind: 'impossible', why: 'Ended' };
  const timeout = observed.orderings.find((o) => o.name === containerName)?.startTimeoutSeconds;
  if (timeout === undefined || !('startedAt' in state)) return { kind: 'waiting' };
  const until = state.startedAt + timeout * 1000;
  return now >= until ? { kind: 'impossible', why: 'TimedOut' } : { kind: 'waiting', until };
}

function satisfies(state: ContainerState, condition: DependencyCondition): boolean {
  switch (condition) {
    // Satisfied by having started, even where it has ended since.
    case 'START':
      return hasRun(state);
    case 'COMPLETE':
      return state.phase === 'ended' && state.exitCode !== undefined;
    case 'SUCCESS':
      return state.phase === 'ended' && state.exitCode === 0;
    case 'HEALTHY':
      return state.phase === 'running' && state.health === 'HEALTHY';
  }
}

/**
 * A dependency on SUCCESS that fails is recorded: the container that waited shows no reason. The
 * other texts are the official agent's.
 */
function unstartable(
  observed: ObservedContainers,
  ordering: ContainerOrdering,
  { containerName, condition, why }: ContainerDependency & { readonly why: Impossibility },
): Unstartable {
  const dependency = observed.orderings.find((other) => other.name === containerName);
  const failsTask = ordering.essential || dependency?.essential === true;
  const dependent = `dependency [${containerName}] for target [${ordering.name}]`;
  const graph = 'CannotStartContainerError: dependency graph:';
  if (why === 'TimedOut') {
    return { failsTask, reason: `${graph} container ordering ${dependent} has timed out.` };
  }
  if (condition === 'SUCCESS') return { failsTask };
  const reason = `${graph} failed to resolve container ordering ${dependent} because dependency will never start`;
  return { failsTask, reason };
}

/**
 * A container that ends sooner than the policy's period after its latest start stays down
 * (Developer Guide, "Restart individual containers in Amazon ECS tasks").
 */
function restarts(
  policy: RestartPolicy | undefined,
  exit: { readonly startedAt: Instant; readonly at: Instant; readonly exitCode: number },
): boolean {
  if (!policy || policy.ignoredExitCodes.includes(exit.exitCode)) return false;
  return exit.at - exit.startedAt >= policy.attemptPeriodSeconds * 1000;
}

function dependenciesOf(ordering: ContainerOrdering): readonly ContainerDependency[] {
  return [...ordering.dependsOn, ...ordering.buildsOn.map(startOf)];
}

function startOf(containerName: string): ContainerDependency {
  return { containerName, condition: 'START' };
}

function stateOf(observed: ObservedContainers, name: string): ContainerState {
  return observed.states.get(name) ?? { phase: 'absent' };
}
