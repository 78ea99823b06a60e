import type { DescribeClustersResponse } from '@aws-sdk/client-ecs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildRelease } from '../scripts/release-bundle.ts';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { Child, ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import { host } from './load/signed-request.ts';
import { webAndSidecar } from './load/task-definition.ts';
import { keyOf } from './load/workload.ts';
import { Longshore, release } from './longshore.ts';
import type { MemoryUse } from './memory-process.ts';
import type { Metric, Pair } from './report.ts';

const tasks = 100_000;
const tasksPerCall = 10;
const connections = 16;
const mebibyte = 1024 * 1024;
const key = keyOf(0);
/** The same account where no signature is verified. */
const namedKey = { ...key, accessKeyId: key.accountId };

/** P9 and P12: what 100,000 running tasks take in memory, and how long they are away after kill -9. */
export async function measureScale(rounds: number): Promise<Metric> {
  return withFolder(async (folder) => {
    const data = join(folder, 'data');
    await buildRelease();
    await fill(data);
    await timeRecovery(data); // Lets Node keep what it compiles.
    const calibration = new Calibration();
    const recoveries: Pair[] = [];
    let recovered = tasks;
    for (let round = 0; round < rounds; round += 1) {
      calibration.measure();
      const floor = await timeReading(data);
      const { ms, running } = await timeRecovery(data);
      recoveries.push({ ours: ms, floor });
      if (running !== tasks) recovered = running;
    }
    const memory = await measureMemory(data);
    return {
      name: 'Scale (P9, P12): 100,000 running tasks of two containers each',
      rows: [
        {
          name: 'memory: records and all indices',
          floorName: 'the parsed JSON of DescribeTasks',
          unit: 'MiB',
          pairs: [{ ours: memory.records / mebibyte, floor: memory.json / mebibyte }],
          must: 0.8,
          aim: 0.3,
        },
        {
          name: 'recovery: from spawning after kill -9 to the first answer',
          floorName: 'reading and parsing the rows',
          unit: 'ms',
          pairs: recoveries,
          must: 2,
          aim: 1,
        },
      ],
      counts: [{ name: 'Running tasks after kill -9', value: recovered, expected: tasks }],
      notes: ['Simulated compute. Memory is the heap after a full collection of garbage.'],
      quietness: calibration.result(),
    };
  });
}

/** Leaves a store with all tasks RUNNING, and no server. */
async function fill(data: string): Promise<void> {
  const server = await ServerChild.start('server-process.ts', [data, 'signed']);
  const first = new Api(server.port, key);
  await first.call('CreateCluster', { clusterName: 'production' });
  await first.call('RegisterTaskDefinition', webAndSidecar);
  first.close();
  let started = 0;
  const input = {
    cluster: 'production',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    count: tasksPerCall,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
  };
  const start = async (): Promise<void> => {
    const api = new Api(server.port, key);
    while (started < tasks) {
      started += tasksPerCall;
      await api.call('RunTask', input);
    }
    api.close();
  };
  await Promise.all(Array.from({ length: connections }, start));
  const last = new Api(server.port, key);
  while ((await runningTasks(last)) < tasks) await delay(100);
  last.close();
  await server.end('SIGKILL');
}

async function runningTasks(api: Api): Promise<number> {
  const input = { clusters: ['production'] };
  const { output } = await api.call<DescribeClustersResponse>('DescribeClusters', input);
  return output.clusters?.[0]?.runningTasksCount ?? 0;
}

/** A process that does nothing but read the rows and parse them into a map. */
async function timeReading(data: string): Promise<number> {
  const startedAt = performance.now();
  const child = new Child('rows-process.ts', [data]);
  await child.next<number>();
  const ms = performance.now() - startedAt;
  await child.end('SIGKILL');
  return ms;
}

async function timeRecovery(data: string) {
  const options = ['--listen', `${host}:0`, '--data', data, '--compute', 'simulated'];
  const startedAt = performance.now();
  const server = new Longshore(release, options);
  const api = new Api(await server.port(), namedKey);
  const running = await runningTasks(api);
  const ms = performance.now() - startedAt;
  api.close();
  await server.kill();
  return { ms, running };
}

async function measureMemory(data: string): Promise<MemoryUse> {
  const child = new Child('memory-process.ts', [data]);
  const use = await child.next<MemoryUse>();
  await child.end('SIGKILL');
  return use;
}
