import type { DescribeClustersResponse } from '@aws-sdk/client-ecs';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { Child, ServerChild } from './child.ts';
import { withFolder } from './folder.ts';
import { Connection } from './load/connection.ts';
import { signedRequest } from './load/signed-request.ts';
import { keyOf } from './load/workload.ts';
import type { Metric, Pair } from './report.ts';
import { median } from './statistics.ts';

const agents = 5000;
const taskCount = 50_000;
const tasksPerCall = 10;
/** Calls of RunTask under way at one time. */
const callers = 16;
const cluster = 'fleet';
const family = 'benchmark';
const key = keyOf(0);
/** The best rate that we have found published for a control plane of this kind, with as many simulated instances. */
const publishedTasksPerSecond = 3750;

interface Round {
  readonly tasksPerSecond: number;
  readonly cpuMicroseconds: number;
  readonly running: number;
  readonly wrong: number;
}

/** P7: from RunTask over placement and the agent's channel to the RUNNING that the agent reports, all durable. */
export async function measureEndToEnd(rounds: number): Promise<Metric> {
  const calibration = new Calibration();
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    calibration.measure();
    measured.push(await withFolder(runRound));
  }
  const pairs = measured.map(({ tasksPerSecond }): Pair => ({
    ours: tasksPerSecond,
    floor: publishedTasksPerSecond,
  }));
  return {
    name: `End to end (P7): ${taskCount} tasks on ${agents} simulated instances, durable in SQLite`,
    rows: [
      {
        name: 'RunTask until the RUNNING that agents report is durable',
        floorName: 'published elsewhere',
        unit: '1/s',
        pairs,
        must: 1,
        aim: 10_000 / publishedTasksPerSecond,
        details: { 'CPU us': median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds)) },
      },
    ],
    counts: [
      {
        name: 'Tasks RUNNING, of all rounds',
        value: measured.reduce((sum, { running }) => sum + running, 0),
        expected: taskCount * rounds,
      },
      {
        name: 'Wrong answers',
        value: measured.reduce((sum, { wrong }) => sum + wrong, 0),
        expected: 0,
      },
    ],
    notes: [
      'The agents and their calls share the machine with the server: CPU us, for a task, is what the server itself takes.',
    ],
    quietness: calibration.result(),
  };
}

async function runRound(folder: string): Promise<Round> {
  const server = await ServerChild.start('server-process.ts', [folder, 'unsigned']);
  const fleet = new Child('load/fleet-process.ts');
  try {
    const api = new Api(server.port, key);
    await api.call('CreateCluster', { clusterName: cluster });
    await api.call('RegisterTaskDefinition', {
      family,
      networkMode: 'bridge',
      containerDefinitions: [{ name: 'app', image: 'busybox', cpu: 128, memory: 256 }],
    });
    await fleet.ask({ order: { port: server.port, agents, key, joins: true } });
    const cpuBefore = await server.cpuMicroseconds();
    const startedAt = performance.now();
    const [{ wrong }, refused] = await Promise.all([
      fleet.ask<{ wrong: number }>({ runningTasks: taskCount }),
      runTasks(server.port),
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMicroseconds = ((await server.cpuMicroseconds()) - cpuBefore) / taskCount;
    const { output } = await api.call<DescribeClustersResponse>('DescribeClusters', {
      clusters: [cluster],
    });
    api.close();
    return {
      tasksPerSecond: taskCount / seconds,
      cpuMicroseconds,
      running: output.clusters?.[0]?.runningTasksCount ?? 0,
      wrong: wrong + refused,
    };
  } finally {
    await fleet.end('SIGKILL');
    await server.end('SIGKILL');
  }
}

/** Makes all calls of RunTask, and gives how many of them did not start all that they were to. */
async function runTasks(port: number): Promise<number> {
  const request = signedRequest({
    operation: 'RunTask',
    input: {
      cluster,
      taskDefinition: family,
      count: tasksPerCall,
      placementStrategy: [{ type: 'spread', field: 'attribute:ecs.availability-zone' }],
    },
    key,
  });
  let left = taskCount / tasksPerCall;
  let wrong = 0;
  const callInTurn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        if (left === 0) {
          connection.close();
          return resolve();
        }
        left -= 1;
        connection.send(request);
      };
      const connection = new Connection(
        port,
        ({ status, bytes }) => {
          if (status !== 200 || !bytes.includes('"failures":[]')) wrong += 1;
          next();
        },
        () => reject(new Error('The server has closed the connection.')),
      );
      next();
    });
  await Promise.all(Array.from({ length: callers }, callInTurn));
  return wrong;
}
