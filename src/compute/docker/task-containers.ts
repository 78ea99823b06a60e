import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import type { HealthStatus, NetworkBinding, Task } from '../../domain/task/task.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { Image } from './images.ts';
import type { ContainerInspect } from './engine-types.ts';
import {
  observedState,
  outOfMemoryReason,
  recordedState,
  vanishedReason,
} from './observed-state.ts';
import { hasRun, type ContainerState } from '../plan-containers.ts';
import type { LeftContainer } from './container-calls.ts';

/** 128 and the number of SIGKILL. */
export const killedExitCode = 137;

export interface TaskContainersSetting {
  readonly task: Task;
  readonly specs: readonly ContainerSpec[];
  readonly now: () => Instant;
  readonly report: (...reports: readonly TaskReport[]) => void;
  /** Called with each container that the Engine has and that runs, or has run. */
  readonly ran: (spec: ContainerSpec, containerId: string) => void;
  readonly imageOf: (spec: ContainerSpec) => Image | undefined;
  readonly reportLater: (reports: Promise<readonly TaskReport[]>) => void;
  /** Where the ports of a container that runs are reached; the Engine may have to be asked. */
  readonly bindings: (
    spec: ContainerSpec,
    id: string,
  ) => readonly NetworkBinding[] | Promise<readonly NetworkBinding[]>;
}

/** What is known of a task's containers. Each fact is reported when it becomes known. */
export class TaskContainers {
  readonly #setting: TaskContainersSetting;
  readonly #specs: ReadonlyMap<string, ContainerSpec>;
  readonly #states = new Map<string, ContainerState>();
  /** The Engine's ids of the containers that it has. */
  readonly #ids = new Map<string, string>();
  /** Those that have been reported as created. */
  readonly #announced = new Set<string>();
  readonly #outOfMemory = new Set<string>();
  #changed = Promise.withResolvers<void>();

  constructor(setting: TaskContainersSetting) {
    const { specs, task } = setting;
    this.#setting = setting;
    this.#specs = new Map(specs.map((spec) => [spec.name, spec]));
    for (const { name } of specs) this.#states.set(name, recordedState(task, name));
    for (const { name, runtimeId } of task.containers) if (runtimeId) this.#announced.add(name);
  }

  get states(): ReadonlyMap<string, ContainerState> {
    return this.#states;
  }

  get ids(): ReadonlyMap<string, string> {
    return this.#ids;
  }

