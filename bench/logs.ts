import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { DescribeTasksResponse, RunTaskResponse } from '@aws-sdk/client-ecs';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../src/compute/docker/engine.ts';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { keyOf } from './load/workload.ts';
import type { Longshore } from './longshore.ts';
import type { Metric } from './report.ts';
import { image, prepareEngine, withServer } from './server-on-engine.ts';

const containers = 10;
const linesEach = 100_000;
const lines = containers * linesEach;
/** A hundred characters, which begin with the line's number. */
const padding = 'abcdefghijklmnopqrstuvwxyz'.repeat(4).slice(0, 91);
const script = `BEGIN { for (i = 1; i <= ${linesEach}; i++) printf "%08d %s\\n", i, "${padding}" }`;
const command = ['awk', script];
const group = '/bench/logs';
const ticks = 25;
const pollMs = 20;
const latestMs = 1_000;
/** The kernel counts the time of processes in hundredths of a second. */
const msPerTick = 10;

/** What ten containers write at full speed, against the Engine when nobody reads its files. */
export async function measureLogs(): Promise<Metric> {
  const engine = await prepareEngine();
  return withServer(engine, [], ({ server, port }) => measure({ server, engine, port }));
}

interface Setting {
  readonly server: Longshore;
  readonly engine: Engine;
  readonly port: number;
}

async function measure({ server, engine, port }: Setting): Promise<Metric> {
  const calibration = new Calibration();
  const key = keyOf(0);
  const api = new Api(port, key);
  const logs = new CloudWatchLogs({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: key.secretAccessKey },
  });
  await api.call('CreateCluster', {});
  calibration.measure();
  const floor = await timed(engineCpuMs, () => writeOnEngine(engine));
  calibration.measure();
  const before = cpuMs(server.pid);
  const run = await timed(engineCpuMs, () => writeAsTasks(api));
  const ownCpuMs = cpuMs(server.pid) - before;
  const wrong = await wrongLines(logs);
  const late = await lateLines(api, logs);
  calibration.measure();
  api.close();
  logs.destroy();
  const perThousand = (milliseconds: number) => (milliseconds / lines) * 1000;
  return {
    name: `Logs: ${lines.toLocaleString('en')} lines of ${containers} containers, against the Engine when nobody reads`,
    rows: [
      {
        name: 'lines a second, until all are durable and the tasks have STOPPED',
        floorName: 'written to the Engine\u2019s files',
        unit: '1/s',
        pairs: [{ ours: (lines / run.ms) * 1000, floor: (lines / floor.ms) * 1000 }],
      },
      {
        name: 'time of a processor for 1,000 lines, Longshore\u2019s own',
        floorName: 'the Engine\u2019s, nobody reading',
        unit: 'ms',
        pairs: [{ ours: perThousand(ownCpuMs), floor: perThousand(floor.engineMs) }],
      },
      {
        name: 'time of a processor for 1,000 lines, the Engine\u2019s',
        floorName: 'the Engine\u2019s, nobody reading',
        unit: 'ms',
        pairs: [{ ours: perThousand(run.engineMs), floor: perThousand(floor.engineMs) }],
      },
    ],
    counts: [
      { name: 'lines missing, doubled or out of order', value: wrong, expected: 0 },
      { name: `of ${ticks} lines, found later than a second`, value: late.count, expected: 0 },
    ],
    notes: [`A line was found ${late.medianMs} ms after it was written, in the median.`],
    quietness: calibration.result(),
  };
}

async function timed(cpu: () => number, work: () => Promise<void>) {
  const engineBefore = cpu();
  const startedAt = performance.now();
  await work();
  return { ms: performance.now() - startedAt, engineMs: cpu() - engineBefore };
}

