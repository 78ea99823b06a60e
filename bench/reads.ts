import type {
  DescribeClustersResponse,
  RunTaskResponse,
  ListTasksResponse,
} from '@aws-sdk/client-ecs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { Child, ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import type { LoadOrder, LoadResult } from './load/load.ts';
import type { ApiRequest } from './load/signed-request.ts';
import { keyOf } from './load/workload.ts';
import type { Metric, Row } from './report.ts';
import { median } from './statistics.ts';

const must = 0.6;
const aim = 0.9;
const tasks = 10_000;
const tasksPerCall = 10;
const milliseconds = 400;
const warmUpMilliseconds = 500;
const connectionCounts = [1, 8, 64];
const key = keyOf(0);

/** One kind of read on one server, and the floor with requests and answers of the same sizes. */
interface Contest {
  readonly name: string;
  readonly server: ServerChild;
  readonly request: ApiRequest;
  readonly bodyLength: number;
  readonly connections: number;
}

/** P1: reads against bare node:http. */
export async function measureReads(rounds: number): Promise<Metric> {
  return withFolder(async (folder) => {
    const generator = new Child('load/load-process.ts');
    const echo = await ServerChild.start('echo-process.ts');
    const signed = await ServerChild.start('server-process.ts', [join(folder, 'signed'), 'signed']);
    const trusting = await ServerChild.start('server-process.ts', [join(folder, 'trusting')]);
    try {
      const contests = [...(await signedContests(signed)), await trustingContest(trusting)];
      return await compete(contests, { rounds, generator, echo });
    } finally {
      await Promise.all([generator, echo, signed, trusting].map((child) => child.end('SIGKILL')));
    }
  });
}

async function signedContests(server: ServerChild): Promise<readonly Contest[]> {
  const api = new Api(server.port, key);
  await api.call('CreateCluster', { clusterName: 'production' });
  const taskArn = await runTasks(api);
  const reads: readonly (readonly [string, string, object])[] = [
    ['DescribeClusters, 1 cluster', 'DescribeClusters', { clusters: ['production'] }],
    ['DescribeTasks, 1 task', 'DescribeTasks', { cluster: 'production', tasks: [taskArn] }],
    ['ListTasks, first 100', 'ListTasks', { cluster: 'production' }],
  ];
  const contests: Contest[] = [];
  for (const [name, operation, input] of reads) {
    const { length: bodyLength } = await api.call(operation, input);
    const request = { operation, input, key };
    for (const connections of connectionCounts) {
      contests.push({
        name: `${name}, c=${connections}`,
        server,
        request,
        bodyLength,
        connections,
      });
    }
  }
  api.close();
  return contests;
}

/** The same without a credentials file: what verifying signatures costs. */
async function trustingContest(server: ServerChild): Promise<Contest> {
  const api = new Api(server.port, key);
  await api.call('CreateCluster', { clusterName: 'production' });
  const input = { clusters: ['production'] };
  const { output, length } = await api.call<DescribeClustersResponse>('DescribeClusters', input);
  if (output.clusters?.[0]?.status !== 'ACTIVE') throw new Error('The cluster is not ACTIVE.');
  api.close();
  return {
    name: 'DescribeClusters, signatures not verified, c=64',
    server,
    request: { operation: 'DescribeClusters', input, key },
    bodyLength: length,
    connections: 64,
  };
}

/** Fills the cluster and waits until all of its tasks run; returns the ARN of one. */
async function runTasks(api: Api): Promise<string> {
  await api.call('RegisterTaskDefinition', {
    family: 'web',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: ['web', 'sidecar'].map((name) => ({ name, image: `example/${name}` })),
  });
  const input = {
    cluster: 'production',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    count: tasksPerCall,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
  };
  let taskArn: string | undefined;
  for (let started = 0; started < tasks; started += tasksPerCall) {
    const { output } = await api.call<RunTaskResponse>('RunTask', input);
    taskArn ??= output.tasks?.[0]?.taskArn;
  }
  if (taskArn === undefined) throw new Error('RunTask started no task.');
  for (;;) {
    const { output } = await api.call<DescribeClustersResponse>('DescribeClusters', {
      clusters: ['production'],
    });
    if (output.clusters?.[0]?.runningTasksCount === tasks) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { output } = await api.call<ListTasksResponse>('ListTasks', { cluster: 'production' });
  if (output.taskArns?.length !== 100) throw new Error('ListTasks did not give a full page.');
  return taskArn;
}

interface Setting {
  readonly rounds: number;
  readonly generator: Child;
  readonly echo: ServerChild;
}

async function compete(contests: readonly Contest[], setting: Setting): Promise<Metric> {
  const calibration = new Calibration();
  const runs = contests.map((contest) => ({ contest, ours: [] as Run[], floor: [] as Run[] }));
  for (const { contest } of runs) {
    await run(contest, setting, warmUpMilliseconds);
  }
  for (let round = 0; round < setting.rounds; round += 1) {
    for (const { contest, ours, floor } of runs) {
      calibration.measure();
      ours.push(await run(contest, setting, milliseconds));
      floor.push(await run({ ...contest, server: setting.echo }, setting, milliseconds));
    }
  }
  const wrong = runs.flatMap(({ ours, floor }) => [...ours, ...floor].map((each) => each.wrong));
  return {
    name: 'Reads (P1): signed API calls against bare node:http, answers of the same size',
    rows: runs.map(rowOf),
    counts: [
      { name: 'answers of a wrong status or length', value: wrong.reduce(sum, 0), expected: 0 },
    ],
    notes: [
      `${tasks} tasks run in the cluster. DescribeClusters stands in for DescribeServices until that is built.`,
    ],
    quietness: calibration.result(),
  };
}

interface Run extends LoadResult {
  readonly cpuMicroseconds: number;
}

async function run(
  { server, request, bodyLength, connections }: Contest,
  { generator, echo }: Setting,
  duration: number,
): Promise<Run> {
  const order: LoadOrder = {
    port: server.port,
    connections,
    milliseconds: duration,
    workload: { kind: 'same', request, ...(server === echo && { path: `/${bodyLength}` }) },
    bodyLength,
  };
  const before = await server.cpuMicroseconds();
  const result = await generator.ask<LoadResult>(order);
  const after = await server.cpuMicroseconds();
  return { ...result, cpuMicroseconds: (after - before) / result.answered };
}

function rowOf(runs: { contest: Contest; ours: readonly Run[]; floor: readonly Run[] }): Row {
  const { contest, ours, floor } = runs;
  return {
    name: contest.name,
    floorName: 'echo',
    unit: '1/s',
    pairs: ours.map((each, round) => ({
      ours: each.requestsPerSecond,
      floor: floor[round]?.requestsPerSecond ?? Number.NaN,
    })),
    ...(contest.connections === 64 && { must, aim }),
    details: {
      'CPU us': median(ours.map((each) => each.cpuMicroseconds)),
      'of echo': median(floor.map((each) => each.cpuMicroseconds)),
      'p50 ms': median(ours.map((each) => each.p50Ms)),
      'p99 ms': median(ours.map((each) => each.p99Ms)),
      bytes: contest.bodyLength,
    },
  };
}

function sum(one: number, other: number): number {
  return one + other;
}
