import type { TaskOrder } from '../compute.ts';
import { taskIdOf } from './container-spec.ts';
import type { Engine } from './engine.ts';
import type { EngineInfo } from './engine-types.ts';
import { canNestContainers, cgroupOfPause, needsBoundOfItsOwn, taskBound } from './task-bound.ts';
import { canMakeSlices, type TaskSlices } from './task-slices.ts';

type Way = 'pause' | 'slice' | 'none';

/**
 * Bounds the containers of a task together, in the way that the Engine and this process allow: by the task's pause
 * container, by a slice of systemd, or not at all (docs/decisions/0005).
 */
export class TaskBounds {
  readonly #engine: Engine;
  readonly #engineUrl: string;
  readonly #slices: TaskSlices;
  #way: Way = 'none';

  constructor(engine: Engine, engineUrl: string, slices: TaskSlices) {
    this.#engine = engine;
    this.#engineUrl = engineUrl;
    this.#slices = slices;
  }

  /** Adapts to the Engine, as it is since it was last reached. */
  async adapt(info: EngineInfo): Promise<void> {
    if (canNestContainers(info)) this.#way = 'pause';
    else this.#way = (await canMakeSlices(info, this.#engineUrl)) ? 'slice' : 'none';
  }

  /** The cgroup that is the parent of the task's containers, where they are bounded together. */
  parentFor(order: TaskOrder, pauseId: string | undefined): string | undefined {
    switch (this.#wayOf(order)) {
      case 'pause':
        return pauseId === undefined ? undefined : cgroupOfPause(pauseId);
      case 'slice':
        return this.#slices.nameFor(taskIdOf(order));
      case 'none':
        return undefined;
    }
  }

  /**
   * Bounds that cgroup. Before the task's containers start, and as often as one likes.
   * @throws EngineError or SliceFailure
   */
  async bound(order: TaskOrder, pauseId: string | undefined): Promise<void> {
    switch (this.#wayOf(order)) {
      case 'pause':
        if (pauseId === undefined) return;
        return this.#engine.updateContainer(pauseId, taskBound(order));
      case 'slice':
        return this.#slices.make(taskIdOf(order), taskBound(order));
      case 'none':
    }
  }

  /** When the task's containers are gone. A pause container takes its cgroup with it. */
  async release(order: TaskOrder): Promise<void> {
    if (this.#wayOf(order) === 'slice') await this.#slices.remove(taskIdOf(order));
  }

  /** Leaves nothing of tasks that nobody knows. */
  async sweep(taskIds: ReadonlySet<string>): Promise<void> {
    if (this.#way === 'slice') await this.#slices.sweep(taskIds);
  }

  #wayOf(order: TaskOrder): Way {
    return needsBoundOfItsOwn(order) ? this.#way : 'none';
  }
}
