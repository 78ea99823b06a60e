import type {
  DescribeClustersResponse,
  DescribeServicesResponse,
  RunTaskResponse,
  ListTasksResponse,
} from '@aws-sdk/client-ecs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { ServerChild } from './child.ts';
import { rateRow, runLoad, wrongAnswers, type Run } from './contest.ts';
import { withFolder } from './folder.ts';
import { LoadGenerator } from './load/load-generator.ts';
import type { ApiRequest } from './load/signed-request.ts';
import { webAndSidecar } from './load/task-definition.ts';
import { keyOf } from './load/workload.ts';
import type { Metric } from './report.ts';

const must = 0.6;
const aim = 0.9;
const tasks = 10_000;
const tasksPerCall = 10;
const milliseconds = 400;
const warmUpMilliseconds = 500;
const connectionCounts = [1, 8, 64];
const key = keyOf(0);
const networkConfiguration = {
  awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] },
};

/** One kind of read on one server; its floor is the echo with requests and answers of the same sizes. */
interface Read {
  readonly name: string;
  readonly server: ServerChild;
  readonly request: ApiRequest;
  readonly bodyLength: number;
  readonly connections: number;
}

/** P1: reads against bare node:http. */
export async function measureReads(rounds: number): Promise<Metric> {
  return withFolder(async (folder) => {
    const generator = new LoadGenerator();
    const echo = await ServerChild.start('echo-process.ts');
    const signed = await ServerChild.start('server-process.ts', [join(folder, 'signed'), 'signed']);
    const trusting = await ServerChild.start('server-process.ts', [join(folder, 'trusting')]);
    try {
      const reads = [...(await signedReads(signed)), await trustingRead(trusting)];
      return await compete(reads, { rounds, generator, echo });
    } finally {
      await generator.end();
      await Promise.all([echo, signed, trusting].map((server) => server.end('SIGKILL')));
    }
  });
}

async function signedReads(server: ServerChild): Promise<readonly Read[]> {
  const api = new Api(server.port, key);
  await api.call('CreateCluster', { clusterName: 'production' });
  const taskArn = await runTasks(api);
  await createService(api);
  const kinds: readonly (readonly [string, string, object])[] = [
    [
      'DescribeServices, 1 service',
      'DescribeServices',
      { cluster: 'production', services: ['web'] },
    ],
    ['DescribeClusters, 1 cluster', 'DescribeClusters', { clusters: ['production'] }],
    ['DescribeTasks, 1 task', 'DescribeTasks', { cluster: 'production', tasks: [taskArn] }],
    ['ListTasks, first 100', 'ListTasks', { cluster: 'production' }],
  ];
  const reads: Read[] = [];
  for (const [name, operation, input] of kinds) {
    const { length: bodyLength } = await api.call(operation, input);
    const request = { operation, input, key };
    for (const connections of connectionCounts) {
      reads.push({
        name,
        server,
        request,
        bodyLength,
        connections,
      });
    }
  }
  api.close();
  return reads;
}

/** Waits until the service is steady, so that its answers stay the same. */
async function createService(api: Api): Promise<void> {
  const named = { cluster: 'production', serviceName: 'web', taskDefinition: 'web' };
  await api.call('CreateService', {
    ...named,
    launchType: 'FARGATE',
    desiredCount: 2,
    networkConfiguration,
  });
  for (;;) {
    const input = { cluster: 'production', services: ['web'] };
    const { output } = await api.call<DescribeServicesResponse>('DescribeServices', input);
    const [service] = output.services ?? [];
    const isSteady = service?.events?.some(({ message }) => message?.endsWith('a steady state.'));
    if (isSteady && service?.deployments?.[0]?.rolloutState === 'COMPLETED') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The same without a credentials file: what verifying signatures costs. */
async function trustingRead(server: ServerChild): Promise<Read> {
  const api = new Api(server.port, key);
  await api.call('CreateCluster', { clusterName: 'production' });
  const input = { clusters: ['production'] };
  const { output, length } = await api.call<DescribeClustersResponse>('DescribeClusters', input);
  if (output.clusters?.[0]?.status !== 'ACTIVE') throw new Error('The cluster is not ACTIVE.');
  api.close();
  return {
    name: 'DescribeClusters, signatures not verified',
    server,
    request: { operation: 'DescribeClusters', input, key },
    bodyLength: length,
    connections: 64,
  };
}

/** Fills the cluster and waits until all of its tasks run; returns the ARN of one. */
async function runTasks(api: Api): Promise<string> {
  await api.call('RegisterTaskDefinition', webAndSidecar);
  const input = {
    cluster: 'production',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    count: tasksPerCall,
    networkConfiguration,
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
  readonly generator: LoadGenerator;
  readonly echo: ServerChild;
}

async function compete(reads: readonly Read[], setting: Setting): Promise<Metric> {
  const { rounds, generator, echo } = setting;
  const calibration = new Calibration();
  const runs = reads.map((read) => ({ read, ours: [] as Run[], floor: [] as Run[] }));
  for (const { read } of runs) {
    await runLoad(generator, read.server, orderOf(read, warmUpMilliseconds));
    await runLoad(generator, echo, orderOf(read, milliseconds, `/${read.bodyLength}`));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { read, ours, floor } of runs) {
      calibration.measure();
      ours.push(await runLoad(generator, read.server, orderOf(read, milliseconds)));
      const path = `/${read.bodyLength}`;
      floor.push(await runLoad(generator, echo, orderOf(read, milliseconds, path)));
    }
  }
  const contests = runs.map(({ read, ours, floor }) => ({
    name: `${read.name}, ${read.bodyLength} B, c=${read.connections}`,
    floorName: 'echo',
    ours,
    floor,
    ...(read.connections === 64 && { limits: { must, aim } }),
  }));
  return {
    name: 'Reads (P1): signed API calls against bare node:http, requests and answers of the same size',
    rows: contests.map(rateRow),
    counts: [{ name: 'Answers that were wrong', value: wrongAnswers(contests), expected: 0 }],
    notes: [`${tasks} tasks and a service run in the cluster.`],
    quietness: calibration.result(),
  };
}

function orderOf({ request, bodyLength, connections }: Read, duration: number, path?: string) {
  const workload = { kind: 'same', request, ...(path !== undefined && { path }) } as const;
  return { connections, milliseconds: duration, workload, bodyLength };
}
