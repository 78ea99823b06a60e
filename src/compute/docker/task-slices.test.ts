import { expect, test } from 'vitest';
import { canMakeSlices, sliceProperties } from './task-slices.ts';
import { memoryLimit } from './task-bound.ts';
import type { EngineInfo } from './engine-types.ts';

test('a slice has the bounds of the task, in the units of systemd', () => {
  const quarterOfCpu = { CpuShares: 256, CpuPeriod: 100_000, CpuQuota: 25_000 };
  expect(sliceProperties({ ...quarterOfCpu, ...memoryLimit(512) })).toEqual([
    ['CPUWeight', 't', '10'],
    ['CPUQuotaPerSecUSec', 't', '250000'],
    ['MemoryMax', 't', '536870912'],
    ['MemorySwapMax', 't', '0'],
  ]);
});

test('a slice has the swap of all its containers beyond its memory', () => {
  expect(sliceProperties({ Memory: 1000, MemorySwap: 1500 })).toEqual([
    ['MemoryMax', 't', '1000'],
    ['MemorySwapMax', 't', '500'],
  ]);
});

test('the least and the most of cpu shares are the least and the most of weights', () => {
  expect(sliceProperties({ CpuShares: 2 })).toEqual([['CPUWeight', 't', '1']]);
  expect(sliceProperties({ CpuShares: 262_144 })).toEqual([['CPUWeight', 't', '10000']]);
});

const info: EngineInfo = {
  ID: 'one',
  MemTotal: 1,
  ServerVersion: '20.10.24',
  NCPU: 2,
  Architecture: 'x86_64',
  SystemTime: '2026-11-22T00:00:00Z',
  Plugins: { Log: [] },
};

test.each([
  ['another machine', 'tcp://127.0.0.1:2375', 'systemd', '2'],
  ['an Engine with cgroup v1', 'unix:///var/run/docker.sock', 'systemd', '1'],
  ['an Engine without systemd', 'unix:///var/run/docker.sock', 'cgroupfs', '2'],
])('no slices are made for %s', async (_, url, CgroupDriver, CgroupVersion) => {
  expect(await canMakeSlices({ ...info, CgroupDriver, CgroupVersion }, url)).toBe(false);
});
