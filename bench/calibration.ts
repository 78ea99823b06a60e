import { loadavg } from 'node:os';
import { median } from './statistics.ts';

/** Rounds whose calibration differs by more than this factor compare two machines, not two programs. */
const widestSpread = 1.5;

const loopSteps = 2_000_000;
const loops = 5;

export interface Quietness {
  readonly loadAverage: readonly number[];
  /** The slowest calibration over the fastest. */
  readonly spread: number;
  /** Too noisy for its figures to mean anything. */
  readonly isVoid: boolean;
}

/** Times the same piece of work before each round: it tells what else the machine was doing. */
export class Calibration {
  readonly #times: number[] = [];

  measure(): void {
    this.#times.push(median(Array.from({ length: loops }, timeLoop)));
  }

  result(): Quietness {
    const spread = Math.max(...this.#times) / Math.min(...this.#times);
    return { loadAverage: loadavg(), spread, isVoid: spread > widestSpread };
  }
}

function timeLoop(): number {
  const startedAt = performance.now();
  let value = 1;
  for (let step = 0; step < loopSteps; step += 1)
    value = (value * 1_103_515_245 + step) & 0x7fffffff;
  // The value is used, so that the loop cannot be left out.
  return performance.now() - startedAt + (value === -1 ? 1 : 0);
}
