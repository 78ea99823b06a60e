import type { ListClustersResponse } from '@aws-sdk/client-ecs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { ServerChild } from './child.ts';
import { rateRow, runLoad, wrongAnswers, type Contest, type Run } from './contest.ts';
import { withFolder } from './folder.ts';
import { LoadGenerator } from './load/load-generator.ts';
import { keys } from './load/signed-request.ts';
import { taggedClusters, writeOf, type WriteKind } from './load/workload.ts';
import type { Metric } from './report.ts';
import { median } from './statistics.ts';

const limits = { must: 0.6, aim: 0.9 };
const mustPerSecond = 10_000;
const milliseconds = 500;

/** What is written over how many connections. Requests are made beforehand, as many as the time may take. */
const writes: readonly Write[] = [
  { kind: 'CreateCluster', connections: 1, count: 4_000 },
  { kind: 'CreateCluster', connections: 8, count: 8_000 },
  { kind: 'CreateCluster', connections: 64, count: 12_000 },
  { kind: 'RegisterTaskDefinition', connections: 64, count: 6_000 },
  { kind: 'TagResource', connections: 64, count: 12_000 },
];

interface Write {
  readonly kind: WriteKind;
  readonly connections: number;
  readonly count: number;
}

/** P2: durable writes against the same server on the memory engine. */
export async function measureWrites(rounds: number): Promise<Metric> {
  return withFolder(async (folder) => {
    const generator = new LoadGenerator();
    const data = join(folder, 'data');
    const durable = new Writer(await ServerChild.start('server-process.ts', [data, 'signed']));
    const memory = new Writer(await ServerChild.start('server-process.ts', ['memory', 'signed']));
    const json = await ServerChild.start('json-process.ts');
    try {
      return await compete({ rounds, generator, durable, memory, json });
    } finally {
      await generator.end();
      const servers = [durable.server, memory.server, json];
      await Promise.all(servers.map((server) => server.end('SIGKILL')));
    }
  });
}

interface Setting {
  readonly rounds: number;
  readonly generator: LoadGenerator;
  readonly durable: Writer;
  readonly memory: Writer;
  readonly json: ServerChild;
}

async function compete(setting: Setting): Promise<Metric> {
  const { rounds, generator, durable, memory, json } = setting;
  const calibration = new Calibration();
  const runs = writes.map((write) => ({ write, ours: [] as Run[], floor: [] as Run[] }));
  const jsonRuns: Run[] = [];
  for (const writer of [durable, memory]) {
    await writer.makeTaggedClusters();
    for (const write of writes) await writer.run(generator, { ...write, count: write.count / 4 });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { write, ours, floor } of runs) {
      calibration.measure();
      ours.push(await durable.run(generator, write));
      floor.push(await memory.run(generator, write));
    }
    jsonRuns.push(await runLoad(generator, json, jsonOrder));
  }
  const contests: Contest[] = runs.map(({ write, ours, floor }) => ({
    name: `${write.kind}, c=${write.connections}`,
    floorName: 'in memory',
    ours,
    floor,
    ...(write.connections === 64 && { limits }),
  }));
  return {
    name: 'Writes (P2): signed API calls, durable in SQLite, against the same server on the memory engine',
    rows: contests.map(rateRow),
    counts: [
      { name: 'Answers that were wrong', value: wrongAnswers(contests), expected: 0 },
      await durable.count('Clusters listed by the durable server'),
      await memory.count('Clusters listed by the one in memory'),
    ],
    notes: [
      ...contests
        .filter(({ limits: held, name }) => held && !name.startsWith('TagResource'))
        .map(
          ({ name, ours }) =>
            `${name}: ${rateOf(ours)}/s durable; at least ${mustPerSecond}/s is due on a quiet machine.`,
        ),
      `Of requests like RegisterTaskDefinition, a bare server that hashes and parses each, and writes its JSON twice, ` +
        `answers ${rateOf(jsonRuns)}/s, with ${Math.round(median(jsonRuns.map((run) => run.cpuMicroseconds)))} CPU us each.`,
    ],
    quietness: calibration.result(),
  };
}

/** To the bare server that has nothing of ECS. */
const jsonOrder = {
  connections: 64,
  milliseconds,
  workload: { kind: 'RegisterTaskDefinition', first: 0, count: 6_000 },
} as const;

function rateOf(runs: readonly Run[]): number {
  return Math.round(median(runs.map((run) => run.requestsPerSecond)));
}

/** A server, and how far the numbers of what was written to it have come. */
class Writer {
  readonly server: ServerChild;
  readonly #next: Record<WriteKind, number> = {
    CreateCluster: taggedClusters,
    RegisterTaskDefinition: 0,
    TagResource: 0,
  };
  #acknowledgedClusters = 0;

  constructor(server: ServerChild) {
    this.server = server;
  }

  async makeTaggedClusters(): Promise<void> {
    for (let number = 0; number < taggedClusters; number += 1) {
      const { operation, input, key } = writeOf('CreateCluster', number);
      const api = new Api(this.server.port, key);
      await api.call(operation, input);
      api.close();
    }
    this.#acknowledgedClusters += taggedClusters;
  }

  async run(generator: LoadGenerator, { kind, connections, count }: Write): Promise<Run> {
    const workload = { kind, first: this.#next[kind], count };
    this.#next[kind] += count;
    const run = await runLoad(generator, this.server, { connections, milliseconds, workload });
    if (kind === 'CreateCluster') this.#acknowledgedClusters += run.acknowledged.length;
    return run;
  }

  async count(name: string) {
    const value = (await listClusters(this.server.port)).size;
    return { name, value, expected: this.#acknowledgedClusters };
  }
}

/** The names of all clusters of all accounts. */
export async function listClusters(port: number): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const key of keys) {
    const api = new Api(port, key);
    let nextToken: string | undefined;
    do {
      const { output } = await api.call<ListClustersResponse>('ListClusters', { nextToken });
      for (const arn of output.clusterArns ?? []) names.add(arn.slice(arn.indexOf('/') + 1));
      nextToken = output.nextToken;
    } while (nextToken !== undefined);
    api.close();
  }
  return names;
}
