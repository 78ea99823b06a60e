import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ManualClock } from '../support/clock.ts';
import { HostResolvers, parseResolvConf } from './host-resolvers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function resolvers(resolvConf: string | undefined, systemd?: string) {
  const own = await mkdtemp(join(folder, 'etc-'));
  const files = { resolvConf: join(own, 'resolv.conf'), systemd: join(own, 'systemd.conf') };
  if (resolvConf !== undefined) await writeFile(files.resolvConf, resolvConf);
  if (systemd !== undefined) await writeFile(files.systemd, systemd);
  const clock = new ManualClock();
  const host = new HostResolvers(clock, '169.254.169.253', files);
  const upstreams = async () => (await host.upstreams()).map((one) => one.host);
  return { host, upstreams, clock, files };
}

test('the first three name servers of resolv.conf are asked', () => {
  const text = [
    '# nameserver 1.1.1.1',
    'search example.com',
    'nameserver 10.0.0.2',
    '  nameserver\tfe80::1%eth0 ; a comment',
    'nameserver example.com',
    'nameserver 10.0.0.4',
    'nameserver 10.0.0.5',
  ].join('\n');
  expect(parseResolvConf(text)).toEqual(['10.0.0.2', 'fe80::1%eth0', '10.0.0.4']);
});

test('systemd-resolved itself is asked, and containers are told whom it asks', async () => {
  const { host, upstreams } = await resolvers('nameserver 127.0.0.53', 'nameserver 10.0.0.2');
  expect(await upstreams()).toEqual(['127.0.0.53']);
  expect(await host.forContainers()).toEqual(['10.0.0.2']);
});

test('it does not ask itself, and containers are told of nobody whom they cannot reach', async () => {
  const own = 'nameserver 169.254.169.253\nnameserver ::1\nnameserver 127.0.0.1';
  const { host, upstreams } = await resolvers(own);
  expect(await upstreams()).toEqual(['::1', '127.0.0.1']);
  expect(await host.forContainers()).toEqual([]);
  expect(await host.includes('169.254.169.253')).toBe(true);
});

test('a machine without resolv.conf asks nobody', async () => {
  const { upstreams } = await resolvers(undefined);
  expect(await upstreams()).toEqual([]);
});

test('a machine that joins another network asks the resolvers of that', async () => {
  const { upstreams, clock, files } = await resolvers('nameserver 10.0.0.2');
  expect(await upstreams()).toEqual(['10.0.0.2']);
  await writeFile(files.resolvConf, 'nameserver 192.168.1.1');
  expect(await upstreams()).toEqual(['10.0.0.2']);
  clock.advance(1_000);
  expect(await upstreams()).toEqual(['192.168.1.1']);
});
