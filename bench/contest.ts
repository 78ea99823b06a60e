import type { ServerChild } from './child.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import type { LoadOrder, LoadResult } from './load/load.ts';
import type { Row } from './report.ts';
import { median } from './statistics.ts';

/** One run of the load generator against one server. */
export interface Run extends LoadResult {
  /** What an answer cost the process of the server. */
  readonly cpuMicroseconds: number;
}

export async function runLoad(
  generator: LoadGenerator,
  server: ServerChild,
  order: Omit<LoadOrder, 'port'>,
): Promise<Run> {
  await generator.prepare({ port: server.port, ...order });
  const before = await server.cpuMicroseconds();
  const result = await generator.run();
  const after = await server.cpuMicroseconds();
  return { ...result, cpuMicroseconds: (after - before) / result.answered };
}

export interface Contest {
  readonly name: string;
  readonly floorName: string;
  readonly ours: readonly Run[];
  readonly floor: readonly Run[];
  readonly limits?: { readonly must: number; readonly aim: number };
}

export function rateRow({ name, floorName, ours, floor, limits }: Contest): Row {
  return {
    name,
    floorName,
    unit: '1/s',
    pairs: ours.map((run, round) => ({
      ours: run.requestsPerSecond,
      floor: floor[round]?.requestsPerSecond ?? Number.NaN,
    })),
    ...limits,
    details: {
      'CPU us': median(ours.map((run) => run.cpuMicroseconds)),
      'floor us': median(floor.map((run) => run.cpuMicroseconds)),
      'p50 ms': median(ours.map((run) => run.p50Ms)),
      'p99 ms': median(ours.map((run) => run.p99Ms)),
    },
  };
}

export function wrongAnswers(contests: readonly Contest[]): number {
  return contests
    .flatMap(({ ours, floor }) => [...ours, ...floor])
    .reduce((total, { wrong }) => total + wrong, 0);
}
