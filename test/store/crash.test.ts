import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, env } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { randomOf } from '../fixtures/random-of.ts';
import { aQuery, contents } from './builders.ts';
import { recordsAfter, recordsPerBatch } from './numbered-batch.ts';

const kills = 20;
const seed = Number(env['LONGSHORE_TEST_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-crash-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test(`${kills} kills lose no acknowledged batch and leave no half one, seed ${seed}`, async () => {
  const random = randomOf(seed);
  let applied = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const acknowledged = await killAfter(1 + Math.trunc(random() * 25), applied + 1);
    const found = await appliedBatches();
    expect(acknowledged).toBeGreaterThan(applied);
    expect([acknowledged, acknowledged + 1]).toContain(found);
    applied = found;
  }
});

/**
 * Kills a committing process once it has acknowledged so many batches, wherever it then is.
 * @returns the number of the last batch that it acknowledged
 */
async function killAfter(count: number, first: number): Promise<number> {
  const program = fileURLToPath(new URL('./committing-process.ts', import.meta.url));
  const child = spawn(execPath, [program, folder, `${first}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let last = first - 1;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (last === first + count - 1) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return last;
}

/** Checks that the store holds exactly some number of whole batches, and tells how many. */
async function appliedBatches(): Promise<number> {
  const store = await openSqliteStore(folder);
  try {
    const records = await contents(store);
    const last = Number(records.find(({ kind }) => kind === 'newest')?.body);
    expect(records).toEqual(recordsAfter(last, recordsPerBatch));
    const log = await store.readLog(
      aQuery({ log: 'batches', subject: 'all', order: 'oldest-first', limit: last + 10 }),
    );
    expect(log.map(({ body }) => Number(body))).toEqual(log.map((_, index) => index + 1));
    expect(log).toHaveLength(last);
    expect(await store.check()).toEqual([]);
    return last;
  } finally {
    await store.close();
  }
}
