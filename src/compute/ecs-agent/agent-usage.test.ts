import { expect, test } from 'vitest';
import { agentUsage } from './agent-usage.ts';
import type { ContainerFigures } from './telemetry.ts';

const samples = (sum: number, sampleCount: number) => ({ min: 0, max: sum, sum, sampleCount });

function figures(at: number, cpu: number, memory: number): ContainerFigures {
  const metrics = { cpuStatsSet: samples(cpu * 2, 2), memoryStatsSet: samples(memory * 2, 2) };
  return { at, metrics };
}

test('a task uses what its containers use of the processors of the whole host', () => {
  const both = new Map([
    ['app', figures(1000, 25, 100)],
    ['side', figures(1000, 5, 20)],
  ]);
  expect(agentUsage(both, 4096, 2000)).toEqual({ cpuUnits: 1228.8, memoryMiB: 120 });
});

test('nothing is known of what an agent that is away has published before', () => {
  const old = new Map([['app', figures(0, 25, 100)]]);
  expect(agentUsage(old, 4096, 60_000)).toMatchObject({ memoryMiB: 100 });
  expect(agentUsage(old, 4096, 60_001)).toEqual({});
  expect(agentUsage(new Map(), 4096, 0)).toEqual({});
  const none = { cpuStatsSet: samples(0, 0) };
  expect(agentUsage(new Map([['app', { at: 0, metrics: none }]]), 4096, 0)).toEqual({});
});
