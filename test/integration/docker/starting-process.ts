import { systemClock } from '../../../src/support/clock.ts';
import { DockerCompute } from '../../../src/compute/docker/docker-compute.ts';
import { TaskLogs } from '../../../src/logs/task-logs.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { localEngine } from '../../../src/config.ts';

/** Starts the tasks that it is given on its command line, and writes a line for each report. */
const { orders, ...setting } = JSON.parse(process.argv[2] ?? '');
const compute = new DockerCompute({
  engines: [localEngine],
  clock: systemClock,
  log: silentLog,
  logs: new TaskLogs(memoryLogs(), { clock: systemClock, log: silentLog }),
  ...setting,
});
await compute.open([], ({ reports }) => {
  for (const { kind } of reports) process.stdout.write(`${kind}\n`);
});
for (const order of orders) compute.start(order);