  /** What is to be removed at the end. */
  get left(): readonly LeftContainer[] {
    return [...this.#ids].flatMap(([name, id]) => {
      const spec = this.#specs.get(name);
      return spec ? [{ id, spec, hasRun: hasRun(this.state(name)) }] : [];
    });
  }

  /** Resolves at the next change. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  get specs(): readonly ContainerSpec[] {
    return this.#setting.specs;
  }

  spec(container: string): ContainerSpec | undefined {
    return this.#specs.get(container);
  }

  state(container: string): ContainerState {
    return this.#states.get(container) ?? { phase: 'ended' };
  }

  set(container: string, state: ContainerState): void {
    this.#states.set(container, state);
    this.wake();
  }

  /** Lets those who wait for a change look again. */
  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  created(container: string, id: string): void {
    this.#ids.set(container, id);
    this.set(container, { phase: 'created' });
  }

  started(container: string, at: Instant): void {
    this.#outOfMemory.delete(container);
    this.set(container, { phase: 'running', startedAt: at, health: 'UNKNOWN' });
    const spec = this.#specs.get(container);
    const id = this.#ids.get(container);
    if (spec && id !== undefined) this.#setting.ran(spec, id);
    this.#reportStart(container, at);
  }

  healthChanged(container: string, healthStatus: HealthStatus): void {
    const state = this.state(container);
    if (state.phase !== 'running' || state.health === healthStatus) return;
    this.set(container, { ...state, health: healthStatus });
    this.#setting.report({ kind: 'ContainerHealthChanged', container, healthStatus });
  }

  ranOutOfMemory(container: string): void {
    this.#outOfMemory.add(container);
  }

  /**
   * One that still runs when it is asked to stop was not the one that a shortage of the whole task
   * has ended, though all were told of it.
   */
  outlivedShortage(container: string): void {
    if (this.#outOfMemory.size > 1) this.#outOfMemory.delete(container);
  }

  isKnownOutOfMemory(container: string): boolean {
    return this.#outOfMemory.has(container);
  }

  /** An exit is final: the container is not started again. */
  end(container: string): void {
    const state = this.state(container);
    if (state.phase !== 'exited') return;
    const { at, exitCode, startedAt } = state;
    this.set(container, { phase: 'ended', startedAt, exitCode });
    const reason = this.#endedForMemory(container, exitCode) ? { reason: outOfMemoryReason } : {};
    this.#setting.report({ kind: 'ContainerStopped', container, exitCode, at, ...reason });
  }

  /**
   * A shortage of the whole task is told of each of its containers; the one that was killed for it
   * tells that by its code. Where it is told of one alone, it may have been a child of its process.
   */
  #endedForMemory(container: string, exitCode: number): boolean {
    const isAlone = this.#outOfMemory.size === 1;
    return this.#outOfMemory.has(container) && (isAlone || exitCode === killedExitCode);
  }

  endWithoutExit(container: string, reason: string | undefined): void {
    this.#reportCreation(container);
    this.set(container, { phase: 'ended' });
    const why = reason === undefined ? {} : { reason };
    this.#setting.report({ kind: 'ContainerStopped', container, at: this.#setting.now(), ...why });
  }

  /** None of them starts, for a reason that is told of all, or of those with the image. */
  cannotStart(reason: string, image: string | undefined): void {
    for (const { name, definition } of this.specs) {
      if (image === undefined || definition.image === image) this.endWithoutExit(name, reason);
    }
  }

  vanish(container: string): void {
    this.endWithoutExit(container, vanishedReason);
  }

  /** Compares all containers with what the Engine has. */
  observe(found: ReadonlyMap<string, ContainerInspect>): void {
    this.#ids.clear();
    for (const container of this.#specs.keys()) {
      const seen = found.get(container);
      if (seen) this.#observeFound(container, seen);
      else this.#observeMissing(container);
    }
  }

  #observeMissing(container: string): void {
    switch (this.state(container).phase) {
      case 'running':
      case 'stopping':
      case 'restarting':
        return this.vanish(container);
      case 'absent':
      case 'creating':
      case 'created':
      case 'starting':
        return this.set(container, { phase: 'absent' });
      case 'exited':
      case 'ended':
    }
  }

  #observeFound(container: string, found: ContainerInspect): void {
    this.#ids.set(container, found.Id);
    if (this.state(container).phase === 'ended') return;
    const state = observedState(found);
    if (state.phase !== 'running' && state.phase !== 'exited') return this.set(container, state);
    this.started(container, state.startedAt);
    if (found.State.OOMKilled) this.#outOfMemory.add(container);
    if (state.phase === 'running') this.healthChanged(container, state.health);
    else this.set(container, state);
  }

  #reportStart(container: string, at: Instant): void {
    const spec = this.#specs.get(container);
    if (!spec) return;
    this.#reportCreation(container);
    const startedOn = (networkBindings: readonly NetworkBinding[]): TaskReport => {
      const published = networkBindings.length > 0 ? { networkBindings } : {};
      return { kind: 'ContainerStarted', container, at, ...published };
    };
    const bindings = this.#setting.bindings(spec, this.#ids.get(container) ?? '');
    if (bindings instanceof Promise) {
      this.#setting.reportLater(bindings.then((found) => [startedOn(found)]));
    } else {
      this.#setting.report(startedOn(bindings));
    }
    // Commands can be run from the first moment: there is no agent to wait for.
    if (!this.#setting.task.enableExecuteCommand) return;
    const agent = { container, name: 'ExecuteCommandAgent', status: 'RUNNING', at } as const;
    this.#setting.report({ kind: 'ManagedAgentChanged', ...agent });
  }

  /** A container that waits for another is not shown until it starts, or the task ends. */
  #reportCreation(container: string): void {
    const spec = this.#specs.get(container);
    if (!spec || !this.#ids.has(container) || this.#announced.has(container)) return;
    this.#announced.add(container);
    const runtimeId = spec.runtimeId ?? this.#ids.get(container) ?? '';
    const image = this.#setting.imageOf(spec);
    const known =
      image?.digest === undefined ? present({ imageId: image?.id }) : { imageDigest: image.digest };
    this.#setting.report({ kind: 'ContainerCreated', container, runtimeId, ...known });
  }
}
