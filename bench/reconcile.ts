import { Calibration } from './calibration.ts';
import { ReconcileWorld, type WorldOptions } from './reconcile-world.ts';
import type { Metric, Pair } from './report.ts';
import { median } from './statistics.ts';

const sizes = [10, 100, 1_000, 10_000] as const;
const launchTypes = ['FARGATE', 'EC2'] as const;
const [smallest] = sizes;
/** Of a straight line through costs and sizes, both as logarithms. */
const steepest = 0.2;
/** As many changes at a time as the smallest world has services, so that all do the same. */
const atOnce = smallest;
const steps = 3;

/** P8: what one change costs, whatever else there is. */
export async function measureReconcile(rounds: number): Promise<Metric> {
  const calibration = new Calibration();
  const rows = [];
  let unsettled = 0;
  for (const launchType of launchTypes) {
    const worlds = await Promise.all(sizes.map((services) => start({ services, launchType })));
    const costs = await measure(worlds, rounds, calibration);
    for (const [i, services] of sizes.entries()) {
      if (services === smallest) continue;
      rows.push({
        name: `${launchType}, ${services} services with ${services * 10} tasks`,
        floorName: `${smallest} services`,
        unit: 'ms' as const,
        pairs: pairsOf(costs[i] ?? [], costs[0] ?? []),
        must: limitOf(services),
      });
    }
    for (const world of worlds) {
      unsettled += world.unsettled();
      await world.close();
    }
  }
  return {
    name: 'Reconcile (P8): a task is stopped, and its service is steady again with another one',
    rows,
    counts: [{ name: 'Services that are not steady', value: unsettled, expected: 0 }],
    notes: [
      `Processor time of one more change, next to others. A slope of at most ${steepest} is allowed; 0 is the aim. Simulated compute, memory engine.`,
    ],
    quietness: calibration.result(),
  };
}

async function start(options: WorldOptions): Promise<ReconcileWorld> {
  const world = await ReconcileWorld.start(options);
  await world.change(atOnce);
  return world;
}

/** Milliseconds for one change, by world and round. */
async function measure(
  worlds: readonly ReconcileWorld[],
  rounds: number,
  calibration: Calibration,
): Promise<readonly (readonly number[])[]> {
  const costs = worlds.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    calibration.measure();
    for (const [i, world] of worlds.entries()) {
      costs[i]?.push(await marginalCost(world));
    }
  }
  return costs;
}

/** What each further change costs: time that is moved by hand makes the first one of a step dearer. */
async function marginalCost(world: ReconcileWorld): Promise<number> {
  const times = { one: [] as number[], many: [] as number[] };
  for (let step = 0; step < steps; step += 1) {
    times.one.push(await timed(world, 1));
    times.many.push(await timed(world, atOnce));
  }
  return (median(times.many) - median(times.one)) / (atOnce - 1);
}

async function timed(world: ReconcileWorld, changes: number): Promise<number> {
  const startedAt = performance.now();
  await world.change(changes);
  return performance.now() - startedAt;
}

function pairsOf(ours: readonly number[], floor: readonly number[]): readonly Pair[] {
  return ours.map((cost, round) => ({ ours: cost, floor: floor[round] ?? Number.NaN }));
}

function limitOf(services: number): number {
  return Number(((services / smallest) ** steepest).toFixed(2));
}
