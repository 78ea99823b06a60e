import type { TaskArn } from '../../domain/arn.ts';
import type { Clock } from '../../support/clock.ts';
import type { ContainerSizes } from './engine-types.ts';

export interface StorageUseParts {
  readonly clock: Clock;
  /** What the containers of a task that are there take: the Engine looks at each of their files for it. */
  readonly measure: (taskArn: TaskArn) => Promise<readonly ContainerSizes[]>;
}

/** A task that asks more often is told what was. */
const measuredForMs = 10_000;
const mostKnown = 1_000;

interface Measurement {
  readonly at: number;
  readonly bytes: Promise<number>;
}

/** What tasks take on the Engine's disk: the layers of their containers, and each of their images once. */
export class StorageUse {
  readonly #parts: StorageUseParts;
  readonly #known = new Map<TaskArn, Measurement>();

  constructor(parts: StorageUseParts) {
    this.#parts = parts;
  }

  of(taskArn: TaskArn): Promise<number> {
    const now = this.#parts.clock.now();
    const known = this.#known.get(taskArn);
    if (known && now < known.at + measuredForMs) return known.bytes;
    const bytes = this.#parts.measure(taskArn).then(bytesOf);
    this.#known.delete(taskArn);
    this.#known.set(taskArn, { at: now, bytes });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(oldest);
    }
    return bytes;
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
