import type { Instant } from '../../domain/instant.ts';
import type { EngineInfo } from './engine-types.ts';
import { bytesPerMiB } from './task-bound.ts';

/** Starts that follow each other this closely are one burst. */
const longestGapMs = 5_000;
/** A burst is expected to come again for this long after it. */
const rememberedMs = 15 * 60_000;
/** So many, at most, are kept for the next burst, where memory allows: a bridge takes about 1,000 in all. */
const mostForBursts = 100;
/** Measured: what a warm pause container has of memory for itself, nearly all of it its supervisor's. */
const memoryOfOneMiB = 3;
/** What all of them may take of the machine's memory. */
const shareOfMemory = 0.02;

/** How many network namespaces are kept for bursts on this machine. */
export function mostForBurstsOn({ MemTotal }: Pick<EngineInfo, 'MemTotal'>): number {
  const allowed = Math.floor((MemTotal * shareOfMemory) / (memoryOfOneMiB * bytesPerMiB));
  return Math.min(mostForBursts, allowed);
}

/**
 * How many network namespaces are kept ready: as many as the largest burst of starts of late took,
 * since what was started at once is likely to be so again, as in a deployment.
 */
export class PoolSize {
  readonly #fewest: number;
  #most: number;
  #burst = 0;
  #takenAt: Instant = -Infinity;
  #largest = 0;
  #largestAt: Instant = -Infinity;

  constructor(fewest: number) {
    this.#fewest = fewest;
    this.#most = fewest;
  }

  /** Bounds what bursts ask for. What the operator asks for is not bounded. */
  set mostForBursts(most: number) {
    this.#most = Math.max(most, this.#fewest);
  }

  /** A task has taken one, or would have. */
  taken(now: Instant): void {
    this.#burst = now - this.#takenAt <= longestGapMs ? this.#burst + 1 : 1;
    this.#takenAt = now;
    if (this.#burst < this.#largest && now < this.#forgottenAt) return;
    this.#largest = this.#burst;
    this.#largestAt = now;
  }

  wanted(now: Instant): number {
    const expected = now < this.#forgottenAt ? this.#largest : 0;
    return Math.min(Math.max(expected, this.#fewest), this.#most);
  }

  /** When fewer may do; undefined where there are as few as ever. */
  fallsAt(now: Instant): Instant | undefined {
    return this.wanted(now) > this.#fewest ? this.#forgottenAt : undefined;
  }

  get #forgottenAt(): Instant {
    return this.#largestAt + rememberedMs;
  }
}
