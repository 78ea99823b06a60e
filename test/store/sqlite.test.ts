import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { aBatch, aRecord, contents } from './conformance.ts';
import { recordsAfter, recordsPerBatch } from './numbered-batch.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'longshore-sqlite-')), 'deep', 'data');
  file = join(folder, 'longshore.db');
});

afterEach(async () => {
  await rm(join(folder, '..', '..'), { recursive: true });
});

async function permissions(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function fill(): Promise<void> {
  const store = await openSqliteStore(folder);
  const { epoch } = await store.lease('the test');
  const puts = Array.from({ length: 500 }, (_, i) =>
    aRecord({ key: `${i}`, body: 'x'.repeat(500) }),
  );
  await store.commit(aBatch({ puts }), epoch);
  await store.close();
}

test('the folder and all files in it are for their owner alone', async () => {
  const store = await openSqliteStore(folder);
  await store.lease('the test');
  const files = await readdir(folder);
  expect(files).toContain('longshore.db-wal');
  expect(await permissions(folder)).toBe('700');
  for (const name of files) expect(await permissions(join(folder, name))).toBe('600');
  await store.close();
});

test('closing leaves one data file, with nothing beside it to be replayed', async () => {
  await fill();
  expect((await readdir(folder)).toSorted()).toEqual(['longshore.db', 'longshore.lock']);
});

test('the write-ahead log does not grow with the number of batches', async () => {
  const store = await openSqliteStore(folder);
  const { epoch } = await store.lease('the test');
  const body = 'x'.repeat(1 << 20);
  for (let i = 0; i < 40; i += 1) await store.commit(aBatch({ puts: [aRecord({ body })] }), epoch);
  const { size } = await stat(`${file}-wal`);
  await store.close();
  expect(size).toBeLessThan(8 << 20);
});

test('a second process is refused while the first lives, and told where and by whom', async () => {
  const program = fileURLToPath(new URL('./committing-process.ts', import.meta.url));
  const child = spawn(execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const refused = openSqliteStore(folder);
  await expect(refused).rejects.toMatchObject({
    code: 'in-use',
    message: expect.stringContaining(folder),
  });
  await expect(refused).rejects.toThrow('the process to be killed');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await openSqliteStore(folder)).close();
});

test('the data may be read by another program while the store is open', async () => {
  const store = await openSqliteStore(folder);
  const { epoch } = await store.lease('the test');
  await store.commit(aBatch({ puts: [aRecord()] }), epoch);
  const reader = new DatabaseSync(file, { readOnly: true });
  reader.exec('BEGIN');
  expect(reader.prepare('SELECT count(*) AS n FROM record').get()).toEqual({ n: 1 });
  await store.commit(aBatch({ puts: [aRecord({ key: 'b' })] }), epoch);
  reader.close();
  expect(await contents(store)).toHaveLength(2);
  await store.close();
});

test('a file of a newer format is refused untouched, with both formats and the file named', async () => {
  await fill();
  setFormat(2);
  const refused = openSqliteStore(folder);
  await expect(refused).rejects.toMatchObject({ code: 'newer-format' });
  await expect(refused).rejects.toThrow(
    `${file} has format 2, written by a later version of Longshore. ` +
      'This version reads formats up to 1.',
  );
  setFormat(1);
  const store = await openSqliteStore(folder);
  expect(await contents(store)).toHaveLength(500);
  await store.close();
});

test('a file that does not tell its format is reported as damaged', async () => {
  await fill();
  setFormat('?');
  const refused = openSqliteStore(folder);
  await expect(refused).rejects.toMatchObject({ code: 'corrupt' });
  await expect(refused).rejects.toThrow(`${file} does not tell its format: ?.`);
});

function setFormat(format: number | string): void {
  const database = new DatabaseSync(file);
  database.prepare(`UPDATE meta SET value = ? WHERE name = 'format'`).run(format);
  database.close();
}

test('a file that was cut off when it was made is made anew', async () => {
  await (await openSqliteStore(folder)).close();
  await writeFile(file, '');
  const store = await openSqliteStore(folder);
  expect((await store.lease('the test')).epoch).toBe(1);
  await store.close();
});

test('a file that is no database is reported as damaged, with its folder', async () => {
  await fill();
  await writeFile(file, 'these are not the bytes of a database\n'.repeat(500));
  const refused = openSqliteStore(folder);
  await expect(refused).rejects.toMatchObject({ code: 'corrupt' });
  await expect(refused).rejects.toThrow(folder);
});

test('damage inside the file is reported with the place', async () => {
  await fill();
  const pages = await open(file, 'r+');
  const garbage = Buffer.alloc(4096, 0xff);
  for (const page of [20, 30, 40]) await pages.write(garbage, 0, garbage.length, page * 4096);
  await pages.close();
  const store = await openSqliteStore(folder);
  const loading = contents(store);
  await expect(loading).rejects.toMatchObject({ code: 'corrupt' });
  await expect(loading).rejects.toThrow(/page \d+/);
  expect((await store.check()).join('\n')).toMatch(/page \d+/);
  await store.close();
});

test('when the disk takes no more the commit fails, and what was acknowledged stays', async () => {
  // A limit on the size of files stands in for a full disk: it needs no rights and no mounting.
  const program = fileURLToPath(new URL('./committing-process.ts', import.meta.url));
  const command = `ulimit -f 4000; exec "${execPath}" "${program}" "${folder}"`;
  const child = spawn('sh', ['-c', command], { stdio: 'pipe' });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  expect(code).toBe(1);
  expect(errors).toContain('StoreError');
  expect(errors).toContain(folder);
  const acknowledged = Number(output.trim().split('\n').at(-1));
  expect(acknowledged).toBeGreaterThan(1);

  const store = await openSqliteStore(folder);
  expect(await contents(store)).toEqual(recordsAfter(acknowledged, recordsPerBatch));
  await store.close();
});

test('a folder that cannot be made is reported', async () => {
  await writeFile(join(folder, '..', '..', 'deep'), 'a file in the way');
  await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a bug in the thread of the store rejects what waits for it, and all that follows', async () => {
  const store: Store = await openSqliteStore(folder);
  const { epoch } = await store.lease('the test');
  // A record that is not one: the one way to make the thread throw what it does not expect.
  const nonsense = JSON.parse('{"kind":"task","key":"a","form":1,"body":{}}');
  const commit = store.commit(aBatch({ puts: [nonsense] }), epoch);
  const reading = contents(store);
  await expect(commit).rejects.toMatchObject({ code: 'unavailable' });
  await expect(reading).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.lease('the test')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.close()).rejects.toMatchObject({ code: 'unavailable' });
  const again = await openSqliteStore(folder);
  expect(await contents(again)).toEqual([]);
  await again.close();
});
