import type { DescribeClustersResponse } from '@aws-sdk/client-ecs';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { Child, ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import { keyOf } from './load/workload.ts';
import type { Metric, Pair } from './report.ts';

const agents = 5000;
const cluster = 'fleet';
const key = keyOf(0);
const bytesPerMiB = 1024 * 1024;

interface Measured {
  /** What the agents have added to the server's memory. */
  readonly grownMiB: number;
  readonly connected: number;
}

/** P12: agents with both of their websockets open, against as many bare websockets. */
export async function measureAgents(rounds: number): Promise<Metric> {
  const calibration = new Calibration();
  const pairs: Pair[] = [];
  let connected = 0;
  for (let round = 0; round < rounds; round += 1) {
    calibration.measure();
    const ours = await withFolder((folder) => measure('server-process.ts', folder));
    const floor = await measure('websocket-process.ts');
    connected += ours.connected;
    pairs.push({ ours: ours.grownMiB, floor: floor.grownMiB });
  }
  return {
    name: `Agents (P12): ${agents} agents connected, with two websockets each`,
    rows: [
      {
        name: 'memory that they add',
        floorName: 'bare websockets',
        unit: 'MiB',
        pairs,
        must: 3,
        aim: 1.2,
      },
    ],
    counts: [
      { name: 'Agents connected, of all rounds', value: connected, expected: agents * rounds },
    ],
    notes: ["What Longshore adds includes the instances' records, with 43 attributes each."],
    quietness: calibration.result(),
  };
}

/** @param folder of the data of a server that knows agents */
async function measure(program: string, folder?: string): Promise<Measured> {
  const joins = folder !== undefined;
  const server = await ServerChild.start(program, folder ? [folder] : [], ['--expose-gc']);
  const fleet = new Child('load/fleet-process.ts');
  try {
    const api = joins ? new Api(server.port, key) : undefined;
    await api?.call('CreateCluster', { clusterName: cluster });
    const before = await server.residentBytes();
    await fleet.ask({ order: { port: server.port, agents, key, joins } });
    const connected = api ? await connectedAgents(api) : agents;
    const after = await server.residentBytes();
    api?.close();
    return { grownMiB: (after - before) / bytesPerMiB, connected };
  } finally {
    await fleet.end('SIGKILL');
    await server.end('SIGKILL');
  }
}

/** Placement passes over those that are not connected: as many as the cluster query language finds. */
async function connectedAgents(api: Api): Promise<number> {
  const { output } = await api.call<DescribeClustersResponse>('DescribeClusters', {
    clusters: [cluster],
  });
  let nextToken: string | undefined;
  let connected = 0;
  do {
    const page: { containerInstanceArns?: string[]; nextToken?: string } = (
      await api.call<object>('ListContainerInstances', {
        cluster,
        filter: 'agentConnected == true',
        nextToken,
      })
    ).output;
    connected += page.containerInstanceArns?.length ?? 0;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return Math.min(connected, output.clusters?.[0]?.registeredContainerInstancesCount ?? 0);
}
