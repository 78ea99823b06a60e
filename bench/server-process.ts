import { SimulatedCompute } from '../src/compute/simulated/simulated-compute.ts';
import { parseCredentials } from '../src/protocol/credentials.ts';
import { startServer } from '../src/server.ts';
import { MemoryDisk } from '../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { memoryLogs } from '../test/fixtures/memory-logs.ts';
import { systemClock } from '../src/support/clock.ts';
import { createLogger } from '../src/support/logger.ts';
import { serveUsage } from './child.ts';
import { credentialsFile, host } from './load/signed-request.ts';

// The server as the benchmarks run it: `memory` or a data folder, then `signed` or `unsigned`.
const [, , store = 'memory', verification] = process.argv;

const log = createLogger({ write: (line) => process.stderr.write(line) });
const server = await startServer({
  logs: memoryLogs(),
  store: store === 'memory' ? await new MemoryDisk().open() : await openSqliteStore(store),
  compute: new SimulatedCompute({ clock: systemClock }),
  clock: systemClock,
  log,
  credentials: verification === 'signed' ? parseCredentials(credentialsFile) : undefined,
  listen: { host, port: 0 },
  onFailure: (error) => {
    throw error;
  },
});
serveUsage(server.address.port);
