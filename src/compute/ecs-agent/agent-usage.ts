import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import type { TaskUsage } from '../task-usage.ts';
import type { FiguresByContainer } from './telemetry.ts';

/** Agents publish every 20 seconds: what is older is of an agent that is away. */
const freshMs = 60_000;

interface Samples {
  readonly sum: number;
  readonly sampleCount: number;
}

/**
 * What an agent says that a task uses.
 * @param hostCpuUnits of the whole instance: agents tell percents of it
 */
export function agentUsage(
  figures: FiguresByContainer,
  hostCpuUnits: number,
  now: Instant,
): TaskUsage {
  const fresh = [...figures.values()].filter(({ at }) => now - at <= freshMs);
  const cpu = sumOfMeans(fresh.map(({ metrics }) => metrics.cpuStatsSet));
  const memoryMiB = sumOfMeans(fresh.map(({ metrics }) => metrics.memoryStatsSet));
  return present({
    cpuUnits: cpu === undefined ? undefined : (cpu / 100) * hostCpuUnits,
    memoryMiB,
  });
}

function sumOfMeans(sets: readonly (Samples | undefined)[]): number | undefined {
  const means = sets.flatMap((set) =>
    set && set.sampleCount > 0 ? [set.sum / set.sampleCount] : [],
  );
  return means.length === 0 ? undefined : means.reduce((total, mean) => total + mean, 0);
}
