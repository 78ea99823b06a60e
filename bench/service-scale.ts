import type {
  DescribeServicesResponse,
  DescribeTasksResponse,
  ListTasksResponse,
} from '@aws-sdk/client-ecs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../src/compute/docker/engine.ts';
import { installationLabel } from '../src/compute/docker/names.ts';
import { Api } from './api.ts';
import { Calibration } from './calibration.ts';
import { PlainContainers } from './plain-containers.ts';
import { keyOf } from './load/workload.ts';
import type { Count, Metric, Pair, Row } from './report.ts';
import { image, prepareEngine, withServer } from './server-on-engine.ts';

/** Ends at once when it is told to. */
const command = ['sh', '-c', 'trap "exit 0" TERM; sleep 1000 & wait'];
const family = 'scale';
const service = 'scale';
const pollMs = 20;
const longestWaitMs = 600_000;
/** The pool of network namespaces is full when nothing has come or gone for so long. */
const restMs = 3_000;
/** DescribeTasks takes no more. */
const tasksPerCall = 100;

interface Round {
  readonly first: number;
  readonly warmed: number;
  readonly again: number;
  readonly rolling: number;
  readonly floor: number;
  readonly floorRolling: number;
  readonly wrong: Wrong;
}

/** What is never to be: each is counted. */
interface Wrong {
  count: number;
  belowFloor: number;
}

/** A service of so many tasks, from none to all and from one revision to the next, against plain containers on the Engine. */
export async function measureServiceScale(rounds: number, tasks: number): Promise<Metric> {
  const engine = await prepareEngine();
  const calibration = new Calibration();
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    calibration.measure();
    const wrong: Wrong = { count: 0, belowFloor: 0 };
    const setting = { engine, tasks, wrong };
    const ours = await liveAsService(setting);
    await delay(restMs);
    const warmed = await startWarmed(setting);
    await delay(restMs);
    const plain = await liveAsContainers(engine, tasks);
    measured.push({ ...ours, ...plain, warmed, wrong });
    await delay(restMs);
  }
  return {
    name: `Service on Docker: ${tasks} tasks, the image present, against the Engine API with bridge containers, ${parallel} at a time`,
    rows: rowsOf(measured, tasks),
    counts: countsOf(measured),
    notes: [
      'The first time, only the few network namespaces of a new server are ready; again: those that the first time has taught it to keep.',
    ],
    quietness: calibration.result(),
  };
}

/** The best that two cores do: more at a time are slower each. */
const parallel = 4;

function rowsOf(rounds: readonly Round[], tasks: number): readonly Row[] {
  const pairs = (ours: (round: Round) => number, floor: (round: Round) => number): Pair[] =>
    rounds.map((round) => ({ ours: ours(round), floor: floor(round) }));
  const limits = { must: 0.6, aim: 0.35 };
  return [
    {
      name: '0 to all RUNNING, a new server',
      floorName: 'create + start',
      unit: 'ms',
      pairs: pairs(
        ({ first }) => first,
        ({ floor }) => floor,
      ),
    },
    {
      name: `0 to all RUNNING, a new server with --warm-networks ${tasks}, which are ready`,
      floorName: 'create + start',
      unit: 'ms',
      pairs: pairs(
        ({ warmed }) => warmed,
        ({ floor }) => floor,
      ),
      ...limits,
    },
    {
      name: '0 to all RUNNING, again',
      floorName: 'create + start',
      unit: 'ms',
      pairs: pairs(
        ({ again }) => again,
        ({ floor }) => floor,
      ),
      ...limits,
    },
    {
      name: 'all replaced by another revision',
      floorName: 'create + start, stop + remove',
      unit: 'ms',
      pairs: pairs(
        ({ rolling }) => rolling,
        ({ floorRolling }) => floorRolling,
      ),
    },
  ];
}

function countsOf(rounds: readonly Round[]): readonly Count[] {
  const sum = (of: (wrong: Wrong) => number): number =>
    rounds.reduce((total, { wrong }) => total + of(wrong), 0);
  return [
    {
      name: 'Tasks not RUNNING, or of the wrong revision',
      value: sum(({ count }) => count),
      expected: 0,
    },
    {
      name: 'Looks that found fewer than all running during the replacement',
      value: sum(({ belowFloor }) => belowFloor),
      expected: 0,
    },
  ];
}

type Ours = Pick<Round, 'first' | 'again' | 'rolling'>;

interface ServiceSetting {
  readonly engine: Engine;
  readonly tasks: number;
  readonly wrong: Wrong;
}

/** A server with a service of no task, whose pool of network namespaces is as large as it is to be. */
interface Scene {
  readonly api: Api;
  readonly scale: (desiredCount: number) => Promise<number>;
  readonly rested: () => Promise<void>;
}

