import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigFile } from './config-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-proxy-'));
  path = join(folder, 'config.json');
});
afterEach(() => rm(folder, { recursive: true }));

const configured = (logLevel: string) => JSON.stringify({ egress: [], ingress: [], logLevel });

/** What it was told, one after the other. */
function follower() {
  const told: string[] = [];
  let look = () => {};
  const tell = (what: string) => {
    told.push(what);
    look();
  };
  const file = new ConfigFile({
    path,
    onConfig: ({ logLevel }) => tell(logLevel),
    onBroken: tell,
  });
  const toldOf = (count: number) =>
    new Promise<readonly string[]>((resolve) => {
      look = () => told.length >= count && resolve(told);
      look();
    });
  return { file, told, toldOf };
}

test('a configuration is heard when it comes and when it changes, in place or anew', async () => {
  const { file, toldOf } = follower();
  await file.follow();
  await writeFile(path, configured('info'));
  await toldOf(1);
  await writeFile(path, configured('debug'));
  await toldOf(2);
  await writeFile(join(folder, 'new'), configured('info'));
  await rename(join(folder, 'new'), path);
  expect(await toldOf(3)).toEqual(['info', 'debug', 'info']);
  file.close();
});

test('what has not changed is not told again', async () => {
  await writeFile(path, configured('info'));
  const { file, told } = follower();
  await file.follow();
  await file.read();
  await rm(path);
  await file.read();
  expect(told).toEqual(['info']);
  file.close();
});

test('a broken configuration is told of once', async () => {
  await writeFile(path, configured('loud'));
  const { file, told } = follower();
  await file.follow();
  await file.read();
  expect(told).toEqual(['The configuration is broken at logLevel.']);
  file.close();
});
