import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proxyFiles } from './proxy-program.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'longshore-program-'));
});
afterEach(() => rm(root, { recursive: true }));

test('the program that comes of the sources runs where they are not, and stops when it is asked to', async () => {
  const config = { egress: [], ingress: [], logLevel: 'info' };
  const files = await proxyFiles('amd64');
  const all = [
    ...files,
    { name: 'etc/service-connect/config.json', content: Buffer.from(JSON.stringify(config)) },
  ];
  for (const { name, content = Buffer.alloc(0) } of all) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const folder = join(root, 'etc/service-connect');
  const proxy = spawn(execPath, [join(folder, 'program'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(proxy, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(proxy.stdout)) {
    lines.push(line.replace(/^\[.*?\] /, ''));
    if (line.endsWith('ready')) proxy.kill('SIGTERM');
  }
  expect(lines).toEqual(['[info] ready', '[info] stopping']);
  expect(await exited).toEqual([0, null]);
});