function withService<Result>(
  { engine, wrong }: ServiceSetting,
  options: readonly string[],
  live: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const all = ['--task-endpoint', 'off', '--dns', 'off', ...options];
  return withServer(engine, all, async ({ port, installationId }) => {
    const api = new Api(port, keyOf(0));
    const rested = () => poolFilled(engine, installationId);
    const scale = async (desiredCount: number): Promise<number> => {
      const ms = await change(api, { desiredCount });
      wrong.count += await wrongTasks(api, desiredCount, 1);
      return ms;
    };
    await prepare(api);
    await rested();
    const result = await live({ api, scale, rested });
    await change(api, { desiredCount: 0 });
    api.close();
    return result;
  });
}

function liveAsService(setting: ServiceSetting): Promise<Ours> {
  const { tasks, wrong } = setting;
  return withService(setting, [], async ({ api, scale, rested }) => {
    const first = await scale(tasks);
    await scale(0);
    await rested();
    const again = await scale(tasks);
    await rested();
    await api.call('RegisterTaskDefinition', taskDefinition);
    const rolling = await change(api, { taskDefinition: `${family}:2` }, (running) => {
      if (running < tasks) wrong.belowFloor += 1;
    });
    wrong.count += await wrongTasks(api, tasks, 2);
    return { first, again, rolling };
  });
}

function startWarmed(setting: ServiceSetting): Promise<number> {
  const { tasks } = setting;
  const options = ['--warm-networks', String(tasks)];
  return withService(setting, options, ({ scale }) => scale(tasks));
}

const taskDefinition = {
  family,
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image, command, stopTimeout: 10 }],
};

async function prepare(api: Api): Promise<void> {
  await api.call('CreateCluster', {});
  await api.call('RegisterTaskDefinition', taskDefinition);
  await api.call('CreateService', {
    serviceName: service,
    taskDefinition: `${family}:1`,
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
  });
  await untilSteady(api, () => undefined);
}

/** Updates the service, and tells how long it takes until it is steady. */
async function change(
  api: Api,
  input: object,
  look: (running: number) => void = () => undefined,
): Promise<number> {
  const startedAt = performance.now();
  await api.call('UpdateService', { service, ...input });
  await untilSteady(api, look);
  return performance.now() - startedAt;
}

/** As `aws ecs wait services-stable` has it, and no task left that is not wanted. */
async function untilSteady(api: Api, look: (running: number) => void): Promise<void> {
  const until = performance.now() + longestWaitMs;
  while (performance.now() < until) {
    const { output } = await api.call<DescribeServicesResponse>('DescribeServices', {
      services: [service],
    });
    const {
      runningCount = 0,
      pendingCount,
      desiredCount,
      deployments,
    } = output.services?.[0] ?? {};
    look(runningCount);
    const isSteady = runningCount === desiredCount && pendingCount === 0;
    if (isSteady && deployments?.length === 1) return;
    await delay(pollMs);
  }
  throw new Error('The service did not become steady.');
}

/** How many tasks are missing, superfluous, not RUNNING or of another revision. */
async function wrongTasks(api: Api, expected: number, revision: number): Promise<number> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const input = { serviceName: service, ...(nextToken && { nextToken }) };
    const { output } = await api.call<ListTasksResponse>('ListTasks', input);
    arns.push(...(output.taskArns ?? []));
    nextToken = output.nextToken;
  } while (nextToken !== undefined);
  let right = 0;
  for (let at = 0; at < arns.length; at += tasksPerCall) {
    const { output } = await api.call<DescribeTasksResponse>('DescribeTasks', {
      tasks: arns.slice(at, at + tasksPerCall),
    });
    right += (output.tasks ?? []).filter(
      ({ lastStatus, taskDefinitionArn }) =>
        lastStatus === 'RUNNING' && taskDefinitionArn?.endsWith(`/${family}:${revision}`),
    ).length;
  }
  return Math.abs(expected - right) + (arns.length - right);
}

/** Waits until the server has as many network namespaces ready as it wants, and the old ones are gone. */
async function poolFilled(engine: Engine, installationId: string): Promise<void> {
  for (let before: string | undefined; ;) {
    const found = await engine.listContainers(installationLabel(installationId));
    const ids = found.map(({ Id }) => Id).toSorted();
    if (ids.join() === before) return;
    before = ids.join();
    await delay(restMs);
  }
}

async function liveAsContainers(
  engine: Engine,
  containers: number,
): Promise<Pick<Round, 'floor' | 'floorRolling'>> {
  const plain = new PlainContainers(engine, { image, command, parallel });
  try {
    const floor = await plain.start(containers);
    await delay(restMs);
    return { floor, floorRolling: await plain.replace() };
  } finally {
    await plain.remove();
  }
}
