import { expect, test } from 'vitest';
import { anOrder } from '../../../test/fixtures/an-order.ts';
import type { EngineInfo } from './engine-types.ts';
import { layerBound, mayBoundLayers } from './layer-bound.ts';

const engine: EngineInfo = {
  ID: 'one',
  MemTotal: 1,
  ServerVersion: '20.10.24',
  NCPU: 2,
  Architecture: 'x86_64',
  SystemTime: '2026-01-01T00:00:00Z',
  Plugins: { Log: [] },
};

test.each([
  ['overlay2', 'xfs', true],
  ['overlay2', 'extfs', false],
  ['btrfs', '', true],
  ['zfs', '', true],
  ['vfs', '', false],
  ['devicemapper', 'xfs', false],
])('the driver %s on %s may bound layers: %s', (Driver, backing, may) => {
  const DriverStatus = [['Backing Filesystem', backing]] as const;
  expect(mayBoundLayers({ ...engine, Driver, DriverStatus })).toBe(may);
});

test('An Engine that does not say what its driver is bounds nothing', () => {
  expect(mayBoundLayers(engine)).toBe(false);
});

test('Each container is bounded by the ephemeral storage of its task, where that can be', () => {
  const order = anOrder([{ image: 'nginx' }], { task: { ephemeralStorageGiB: 30 } });
  expect(layerBound(order, true)).toEqual({ StorageOpt: { size: '30G' } });
  expect(layerBound(order, false)).toEqual({});
});
