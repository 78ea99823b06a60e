import { join } from 'node:path';
import { Calibration } from './calibration.ts';
import { ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import { LoadGenerator } from './load/load-generator.ts';
import { clusterName } from './load/workload.ts';
import type { Metric } from './report.ts';
import { listClusters } from './writes.ts';

const connections = 64;
const requestsPerKill = 15_000;
const shortestLifeMs = 150;
const longestLifeMs = 600;
const longestLoadMs = 10_000;

/** P2, its other half: what was acknowledged is there after kill -9, at whatever moment it comes. */
export async function measureKills(rounds: number): Promise<Metric> {
  return withFolder(async (folder) => {
    const calibration = new Calibration();
    const generator = new LoadGenerator();
    const data = join(folder, 'data');
    const acknowledged: string[] = [];
    let missing = 0;
    try {
      for (let kill = 0; kill < rounds; kill += 1) {
        calibration.measure();
        acknowledged.push(...(await killUnderLoad(generator, data, kill * requestsPerKill)));
        const server = await ServerChild.start('server-process.ts', [data, 'signed']);
        const listed = await listClusters(server.port);
        missing = acknowledged.filter((name) => !listed.has(name)).length;
        await server.end('SIGKILL');
        if (missing > 0) break;
      }
    } finally {
      await generator.end();
    }
    return {
      name: `Durability (P2): kill -9 under load, ${rounds} times`,
      rows: [],
      counts: [{ name: 'Acknowledged writes that are missing', value: missing, expected: 0 }],
      notes: [`${acknowledged.length} clusters were acknowledged.`],
      quietness: calibration.result(),
    };
  });
}

/** Returns the names of the clusters that were acknowledged before the server died. */
async function killUnderLoad(
  generator: LoadGenerator,
  data: string,
  first: number,
): Promise<readonly string[]> {
  const server = await ServerChild.start('server-process.ts', [data, 'signed']);
  const workload = { kind: 'CreateCluster', first, count: requestsPerKill } as const;
  await generator.prepare({
    port: server.port,
    connections,
    milliseconds: longestLoadMs,
    workload,
  });
  const load = generator.run();
  const lifeMs = shortestLifeMs + Math.random() * (longestLifeMs - shortestLifeMs);
  setTimeout(() => void server.end('SIGKILL'), lifeMs);
  const { acknowledged } = await load;
  return acknowledged.map((index) => clusterName(first + index));
}
