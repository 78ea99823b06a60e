import type { TaskArn } from '../../domain/arn.ts';
import type { Clock } from '../../support/clock.ts';
import { delay } from './delay.ts';
import type { ContainerSizes } from './engine-types.ts';

export interface StorageUseParts {
  readonly clock: Clock;
  /** What the containers of a task that are there take: the Engine looks at each of their files for it. */
  readonly measure: (taskArn: TaskArn) => Promise<readonly ContainerSizes[]>;
}

/** A task that asks more often is told what was. */
const measuredForMs = 10_000;
/** Who asks does not wait longer: many files take their time. */
const patienceMs = 500;
const mostKnown = 1_000;

interface Measurement {
  readonly at: number;
  readonly bytes: Promise<number>;
  /** The newest figure that there is; absent before the first one. */
  newest?: number;
  isOver: boolean;
}

/** What tasks take on the Engine's disk: the layers of their containers, and each of their images once. */
export class StorageUse {
  readonly #parts: StorageUseParts;
  readonly #known = new Map<TaskArn, Measurement>();

  constructor(parts: StorageUseParts) {
    this.#parts = parts;
  }

  /** Undefined where the first measurement takes long. */
  async of(taskArn: TaskArn): Promise<number | undefined> {
    const { clock } = this.#parts;
    const known = this.#known.get(taskArn);
    const isFresh = known && (!known.isOver || clock.now() < known.at + measuredForMs);
    const current = isFresh ? known : this.#begin(taskArn, known?.newest);
    const answered = new AbortController();
    const late = delay(clock, patienceMs, answered.signal).then(() => current.newest);
    try {
      return await Promise.race([current.bytes, late]);
    } finally {
      answered.abort();
    }
  }

  #begin(taskArn: TaskArn, newest: number | undefined): Measurement {
    const { clock, measure } = this.#parts;
    const bytes = measure(taskArn).then(bytesOf);
    const begun: Measurement = { at: clock.now(), bytes, isOver: false };
    if (newest !== undefined) begun.newest = newest;
    bytes.then(
      (figure) => {
        begun.newest = figure;
        begun.isOver = true;
      },
      () => this.#known.delete(taskArn),
    );
    this.#known.delete(taskArn);
    this.#known.set(taskArn, begun);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(oldest);
    }
    return begun;
  }
}

/** The Engine counts an image in every container that is made of it. */
function bytesOf(containers: readonly ContainerSizes[]): number {
  const images = new Map<string, number>();
  let bytes = 0;
  for (const { Image, SizeRw = 0, SizeRootFs = 0 } of containers) {
    bytes += SizeRw;
    images.set(Image, SizeRootFs - SizeRw);
  }
  for (const size of images.values()) bytes += size;
  return bytes;
}
