import { systemClock } from '../../../src/support/clock.ts';
import { DockerCompute } from '../../../src/compute/docker/docker-compute.ts';
import { TaskLogs } from '../../../src/logs/task-logs.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { localEngine } from '../../../src/config.ts';

/** Starts the tasks that it is given on its command line, and writes a line for each report. */
const { orders, ...setting } = JSON.parse(process.argv[2] ?? '');
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const compute = new DockerCompute({
  engines: [localEngine],
  clock: systemClock,
  log,
  logs: new TaskLogs(memoryLogs(), { clock: systemClock, log }),
  ...setting,
});
await compute.open([], ({ reports }) => {
  for (const { kind } of reports) process.stdout.write(`${kind}\n`);
});
for (const order of orders) compute.start(order);
