import { expect, test } from 'vitest';
import { utilizationOf } from './utilization.ts';

const reserved = { cpuUnits: 256, memoryMiB: 512 };

test('use is that of all tasks together, in percent of what is reserved for them', () => {
  const large = { cpuUnits: 1024, memoryMiB: 1024 };
  expect(
    utilizationOf([
      { used: { cpuUnits: 256, memoryMiB: 128 }, reserved },
      { used: { cpuUnits: 0, memoryMiB: 640 }, reserved: large },
    ]),
  ).toEqual({ cpu: 20, memory: 50 });
});

test('tasks that nothing is known of count neither way', () => {
  const busy = { used: { cpuUnits: 128, memoryMiB: 512 }, reserved };
  const starting = { used: { memoryMiB: 0 }, reserved };
  expect(utilizationOf([busy, starting])).toEqual({ cpu: 50, memory: 50 });
  expect(utilizationOf([starting])).toEqual({ memory: 0 });
  expect(utilizationOf([])).toEqual({});
  const nothing = { cpuUnits: 0, memoryMiB: 0 };
  expect(utilizationOf([{ used: { cpuUnits: 5 }, reserved: nothing }])).toEqual({});
});