async function writeOnEngine(engine: Engine): Promise<void> {
  const LogConfig = { Type: 'json-file', Config: { 'max-size': '1000t' } };
  const ids = await Promise.all(
    Array.from({ length: containers }, (_, index) =>
      engine.createContainer(`longshore-bench-logs-${process.pid}-${index}`, {
        Image: image,
        Cmd: command,
        Labels: {},
        HostConfig: { NetworkMode: 'none', LogConfig },
      }),
    ),
  );
  try {
    await Promise.all(ids.map((id) => engine.startContainer(id)));
    for (const id of ids) {
      while ((await engine.inspectContainer(id)).State.Status !== 'exited') await delay(pollMs);
    }
  } finally {
    await Promise.all(ids.map((id) => engine.removeContainer(id)));
  }
}

async function writeAsTasks(api: Api): Promise<void> {
  const tasks = await startTasks(api, { family: 'writers', command, count: containers });
  for (;;) {
    const { output } = await api.call<DescribeTasksResponse>('DescribeTasks', { tasks });
    if (output.tasks?.every(({ lastStatus }) => lastStatus === 'STOPPED')) return;
    await delay(pollMs);
  }
}

interface Started {
  readonly family: string;
  readonly command: readonly string[];
  readonly count: number;
}

async function startTasks(
  api: Api,
  { family, command: program, count }: Started,
): Promise<string[]> {
  const logConfiguration = {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': group,
      'awslogs-region': 'us-east-1',
      'awslogs-stream-prefix': family,
      'awslogs-create-group': 'true',
    },
  };
  await api.call('RegisterTaskDefinition', {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '1024',
    memory: '2048',
    executionRoleArn: 'arn:aws:iam::012345678910:role/execution',
    containerDefinitions: [{ name: 'app', image, command: program, logConfiguration }],
  });
  const { output } = await api.call<RunTaskResponse>('RunTask', {
    taskDefinition: family,
    count,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
  });
  const tasks = (output.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
  if (tasks.length < count) throw new Error(`RunTask started ${tasks.length} tasks.`);
  return tasks;
}

/** How many lines are not where they have to be. */
async function wrongLines(logs: CloudWatchLogs): Promise<number> {
  const names = { logGroupName: group, logStreamNamePrefix: 'writers/' };
  const { logStreams = [] } = await logs.describeLogStreams(names);
  let right = 0;
  for (const { logStreamName } of logStreams) {
    let expected = 1;
    let nextToken: string | undefined;
    for (;;) {
      const given = { logGroupName: group, logStreamName, startFromHead: true, nextToken };
      const { events = [], nextForwardToken } = await logs.getLogEvents(given);
      for (const { message } of events) {
        if (message === `${String(expected).padStart(8, '0')} ${padding}`) right += 1;
        expected += 1;
      }
      if (events.length === 0) break;
      nextToken = nextForwardToken;
    }
    right -= Math.max(0, expected - 1 - linesEach);
  }
  return lines - right;
}

/** Follows a container that writes a line now and then, as `aws logs tail --follow` does. */
async function lateLines(api: Api, logs: CloudWatchLogs) {
  const loop = `i=0; while [ $i -lt ${ticks} ]; do i=$((i+1)); echo tick $i; sleep 0.2; done`;
  await startTasks(api, { family: 'ticker', command: ['sh', '-c', loop], count: 1 });
  const seen = new Map<string, number>();
  const query = { logGroupName: group, logStreamNamePrefix: 'ticker/', filterPattern: 'tick' };
  while (seen.size < ticks) {
    const { events = [] } = await logs.filterLogEvents(query);
    const now = Date.now();
    for (const { eventId = '', timestamp = 0 } of events) {
      if (!seen.has(eventId)) seen.set(eventId, now - timestamp);
    }
    await delay(pollMs);
  }
  const waits = [...seen.values()].toSorted((a, b) => a - b);
  const medianMs = waits[Math.floor(waits.length / 2)] ?? 0;
  return { count: waits.filter((wait) => wait > latestMs).length, medianMs };
}

/** The time that processors have spent on a process. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

function engineCpuMs(): number {
  return cpuMs(Number(readFileSync('/var/run/docker.pid', 'utf8')));
}
