/**
 * `npm run bench [-- METRIC...] [--rounds N]`: measures what is fast and what is not, each metric against
 * its floor or peer in the same run. `docs/benchmarks.md` says what the figures mean.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureKills } from './kills.ts';
import { measureReads } from './reads.ts';
import { measureStartUp } from './start-up.ts';
import { measureTasks } from './tasks.ts';
import { isCorrect, print, write, type Metric } from './report.ts';
import { measureWrites } from './writes.ts';

const measures: Readonly<Record<string, (rounds: number) => Promise<Metric>>> = {
  reads: measureReads,
  writes: measureWrites,
  kills: measureKills,
  'start-up': measureStartUp,
  tasks: measureTasks,
};
const fewestRounds = 1;

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !Object.hasOwn(measures, name));
if (!Number.isInteger(rounds) || rounds < fewestRounds || unknown.length > 0) {
  console.error(`Usage: npm run bench -- [${Object.keys(measures).join('] [')}] [--rounds N]`);
  process.exit(2);
}

const metrics: Metric[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const metric = await measure(rounds);
  print(metric);
  metrics.push(metric);
}
const file = write(fileURLToPath(new URL('results', import.meta.url)), metrics);
console.log(`\nAll rounds: ${file}`);
if (!isCorrect(metrics)) process.exitCode = 1;
