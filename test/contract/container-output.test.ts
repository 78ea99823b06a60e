import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { waitUntilTasksRunning } from '@aws-sdk/client-ecs';
import { expect, test as base } from 'vitest';
import { parseCredentials } from '../../src/protocol/credentials.ts';
import { Sha256 } from '../fixtures/sha-256.ts';
import { aDefinition, aRun } from './requests.ts';
import { clientOf, startTestServer, type TestServer } from './server.ts';

const secretAccessKey = 'secret';
const credentials = parseCredentials(
  JSON.stringify({
    credentials: [
      { accessKeyId: 'ann', secretAccessKey, accountId: '111111111111' },
      { accessKeyId: 'eve', secretAccessKey, accountId: '222222222222' },
    ],
  }),
);

interface World {
  readonly server: TestServer;
  readonly taskArn: string;
}

/** A server that verifies signatures, and a task of Ann's account that has written two lines. */
const test = base.extend<{ world: World }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest wants the pattern.
  world: async ({}, use) => {
    await using server = await startTestServer({ credentials });
    const ecs = clientOf(server.url, 'ann');
    await ecs.createCluster();
    const dockerLabels = { 'longshore.simulated.output': 'one\ntwo' };
    const app = { name: 'app', image: 'nginx', dockerLabels };
    await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
    const { tasks = [] } = await ecs.runTask(aRun());
    const taskArn = tasks[0]?.taskArn ?? '';
    await waitUntilTasksRunning(
      { client: ecs, maxWaitTime: 10, minDelay: 1 },
      { tasks: [taskArn] },
    );
    await use({ server, taskArn });
    ecs.destroy();
  },
});

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

async function read(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { headers }, resolve).on('error', reject);
  const response = await promise;
  return { status: response.statusCode, body: await text(response) };
}

function outputOf({ server, taskArn }: World): URL {
  const query = new URLSearchParams({ container: 'app', task: taskArn });
  return new URL(`${server.url}/longshore/logs?${query.toString()}`);
}

function signer(accessKeyId: string): SignatureV4 {
  return new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: 'us-east-1',
    service: 'ecs',
    sha256: Sha256,
  });
}

function requestFor({ host, hostname, pathname, searchParams }: URL) {
  return {
    method: 'GET',
    protocol: 'http:',
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  };
}

async function readSigned(url: URL, accessKeyId: string): Promise<Answer> {
  const { headers } = await signer(accessKeyId).sign(requestFor(url));
  return read(url, headers);
}

async function presigned(url: URL, accessKeyId: string): Promise<URL> {
  const { query } = await signer(accessKeyId).presign(requestFor(url), { expiresIn: 60 });
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) {
    whole.searchParams.set(name, String(value));
  }
  return whole;
}

test('what a container wrote is read with a signature of its account', async ({ world }) => {
  expect(await readSigned(outputOf(world), 'ann')).toEqual({ status: 200, body: 'one\ntwo\n' });
});

test('what a container wrote is read with a URL that its account presigned', async ({ world }) => {
  const url = await presigned(outputOf(world), 'ann');
  expect(await read(url)).toEqual({ status: 200, body: 'one\ntwo\n' });
});

test('for another account there is no such task', async ({ world }) => {
  const answer = await readSigned(outputOf(world), 'eve');
  expect(answer.status).toBe(404);
  expect(answer).toEqual(await readSigned(new URL('?task=none', outputOf(world)), 'ann'));
  expect(await read(await presigned(outputOf(world), 'eve'))).toEqual(answer);
});

test('without a signature, or with a wrong one, nothing is read', async ({ world }) => {
  const url = outputOf(world);
  expect(await read(url)).toMatchObject({
    status: 400,
    body: expect.stringContaining('MissingAuthenticationTokenException'),
  });
  const { headers } = await signer('ann').sign(requestFor(url));
  expect(await read(new URL(`${url.href}&timestamps=true`), headers)).toMatchObject({
    status: 400,
    body: expect.stringContaining('InvalidSignatureException'),
  });
  expect(world.server.errors).toEqual([]);
});
