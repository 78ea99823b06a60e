import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buildRelease } from '../scripts/release-bundle.ts';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { withFolder } from './folder.ts';
import { host } from './load/signed-request.ts';
import { keyOf } from './load/workload.ts';
import { Longshore, release, source, type Build } from './longshore.ts';
import type { Metric } from './report.ts';

const limits = { must: 3, aim: 1.6 };
/** Starts are short and vary much, so there are more of them. */
const startsPerRound = 3;
const pollMs = 1;

/** P11: from nothing to ready with an empty folder, against Node that does nothing. */
export async function measureStartUp(rounds: number): Promise<Metric> {
  await buildRelease();
  const builds = [release, source];
  const calibration = new Calibration();
  const starts = builds.map((build) => ({ build, times: [] as (Started & { bare: number })[] }));
  for (const build of builds) await start(build); // Lets Node keep what it compiles.
  for (let round = 0; round < rounds * startsPerRound; round += 1) {
    calibration.measure();
    for (const { build, times } of starts) {
      const bare = await startBareNode();
      times.push({ bare, ...(await start(build)) });
    }
  }
  return {
    name: 'Start-up (P11): from spawning to the first answers, empty data folder',
    rows: starts.flatMap(({ build, times }) => [
      {
        name: `${build.name}: GET /readyz is 200`,
        floorName: 'node -e 0',
        unit: 'ms' as const,
        pairs: times.map(({ readyMs, bare }) => ({ ours: readyMs, floor: bare })),
        ...(build === release && limits),
      },
      {
        name: `${build.name}: ListClusters is answered`,
        floorName: 'node -e 0',
        unit: 'ms' as const,
        pairs: times.map(({ answeredMs, bare }) => ({ ours: answeredMs, floor: bare })),
      },
    ]),
    counts: [],
    notes: [
      'Simulated compute. Each start but the first, which is not counted, finds what Node has kept compiled.',
    ],
    quietness: calibration.result(),
  };
}

async function startBareNode(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
}

interface Started {
  readonly readyMs: number;
  readonly answeredMs: number;
}

async function start(build: Build): Promise<Started> {
  return withFolder(async (folder) => {
    const port = await freePort();
    const options = ['--listen', `${host}:${port}`, '--data', folder, '--compute', 'simulated'];
    const startedAt = performance.now();
    const server = new Longshore(build, options);
    while (!(await isReady(port))) await delay(pollMs);
    const readyMs = performance.now() - startedAt;
    const api = new Api(port, keyOf(0));
    await api.call('ListClusters', {});
    const answeredMs = performance.now() - startedAt;
    api.close();
    await server.stop();
    return { readyMs, answeredMs };
  });
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => socket.write(`GET /readyz HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    socket.on('data', (answer: Buffer) => {
      socket.destroy();
      resolve(answer.toString('latin1').startsWith('HTTP/1.1 200 '));
    });
    socket.on('error', () => resolve(false));
  });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // Not a pipe: it listens on a port.
  server.close();
  await once(server, 'close');
  return port;
}
