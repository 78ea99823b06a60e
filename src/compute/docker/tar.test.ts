import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { tarOf, tarStream, type TarFile } from './tar.ts';

test('tar reads files and folders with their owners', () => {
  const archive = tarOf([
    { name: 'folder', mode: 0o755, userId: 1_000_650_000, groupId: 7 },
    { name: 'folder/file', mode: 0o644, content: Buffer.from('text') },
    { name: 'empty', mode: 0o600, content: Buffer.alloc(0) },
    { name: 'block', mode: 0o600, content: Buffer.alloc(512, 'x') },
  ]);
  const listed = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: archive });
  const lines = listed.toString().split('\n').slice(0, -1);
  expect(lines.map((line) => line.replace(/ +(\d+) \S+ \S+ /, ' $1 '))).toEqual([
    'drwxr-xr-x 1000650000/7 0 folder/',
    '-rw-r--r-- 0/0 4 folder/file',
    '-rw------- 0/0 0 empty',
    '-rw------- 0/0 512 block',
  ]);
  const options = ['-xOf', '-', 'folder/file'];
  expect(execFileSync('tar', options, { input: archive }).toString()).toBe('text');
});

/** A file that comes a part at a time. */
function inParts(name: string, parts: readonly string[], size = parts.join('').length): TarFile {
  const content = async function* () {
    for (const part of parts) yield Buffer.from(part);
  };
  return { name, mode: 0o755, size, content };
}

test('tar reads files that come bit by bit, and the folders that they are in', async () => {
  const files = [inParts('usr/lib/a', ['te', 'xt']), inParts('usr/b', [])];
  const archive = Buffer.concat(await Array.fromAsync(tarStream(files)));
  const listed = execFileSync('tar', ['-tf', '-'], { input: archive }).toString();
  expect(listed.trim().split('\n')).toEqual(['usr/', 'usr/lib/', 'usr/lib/a', 'usr/b']);
  const options = ['-xOf', '-', 'usr/lib/a'];
  expect(execFileSync('tar', options, { input: archive }).toString()).toBe('text');
});

test('a file that changes while it is read makes no archive, nor does a path that has no room', async () => {
  await expect(Array.fromAsync(tarStream([inParts('a', ['text'], 5)]))).rejects.toThrow(
    'The file a has changed meanwhile.',
  );
  const name = 'x'.repeat(101);
  await expect(Array.fromAsync(tarStream([inParts(name, [])]))).rejects.toThrow('is too long');
});
