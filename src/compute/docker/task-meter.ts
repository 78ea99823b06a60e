import type { Instant } from '../../domain/instant.ts';
import { present } from '../../domain/present.ts';
import type { TaskUsage } from '../task-usage.ts';
import type { StatsBody } from './engine-types.ts';

const nanosecondsPerMs = 1_000_000;
const cpuUnitsPerCore = 1024;
const bytesPerMiB = 1024 * 1024;
/** More tasks than an Engine has. */
const mostTasks = 10_000;

/** How much of a processor a container had used up to a moment. */
interface CpuReading {
  readonly at: Instant;
  readonly nanoseconds: number;
}

type Readings = ReadonlyMap<string, CpuReading>;

/**
 * Makes what tasks use out of what their containers have used since they started: it takes two readings of a container
 * to know what it used between them.
 */
export class TaskMeter {
  readonly #last = new Map<string, Readings>();

  /** @param stats figures of the task's containers that run, by their ids */
  read(taskId: string, stats: ReadonlyMap<string, StatsBody>): TaskUsage {
    const before = this.#last.get(taskId);
    const readings = new Map([...stats].map(([id, body]) => [id, readingOf(body)]));
    this.#keep(taskId, readings);
    const memoryBytes = [...stats.values()].map(usedMemory);
    return present({
      cpuUnits: before && cpuUnitsBetween(before, readings),
      memoryMiB: stats.size === 0 ? undefined : sum(memoryBytes) / bytesPerMiB,
    });
  }

  #keep(taskId: string, readings: Readings): void {
    this.#last.delete(taskId);
    this.#last.set(taskId, readings);
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= mostTasks) return;
      this.#last.delete(oldest);
    }
  }
}

/** Undefined where no container was there both times: one that has just started says nothing yet. */
function cpuUnitsBetween(before: Readings, after: Readings): number | undefined {
  const used = [...after].flatMap(([id, now]) => {
    const then = before.get(id);
    // A container that was started again counts from zero.
    if (!then || now.at <= then.at || now.nanoseconds < then.nanoseconds) return [];
    const cores = (now.nanoseconds - then.nanoseconds) / nanosecondsPerMs / (now.at - then.at);
    return [cores * cpuUnitsPerCore];
  });
  return used.length === 0 ? undefined : sum(used);
}

function readingOf({ read, cpu_stats: { cpu_usage } }: StatsBody): CpuReading {
  return { at: Date.parse(read), nanoseconds: cpu_usage.total_usage };
}

/** Without what the kernel keeps of files that nobody reads, as `docker stats` shows it. */
function usedMemory({ memory_stats: { usage = 0, stats = {} } }: StatsBody): number {
  return usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
