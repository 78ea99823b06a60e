import { expect, test } from 'vitest';
import { isFargateSize, isFargateWindowsSize } from './fargate-sizes.ts';

test.each([
  { cpuUnits: 256, memory: [512, 1024, 2048] },
  { cpuUnits: 512, memory: steps(1024, 4096, 1024) },
  { cpuUnits: 1024, memory: steps(2048, 8192, 1024) },
  { cpuUnits: 2048, memory: steps(4096, 16_384, 1024) },
  { cpuUnits: 4096, memory: steps(8192, 30_720, 1024) },
  { cpuUnits: 8192, memory: steps(16_384, 61_440, 4096) },
  { cpuUnits: 16_384, memory: steps(32_768, 122_880, 8192) },
])('Fargate has these memory sizes for $cpuUnits units and no others', ({ cpuUnits, memory }) => {
  const candidates = steps(0, 131_072, 256);
  expect(candidates.filter((mib) => isFargateSize(cpuUnits, mib))).toEqual(memory);
});

test.each([0, 128, 300, 3072, 32_768])('Fargate has no tasks of %i units', (cpuUnits) => {
  expect(steps(0, 131_072, 512).filter((mib) => isFargateSize(cpuUnits, mib))).toEqual([]);
});

test.each([
  { cpuUnits: 512, memoryMiB: 1024, expected: false },
  { cpuUnits: 1024, memoryMiB: 2048, expected: true },
  { cpuUnits: 4096, memoryMiB: 30_720, expected: true },
  { cpuUnits: 8192, memoryMiB: 16_384, expected: false },
])('Windows runs on Fargate with $cpuUnits units: $expected', (size) => {
  expect(isFargateWindowsSize(size.cpuUnits, size.memoryMiB)).toBe(size.expected);
});

function steps(least: number, most: number, step: number): number[] {
  return Array.from({ length: (most - least) / step + 1 }, (_, i) => least + i * step);
}
