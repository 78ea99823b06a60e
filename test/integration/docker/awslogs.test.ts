import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Compute, OutputLine, TaskOrder } from '../../../src/compute/compute.ts';
import { lastPathElement } from '../../../src/domain/arn.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder, type GivenContainer } from '../../fixtures/an-order.ts';
import { DockerWorld, shell } from './docker-world.ts';

const world = new DockerWorld();
let compute: Compute;
let reports: RecordedReports;

async function open(orders: readonly TaskOrder[] = []): Promise<void> {
  compute = world.compute();
  await compute.open(orders, reports.report);
}

beforeEach(async () => {
  reports = new RecordedReports();
  await open();
  return () => compute.close();
});
afterAll(() => world.close());

const group = '/ecs/test';
const scope = { accountId: '012345678910', region: 'us-east-1' };

function logged(container: GivenContainer, options: Record<string, string> = {}): GivenContainer {
  return {
    ...container,
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': group,
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': 'app',
        'awslogs-create-group': 'true',
        ...options,
      },
    },
  };
}

function start(...containers: readonly GivenContainer[]): TaskOrder {
  const order = anOrder(containers);
  compute.start(order);
  return order;
}

/** What the stream of a container has, from the first event on. */
async function messagesOf({ task }: TaskOrder, container = 'main'): Promise<string[]> {
  const { store } = world.logs;
  const stream = `app/${container}/${lastPathElement(task.arn)}`;
  const messages: string[] = [];
  let from;
  do {
    const page = await store.read({
      scope,
      group,
      streams: [stream],
      direction: 'forward',
      limit: 10_000,
      maximumBytes: 1 << 20,
      ...(from && { from }),
    });
    if (typeof page === 'string') throw new Error(`${page} ${stream}`);
    messages.push(...page.events.map(({ message }) => message));
    from = page.more;
  } while (from);
  return messages;
}

async function ended(order: TaskOrder, container = 'main'): Promise<void> {
  await reports.first(order, 'ContainerStopped', container);
  compute.stop(order);
  await reports.first(order, 'Released');
}

const counting = (count: number) =>
  `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo line $i; done`;
const counted = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

test('what a container writes is in its log stream, from the first line to the last', async () => {
  const order = start(logged(shell('echo one; echo two >&2; printf "the end"')));
  await ended(order);
  expect((await messagesOf(order)).toSorted()).toEqual(['one', 'the end', 'two']);
});

test('a line can be read while its container runs', async () => {
  const order = start(
    logged(shell('trap exit TERM; echo early; while :; do sleep 1 & wait; done')),
  );
  await reports.first(order, 'ContainerStarted');
  await expect.poll(() => messagesOf(order)).toEqual(['early']);
  compute.stop(order);
  await reports.first(order, 'Released');
  expect(await messagesOf(order)).toEqual(['early']);
});

test('the output of a task that is gone is read from its log stream', async () => {
  const order = start(logged(shell('echo one; echo two')));
  await ended(order);
  const { signal } = new AbortController();
  const lines = compute.output({ task: order.task, container: 'main', follow: false, signal });
  expect((await Array.fromAsync(lines)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('events of several lines are read back as the lines that were written', async () => {
  const script = 'echo "ERROR a"; echo " at b"; echo "INFO c"';
  const order = start(logged(shell(script), { 'awslogs-multiline-pattern': '^(INFO|ERROR)' }));
  await ended(order);
  const { signal } = new AbortController();
  const query = { task: order.task, container: 'main', follow: false, signal };
  const textsOf = (lines: readonly OutputLine[]) => lines.map(({ text }) => text);
  const all = await Array.fromAsync(compute.output(query));
  expect(textsOf(all)).toEqual(['ERROR a', ' at b', 'INFO c']);
  const last = await Array.fromAsync(compute.output({ ...query, tail: 2 }));
  expect(textsOf(last)).toEqual([' at b', 'INFO c']);
});

test('many lines of several containers arrive complete and in order, over restarts', async () => {
  const count = 20_000;
  const names = ['a', 'b', 'c'];
  const order = start(
    ...names.map((name) => ({ ...logged(shell(counting(count))), name, essential: name === 'a' })),
  );
  await Promise.all(names.map((name) => reports.first(order, 'ContainerStarted', name)));
  for (let restart = 0; restart < 3; restart += 1) {
    const known = reports.applied(order);
    await compute.close();
    await open([known]);
  }
  await Promise.all(names.map((name) => reports.first(order, 'ContainerStopped', name)));
  compute.stop(order);
  await reports.first(order, 'Released');
  for (const name of names) expect(await messagesOf(order, name)).toEqual(counted(count));
});

test('a pattern makes one event of several lines', async () => {
  const script = 'echo "ERROR a"; echo " at b"; echo " at c"; echo "INFO d"';
  const order = start(logged(shell(script), { 'awslogs-multiline-pattern': '^(INFO|ERROR)' }));
  await ended(order);
  expect(await messagesOf(order)).toEqual(['ERROR a\n at b\n at c\n', 'INFO d\n']);
});

test('a format of times makes one event of several lines', async () => {
  const script = 'echo "[May 01, 2026 19:00:01] a"; echo b; echo "[May 01, 2026 19:00:04] c"';
  const format = String.raw`\[%b %d, %Y %H:%M:%S\]`;
  const order = start(logged(shell(script), { 'awslogs-datetime-format': format }));
  await ended(order);
  expect(await messagesOf(order)).toEqual([
    '[May 01, 2026 19:00:01] a\nb\n',
    '[May 01, 2026 19:00:04] c\n',
  ]);
});

test('without its log group a task does not start, unless the group is to be made', async () => {
  const options = { 'awslogs-group': '/ecs/missing', 'awslogs-create-group': 'false' };
  const order = start(logged(shell('echo never'), options));
  const { reason } = await reports.first(order, 'StartFailed');
  expect(reason).toMatch(
    /^ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, https response error StatusCode: 400, RequestID: [0-9a-f-]{36}, ResourceNotFoundException: The specified log group does not exist\. : exit status 1$/,
  );
  compute.stop(order);
  await reports.first(order, 'Released');
});

test('a log driver that the Engine lacks is named when the task fails', async () => {
  const logConfiguration = { logDriver: 'imaginary' as 'syslog' };
  const order = start({ ...shell('echo never'), logConfiguration });
  expect(await reports.first(order, 'StartFailed')).toMatchObject({
    reason:
      'ResourceInitializationError: the Docker Engine has no log driver imaginary, which container main asks for',
  });
  compute.stop(order);
  await reports.first(order, 'Released');
});

test.each(['none', 'json-file', 'local'] as const)(
  'a container with the driver %s runs and ends',
  async (logDriver) => {
    const logConfiguration = { logDriver: logDriver as 'json-file' };
    const order = start({ ...shell('echo one'), logConfiguration });
    await ended(order);
    const { signal } = new AbortController();
    const lines = compute.output({ task: order.task, container: 'main', follow: false, signal });
    const kept = (await Array.fromAsync(lines)).map(({ text }) => text);
    expect(kept).toEqual(logDriver === 'none' ? [] : ['one']);
  },
);
