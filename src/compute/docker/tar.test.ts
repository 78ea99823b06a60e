import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { tarOf } from './tar.ts';

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
