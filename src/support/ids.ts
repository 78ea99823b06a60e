import { randomBytes, randomInt, randomUUID } from 'node:crypto';

const timeDigits = 12;
const randomDigits = 16;
const countersPerMillisecond = 1 << 16;
const pooledBytes = 4_096;

/** What ids are made of, besides counting. */
export interface IdSources {
  now(): number;
  randomBytes(size: number): Buffer;
}

/**
 * Makes ids like those of ECS tasks: 32 lower-case hexadecimal digits. Each sorts behind the one
 * before, which keeps new rows at the end of the database's index: 12 digits of time, 4 of counting
 * within the millisecond, then 64 random bits that nobody can guess.
 */
export function makeIdGenerator(sources: IdSources): () => string {
  let time = 0;
  let counter = 0;
  let pool = '';
  let used = 0;

  function nextRandomDigits(): string {
    if (used === pool.length) {
      pool = sources.randomBytes(pooledBytes).toString('hex');
      used = 0;
    }
    used += randomDigits;
    return pool.slice(used - randomDigits, used);
  }

  return () => {
    counter += 1;
    const now = sources.now();
    // A clock that was set back, or a full millisecond, does not break the order: time only grows.
    if (now > time || counter === countersPerMillisecond) {
      time = Math.max(now, time + 1);
      counter = 0;
    }
    return hex(time, timeDigits) + hex(counter, 4) + nextRandomDigits();
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** A new id of 32 hexadecimal digits, behind all earlier ones. */
export const newId: () => string = makeIdGenerator({
  now: Date.now,
  randomBytes: (size) => randomBytes(size),
});

/** A new random UUID. */
export function newUuid(): string {
  return randomUUID();
}

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const suffixLength = 6;

/** Six random letters and digits, as in the ARNs of secrets. */
export function newSuffix(): string {
  const letters = Array.from({ length: suffixLength }, () => randomInt(suffixAlphabet.length));
  return letters.map((at) => suffixAlphabet.charAt(at)).join('');
}
