import type { DescribeTasksResponse, RunTaskResponse } from '@aws-sdk/client-ecs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../src/compute/docker/engine.ts';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { keyOf } from './load/workload.ts';
import type { Metric } from './report.ts';
import { image, prepareEngine, withServer } from './server-on-engine.ts';

/** Ends at once when it is told to. */
const command = ['sh', '-c', 'trap "exit 0" TERM; sleep 1000 & wait'];
const stopTimeoutSeconds = 10;
const tasksPerRound = 2;
const pollMs = 2;
/** Lets the Engine come to rest, and Longshore make ready for the next task, as they do in between tasks. */
const restMs = 1_500;

interface Lives {
  readonly runMs: number[];
  readonly stopMs: number[];
}

/** P3 and P4: a task's start and stop through the API, against a plain bridge container's on the Engine. */
export async function measureTasks(rounds: number): Promise<Metric> {
  const engine = await prepareEngine();
  return withServer(engine, [], async ({ port }) => {
    const api = new Api(port, keyOf(0));
    await prepare(api);
    const metric = await compete(api, engine, rounds * tasksPerRound);
    api.close();
    return metric;
  });
}

async function compete(api: Api, engine: Engine, lives: number): Promise<Metric> {
  const calibration = new Calibration();
  const ours: Lives = { runMs: [], stopMs: [] };
  const floor: Lives = { runMs: [], stopMs: [] };
  for (let life = 0; life <= lives; life += 1) {
    if (life === 1) for (const times of [ours, floor]) times.runMs.length = times.stopMs.length = 0;
    calibration.measure();
    await liveAsTask(api, ours);
    await delay(restMs);
    await liveAsContainer(engine, `longshore-bench-${process.pid}-${life}`, floor);
    await delay(restMs);
  }
  return {
    name: 'Tasks (P3, P4): one at a time, the image present, against the Engine API with a bridge container',
    rows: [
      {
        name: 'RunTask until DescribeTasks says RUNNING',
        floorName: 'create + start',
        unit: 'ms',
        pairs: ours.runMs.map((run, life) => ({ ours: run, floor: floor.runMs[life] ?? 0 })),
        must: 0.75,
        aim: 0.45,
      },
      {
        name: 'StopTask until DescribeTasks says STOPPED',
        floorName: 'stop',
        unit: 'ms',
        pairs: ours.stopMs.map((stop, life) => ({ ours: stop, floor: floor.stopMs[life] ?? 0 })),
        must: 1.1,
        aim: 1,
      },
    ],
    counts: [],
    notes: [`${restMs} ms of rest after each, in which Longshore keeps network namespaces ready.`],
    quietness: calibration.result(),
  };
}

async function prepare(api: Api): Promise<void> {
  await api.call('CreateCluster', {});
  await api.call('RegisterTaskDefinition', {
    family: 'benchmark',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image, command, stopTimeout: stopTimeoutSeconds }],
  });
}

async function liveAsTask(api: Api, lives: Lives): Promise<void> {
  const startedAt = performance.now();
  const { output } = await api.call<RunTaskResponse>('RunTask', {
    taskDefinition: 'benchmark',
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
  });
  const task = output.tasks?.[0]?.taskArn;
  if (task === undefined) throw new Error('RunTask started no task.');
  await untilStatus(api, task, 'RUNNING');
  lives.runMs.push(performance.now() - startedAt);
  await delay(restMs);

  const stoppedAt = performance.now();
  await api.call('StopTask', { task });
  await untilStatus(api, task, 'STOPPED');
  lives.stopMs.push(performance.now() - stoppedAt);
}

async function untilStatus(api: Api, task: string, status: 'RUNNING' | 'STOPPED'): Promise<void> {
  for (;;) {
    const { output } = await api.call<DescribeTasksResponse>('DescribeTasks', { tasks: [task] });
    const { lastStatus, stoppedReason, containers } = output.tasks?.[0] ?? {};
    if (lastStatus === status) {
      const exitCode = containers?.[0]?.exitCode;
      if (status === 'STOPPED' && exitCode !== 0) throw new Error(`It exited with ${exitCode}.`);
      return;
    }
    if (lastStatus === 'STOPPED') throw new Error(`The task stopped: ${stoppedReason}`);
    await delay(pollMs);
  }
}

async function liveAsContainer(engine: Engine, name: string, lives: Lives): Promise<void> {
  const startedAt = performance.now();
  const id = await engine.createContainer(name, {
    Image: image,
    Cmd: command,
    Labels: {},
    HostConfig: { NetworkMode: 'bridge', LogConfig: { Type: 'json-file', Config: {} } },
  });
  try {
    await engine.startContainer(id);
    lives.runMs.push(performance.now() - startedAt);
    await delay(restMs);
    const stoppedAt = performance.now();
    await engine.stopContainer(id, stopTimeoutSeconds);
    lives.stopMs.push(performance.now() - stoppedAt);
  } finally {
    await engine.removeContainer(id);
  }
}
