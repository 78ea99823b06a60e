import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OutputStore } from './output-store.ts';

function frame(text: string): Buffer {
  const payload = Buffer.from(`2026-01-02T03:04:05.006007008Z ${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function withStore(use: (store: OutputStore) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-output-'));
  try {
    await use(new OutputStore(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function lastOf(store: OutputStore, count: number): Promise<readonly string[]> {
  const lines = await Array.fromAsync(store.readTail('task', 'app'));
  return lines.slice(-count).map(({ text }) => text);
}

test.for([3, 40_000])('the last of %i lines are found at the end of the file', async (count) => {
  await withStore(async (store) => {
    const texts = Array.from({ length: count }, (_, number) => `line ${number} grüße`);
    await store.keep(
      'task',
      'app',
      (async function* () {
        for (const text of texts) yield frame(text);
      })(),
    );
    expect(await lastOf(store, 3)).toEqual(texts.slice(-3));
  });
});

test('the end of what a terminal showed is found as well', async () => {
  await withStore(async (store) => {
    const lines = Array.from(
      { length: 5_000 },
      (_, number) => `2026-01-02T03:04:05.006Z line ${number}\r\n`,
    );
    await store.keep(
      'task',
      'app',
      (async function* () {
        yield Buffer.from(lines.join(''));
      })(),
    );
    expect(await lastOf(store, 2)).toEqual(['line 4998', 'line 4999']);
  });
});

test('where nothing was kept there is nothing', async () => {
  await withStore(async (store) => {
    expect(await lastOf(store, 3)).toEqual([]);
  });
});
