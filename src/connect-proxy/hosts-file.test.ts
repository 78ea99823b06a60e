import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addHosts } from './hosts-file.ts';

let folder: string;
let hosts: string;
let lines: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longshore-hosts-'));
  hosts = join(folder, 'hosts');
  lines = join(folder, 'lines');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('names are added behind those that are there', () => {
  writeFileSync(hosts, '127.0.0.1\tlocalhost');
  writeFileSync(lines, '127.255.0.1\tapi\n127.255.0.2\tweb\n');
  addHosts(lines, hosts);
  const after = '127.0.0.1\tlocalhost\n127.255.0.1\tapi\n127.255.0.2\tweb\n';
  expect(readFileSync(hosts, 'utf8')).toBe(after);
  addHosts(lines, hosts);
  expect(readFileSync(hosts, 'utf8')).toBe(after);
});

test('a task that can call nobody keeps its hosts file', () => {
  writeFileSync(hosts, '127.0.0.1\tlocalhost\n');
  addHosts(lines, hosts);
  writeFileSync(lines, '');
  addHosts(lines, hosts);
  expect(readFileSync(hosts, 'utf8')).toBe('127.0.0.1\tlocalhost\n');
});
