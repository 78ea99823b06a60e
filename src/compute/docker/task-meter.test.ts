import { expect, test } from 'vitest';
import type { StatsBody } from './engine-types.ts';
import { TaskMeter } from './task-meter.ts';

const MiB = 1024 * 1024;

function stats(second: number, cpuSeconds: number, memory: StatsBody['memory_stats']): StatsBody {
  return {
    read: new Date(second * 1000).toISOString(),
    cpu_stats: { cpu_usage: { total_usage: cpuSeconds * 1e9 } },
    memory_stats: memory,
  };
}

test('a task uses what its containers have used of processors since they were read before', () => {
  const meter = new TaskMeter();
  const at = (second: number, app: number, side: number) =>
    meter.read(
      'task',
      new Map([
        ['app', stats(second, app, { usage: 30 * MiB })],
        ['side', stats(second, side, { usage: 12 * MiB })],
      ]),
    );
  expect(at(0, 5, 7)).toEqual({ memoryMiB: 42 });
  // Half a minute of a minute is half a core.
  expect(at(60, 35, 7)).toEqual({ cpuUnits: 512, memoryMiB: 42 });
  expect(at(120, 95, 67)).toEqual({ cpuUnits: 2048, memoryMiB: 42 });
});

test('a container that was started again says nothing of its processor time yet, nor one read twice at once', () => {
  const meter = new TaskMeter();
  const read = (second: number, used: number) =>
    meter.read('task', new Map([['app', stats(second, used, { usage: MiB })]]));
  read(0, 100);
  expect(read(60, 2)).toEqual({ memoryMiB: 1 });
  expect(read(60, 2)).toEqual({ memoryMiB: 1 });
  expect(read(120, 8)).toMatchObject({ cpuUnits: 102.4 });
});

test('what the kernel keeps of files that nobody reads is no use of memory', () => {
  const usage = 40 * MiB;
  for (const name of ['total_inactive_file', 'inactive_file']) {
    const memory = { usage, stats: { [name]: 30 * MiB } };
    const read = new TaskMeter().read('task', new Map([['app', stats(0, 0, memory)]]));
    expect(read).toEqual({ memoryMiB: 10 });
  }
});

test('of a task without containers that run nothing is known', () => {
  expect(new TaskMeter().read('task', new Map())).toEqual({});
});
