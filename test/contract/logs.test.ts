import {
  CloudWatchLogs,
  type FilterLogEventsCommandInput,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { newAccount, test as base } from './server.ts';

const group = '/ecs/app';
const stream = 'app/main/1';

const test = base.extend('logs', async ({ server }, { onCleanup }) => {
  const credentials = { accessKeyId: newAccount(), secretAccessKey: 'secret' };
  const logs = new CloudWatchLogs({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    disableHostPrefix: true,
  });
  onCleanup(() => logs.destroy());
  await logs.createLogGroup({ logGroupName: group });
  await logs.createLogStream({ logGroupName: group, logStreamName: stream });
  return logs;
});

function eventsFrom(start: number, messages: readonly string[]): InputLogEvent[] {
  return messages.map((message, index) => ({ timestamp: start + index, message }));
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

async function put(logs: CloudWatchLogs, logEvents: InputLogEvent[], logStreamName = stream) {
  return logs.putLogEvents({ logGroupName: group, logStreamName, logEvents });
}

async function filterAll(logs: CloudWatchLogs, input: Partial<FilterLogEventsCommandInput> = {}) {
  const messages: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.filterLogEvents({ logGroupName: group, ...input, nextToken });
    messages.push(...(page.events ?? []).map(({ message }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return messages;
}

test('a log group is created once, described and deleted', async ({ logs }) => {
  await expect(logs.createLogGroup({ logGroupName: group })).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  });
  const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: '/ecs' });
  expect(logGroups).toMatchObject([
    {
      logGroupName: group,
      storedBytes: 0,
      arn: expect.stringMatching(/:log-group:\/ecs\/app:\*$/),
    },
  ]);
  await logs.deleteLogGroup({ logGroupName: group });
  await expect(logs.describeLogStreams({ logGroupName: group })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('log groups are listed page by page, by prefix or by a part of their names', async ({
  logs,
}) => {
  for (const name of ['a/One', 'a/Two', 'b/one']) await logs.createLogGroup({ logGroupName: name });
  const namesOf = async (input: object) =>
    (await logs.describeLogGroups(input)).logGroups?.map(({ logGroupName }) => logGroupName);
  const { nextToken } = await logs.describeLogGroups({ limit: 2 });
  expect(await namesOf({ limit: 2, nextToken })).toEqual(['a/Two', 'b/one']);
  expect(await namesOf({ logGroupNamePrefix: 'a/' })).toEqual(['a/One', 'a/Two']);
  expect(await namesOf({ logGroupNamePattern: 'one' })).toEqual(['a/One', 'b/one']);
});

test('log streams are listed by name or by their last event', async ({ logs }) => {
  await logs.createLogStream({ logGroupName: group, logStreamName: 'b' });
  const now = Date.now();
  await put(logs, eventsFrom(now, ['later']));
  await put(logs, eventsFrom(now - 1000, ['earlier']), 'b');
  const namesOf = async (input: object) =>
    (await logs.describeLogStreams({ logGroupName: group, ...input })).logStreams?.map(
      ({ logStreamName }) => logStreamName,
    );
  expect(await namesOf({})).toEqual([stream, 'b']);
  expect(await namesOf({ orderBy: 'LastEventTime' })).toEqual(['b', stream]);
  expect(await namesOf({ orderBy: 'LastEventTime', descending: true })).toEqual([stream, 'b']);
  expect(await namesOf({ logStreamNamePrefix: 'b' })).toEqual(['b']);
  const { nextToken } = await logs.describeLogStreams({ logGroupName: group, limit: 1 });
  expect(await namesOf({ nextToken })).toEqual(['b']);
});

test('what was put is found, page by page and by pattern', async ({ logs }) => {
  const messages = numbered(25);
  await put(logs, eventsFrom(Date.now(), messages));
  expect(await filterAll(logs, { limit: 10 })).toEqual(messages);
  expect(await filterAll(logs, { filterPattern: '"line 2" -"line 20"' })).toEqual([
    'line 2',
    'line 21',
    'line 22',
    'line 23',
    'line 24',
  ]);
  expect(await filterAll(logs, { startFromHead: false, limit: 10 })).toEqual(messages.toReversed());
});

test('GetLogEvents begins at the end, and its tokens lead on in both directions', async ({
  logs,
}) => {
  const messages = numbered(7);
  const now = Date.now();
  await put(logs, eventsFrom(now, messages));
  const read = async (nextToken: string | undefined, startFromHead?: boolean) => {
    const given = { logGroupName: group, logStreamName: stream, limit: 3, startFromHead };
    const page = await logs.getLogEvents({ ...given, nextToken });
    return { ...page, messages: page.events?.map(({ message }) => message) };
  };
  const last = await read(undefined);
  expect(last.messages).toEqual(messages.slice(4));
  const before = await read(last.nextBackwardToken);
  expect(before.messages).toEqual(messages.slice(1, 4));
  const first = await read(undefined, true);
  expect(first.messages).toEqual(messages.slice(0, 3));

  const end = await read(last.nextForwardToken);
  expect(end).toMatchObject({ messages: [], nextForwardToken: last.nextForwardToken });
  await put(logs, eventsFrom(now + 10, ['more']));
  expect((await read(end.nextForwardToken)).messages).toEqual(['more']);
  expect((await read(end.nextBackwardToken)).messages).toEqual(messages.slice(4));
  await expect(read('f/nonsense')).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'The specified nextToken is invalid.',
  });
});

test('a batch must be in order, and what is too old or too new is left out', async ({ logs }) => {
  const now = Date.now();
  const hourMs = 3_600_000;
  await expect(
    put(logs, [...eventsFrom(now, ['a']), ...eventsFrom(now - 1, ['b'])]),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
  const day = [...eventsFrom(now - 25 * hourMs, ['a']), ...eventsFrom(now, ['b'])];
  await expect(put(logs, day)).rejects.toThrow('cannot span more than 24 hours.');

  const old = eventsFrom(now - 15 * 24 * hourMs, ['old']);
  expect(await put(logs, old)).toMatchObject({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
  });
  const ahead = [...eventsFrom(now, ['now']), ...eventsFrom(now + 3 * hourMs, ['soon'])];
  expect(await put(logs, ahead)).toMatchObject({
    rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 },
  });
  expect(await filterAll(logs)).toEqual(['now']);
});

test('events go only where a group and a stream are', async ({ logs }) => {
  const logEvents = eventsFrom(Date.now(), ['a']);
  const given = { logGroupName: group, logStreamName: 'none', logEvents };
  await expect(logs.putLogEvents(given)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
  await expect(logs.putLogEvents({ ...given, logGroupName: 'none' })).rejects.toThrow(
    'The specified log group does not exist.',
  );
  await logs.deleteLogStream({ logGroupName: group, logStreamName: stream });
  await expect(put(logs, logEvents)).rejects.toThrow('The specified log stream does not exist.');
});

test('a retention is set and taken away', async ({ logs }) => {
  const retention = async () => (await logs.describeLogGroups({})).logGroups?.[0]?.retentionInDays;
  await logs.putRetentionPolicy({ logGroupName: group, retentionInDays: 7 });
  expect(await retention()).toBe(7);
  await logs.deleteRetentionPolicy({ logGroupName: group });
  expect(await retention()).toBeUndefined();
  await expect(
    logs.putRetentionPolicy({ logGroupName: group, retentionInDays: 2 }),
  ).rejects.toThrow(/Member must satisfy enum value set: \[1, 3, 5, /);
});

test('log groups are tagged by name and by ARN', async ({ logs }) => {
  const { logGroups } = await logs.describeLogGroups({});
  const resourceArn = logGroups?.[0]?.logGroupArn ?? '';
  await logs.tagResource({ resourceArn, tags: { a: '1', b: '2' } });
  await logs.tagLogGroup({ logGroupName: group, tags: { c: '3' } });
  await logs.untagResource({ resourceArn, tagKeys: ['a'] });
  await logs.untagLogGroup({ logGroupName: group, tags: ['b'] });
  expect((await logs.listTagsForResource({ resourceArn })).tags).toEqual({ c: '3' });
  expect((await logs.listTagsLogGroup({ logGroupName: group })).tags).toEqual({ c: '3' });
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
  await expect(logs.tagResource({ resourceArn, tags })).rejects.toMatchObject({
    name: 'TooManyTagsException',
  });
});

test.for([
  [{ logGroupName: 'a b' }, /satisfy regular expression pattern/],
  [{ logGroupName: 'x'.repeat(513) }, /have length less than or equal to 512/],
  [{ filterPattern: '{ $.a' }, 'Invalid filter pattern'],
  [{ limit: 10_001 }, /have value less than or equal to 10000/],
  [{ logStreamNames: ['a'], logStreamNamePrefix: 'a' }, /mutually exclusive/],
] as const)('FilterLogEvents refuses %j', async ([input, message], { logs }) => {
  const sent = logs.filterLogEvents({ logGroupName: group, ...input } as never);
  await expect(sent).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringMatching(message),
  });
});

test('what of CloudWatch Logs is not served says so', async ({ logs }) => {
  await expect(logs.describeMetricFilters({})).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringMatching(/^DescribeMetricFilters is not implemented/),
  });
});

test('Live Tail shows what is put while it lasts', async ({ logs }) => {
  const { logGroups } = await logs.describeLogGroups({});
  const { responseStream } = await logs.startLiveTail({
    logGroupIdentifiers: [logGroups?.[0]?.logGroupArn ?? ''],
    logEventFilterPattern: 'wanted',
  });
  const seen: unknown[] = [];
  for await (const { sessionStart, sessionUpdate } of responseStream ?? []) {
    if (sessionStart) await put(logs, eventsFrom(Date.now(), ['not', 'wanted']));
    seen.push(...(sessionUpdate?.sessionResults ?? []));
    if (seen.length > 0) break;
  }
  expect(seen).toMatchObject([{ message: 'wanted', logStreamName: stream }]);
});
