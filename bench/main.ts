/**
 * `npm run bench [-- METRIC...] [--rounds N] [--tasks N]`: measures what is fast and what is not, each metric against
 * its floor or peer in the same run. `docs/benchmarks.md` says what the figures mean.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/steps.ts';
import { measureAgents } from './agents.ts';
import { measureConnectProxy } from './connect-proxy.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { measureKills } from './kills.ts';
import { measureLogs } from './logs.ts';
import { measurePlacement } from './placement.ts';
import { measureReads } from './reads.ts';
import { measureReconcile } from './reconcile.ts';
import { measureScale } from './scale.ts';
import { measureServiceScale } from './service-scale.ts';
import { measureStartUp } from './start-up.ts';
import { measureTasks } from './tasks.ts';
import { isCorrect, print, write, type Metric } from './report.ts';
import { measureWrites } from './writes.ts';

type Measure = (rounds: number, tasks: number) => Promise<Metric>;

const measures: Readonly<Record<string, readonly Measure[]>> = {
  reads: [measureReads],
  writes: [measureWrites, measureKills],
  'start-up': [measureStartUp],
  placement: [measurePlacement],
  memory: [measureScale],
  recovery: [measureScale],
  reconcile: [measureReconcile],
  agents: [measureAgents],
  'end-to-end': [measureEndToEnd],
  logs: [measureLogs],
  'service-connect': [measureConnectProxy],
  'run-task': [measureTasks],
  'stop-task': [measureTasks],
  'service-scale': [measureServiceScale],
};

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tasks: { type: 'string', default: '100' },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const tasks = Number(values.tasks);
const unknown = positionals.filter((name) => !Object.hasOwn(measures, name));
const isWhole = (value: number): boolean => Number.isInteger(value) && value > 0;
if (!isWhole(rounds) || !isWhole(tasks) || unknown.length > 0) {
  const metrics = `[${Object.keys(measures).join('] [')}]`;
  console.error(`Usage: npm run bench -- ${metrics} [--rounds N] [--tasks N]`);
  process.exit(2);
}

const chosen = positionals.length > 0 ? positionals : Object.keys(measures);

await runProgram(async () => {
  const metrics: Metric[] = [];
  for (const measure of new Set(chosen.flatMap((name) => measures[name] ?? []))) {
    const metric = await measure(rounds, tasks);
    print(metric);
    metrics.push(metric);
  }
  const file = write(fileURLToPath(new URL('results', import.meta.url)), metrics);
  console.log(`\nAll rounds: ${file}`);
  if (!isCorrect(metrics)) process.exitCode = 1;
});
