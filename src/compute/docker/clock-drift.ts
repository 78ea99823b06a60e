import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Clock } from '../../support/clock.ts';
import type { ClockFacts } from '../task-facts.ts';

const execute = promisify(execFile);
const answerTimeoutMs = 1_000;
const knownForMs = 10_000;

/** `chronyc -c tracking`: fourteen fields, the sizes of errors in seconds. */
const field = {
  referenceTime: 3,
  systemOffset: 4,
  rootDelay: 10,
  rootDispersion: 11,
  leapStatus: 13,
} as const;

/** How far the clock of this machine may be off, as chrony knows it; undefined where no chrony keeps it. */
export class ClockDrift {
  readonly #clock: Clock;
  #asked: { readonly at: number; readonly facts: Promise<ClockFacts | undefined> } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  facts(): Promise<ClockFacts | undefined> {
    const now = this.#clock.now();
    if (!this.#asked || now >= this.#asked.at + knownForMs) {
      this.#asked = { at: now, facts: askChrony() };
    }
    return this.#asked.facts;
  }
}

async function askChrony(): Promise<ClockFacts | undefined> {
  try {
    const { stdout } = await execute('chronyc', ['-c', '-n', 'tracking'], {
      timeout: answerTimeoutMs,
    });
    return parseTracking(stdout);
  } catch {
    // There is no chrony, or it does not answer: either way nothing is known.
    return undefined;
  }
}

/** The bound of the error as AWS has it: the offset, the root dispersion and half of the root delay. */
export function parseTracking(line: string): ClockFacts | undefined {
  const fields = line.trim().split(',');
  const seconds = (index: number): number => Number(fields[index] || Number.NaN);
  const offset = Math.abs(seconds(field.systemOffset));
  const bound = offset + seconds(field.rootDispersion) + seconds(field.rootDelay) / 2;
  const reference = seconds(field.referenceTime);
  if (Number.isNaN(bound) || Number.isNaN(reference)) return undefined;
  const isSynchronized = fields[field.leapStatus] !== 'Not synchronised';
  return { errorBoundMs: bound * 1000, referenceAt: reference * 1000, isSynchronized };
}
