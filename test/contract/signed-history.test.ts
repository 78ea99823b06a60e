import { createInterface } from 'node:readline';
import { waitUntilServicesStable, type ECS } from '@aws-sdk/client-ecs';
import { expect, test as base } from 'vitest';
import { explainCommand } from '../../src/cli/explain.ts';
import { clientOf, startTestServer, type TestServer } from './server.ts';
import { aServiceRequest, register, serviceTasks } from './service-requests.ts';
import {
  credentials,
  openSigned,
  presigned,
  read,
  readSigned,
  secretAccessKey,
  type Person,
} from './signed-requests.ts';

/** What somebody has: a service and its tasks, which run. */
interface Belongings {
  readonly ecs: ECS;
  readonly serviceArn: string;
  readonly tasks: readonly [string, string, string];
}

interface World {
  readonly server: TestServer;
  readonly ann: Belongings;
  readonly eve: Belongings;
}

async function belongingsOf(server: TestServer, person: Person): Promise<Belongings> {
  const ecs = clientOf(server.url, person);
  await ecs.createCluster({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'] });
  await register(ecs);
  const { service } = await ecs.createService(
    aServiceRequest({
      desiredCount: 3,
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    }),
  );
  await waitUntilServicesStable(
    { client: ecs, maxWaitTime: 60, minDelay: 1 },
    { services: ['shop'] },
  );
  const [first = '', second = '', third = ''] = await serviceTasks(ecs);
  return { ecs, serviceArn: service?.serviceArn ?? '', tasks: [first, second, third] };
}

/** A server that verifies signatures, and what two accounts have on it. */
// oxlint-disable-next-line no-empty-pattern -- Vitest wants the pattern.
const test = base.extend('world', { scope: 'file' }, async ({}, { onCleanup }): Promise<World> => {
  const server = await startTestServer({ credentials });
  const [ann, eve] = await Promise.all([belongingsOf(server, 'ann'), belongingsOf(server, 'eve')]);
  onCleanup(async () => {
    for (const { ecs } of [ann, eve]) ecs.destroy();
    await server.close();
  });
  return { server, ann, eve };
});

function urlOf(server: TestServer, path: string, query: Record<string, string> = {}): URL {
  return new URL(`${server.url}/longshore/${path}?${new URLSearchParams(query).toString()}`);
}

interface Line {
  readonly event: { readonly account?: string; readonly message?: string };
}

function linesOf(body: string): readonly Line[] {
  // What the server has just written, in a test of it.
  return body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

test('events are told to who signs for their account, and no others', async ({ world }) => {
  const { status, body } = await readSigned(urlOf(world.server, 'events'), 'ann');
  expect(status).toBe(200);
  const accounts = linesOf(body).map(({ event }) => event.account);
  expect(accounts.length).toBeGreaterThan(6);
  expect(new Set(accounts)).toEqual(new Set(['111111111111']));
  const url = await presigned(urlOf(world.server, 'events'), 'ann');
  expect((await read(url)).body).toBe(body);
});

test('a follower hears of its own account alone', async ({ world: { server, ann, eve } }) => {
  const following = await openSigned(urlOf(server, 'events', { follow: 'true' }), 'eve');
  await ann.ecs.stopTask({ task: ann.tasks[0] });
  await eve.ecs.stopTask({ task: eve.tasks[0] });
  for await (const line of createInterface(following)) {
    expect(linesOf(line)[0]?.event).toMatchObject({ resources: [eve.tasks[0]] });
    break;
  }
  following.destroy();
});

test('the messages of a service are told to its account alone', async ({
  world: { server, ann },
}) => {
  const url = urlOf(server, 'service-events', { service: ann.serviceArn });
  const messages = linesOf((await readSigned(url, 'ann')).body).map(({ event }) => event.message);
  expect(messages[0]).toMatch(/^\(service shop\) has started 3 tasks: /);
  expect(await readSigned(url, 'eve')).toEqual({ status: 200, body: '' });
});

test('a task, a service and a deployment are explained to their account alone', async ({
  world: { server, ann },
}) => {
  const { services } = await ann.ecs.describeServices({ services: ['shop'] });
  const queries: readonly Record<string, string>[] = [
    { task: ann.tasks[0] },
    { service: ann.serviceArn },
    {
      deployment: services?.[0]?.deployments?.[0]?.id ?? '',
      cluster: services?.[0]?.clusterArn ?? '',
    },
  ];
  for (const query of queries) {
    const url = urlOf(server, 'explain', query);
    expect(await readSigned(url, 'ann')).toMatchObject({ status: 200 });
    expect(await readSigned(url, 'eve')).toMatchObject({ status: 404 });
  }
});

test('a short name is one of the account that signs, whatever account it names', async ({
  world: { server, eve },
}) => {
  const url = urlOf(server, 'explain', { service: 'shop', account: '111111111111' });
  const { body } = await readSigned(url, 'eve');
  expect(JSON.parse(body)).toMatchObject({ arn: eve.serviceArn });
});

test('longshore explain signs with the credentials of the environment', async ({ world }) => {
  const { server, ann } = world;
  const signedBy = (person: string, secret = secretAccessKey) => ({
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: person,
    AWS_SECRET_ACCESS_KEY: secret,
  });
  for (const name of [ann.serviceArn, 'shop']) {
    expect(await explainCommand([name], signedBy('ann'))).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(ann.serviceArn),
    });
  }
  expect(await explainCommand([ann.serviceArn], signedBy('eve'))).toMatchObject({
    exitCode: 1,
    error: expect.stringContaining('There is no such thing'),
  });
  for (const [env, code] of [
    [{ AWS_ENDPOINT_URL: server.url }, 'MissingAuthenticationTokenException'],
    [signedBy('ann', 'wrong'), 'InvalidSignatureException'],
    [{ ...signedBy('ann'), AWS_SESSION_TOKEN: 'none' }, 'UnrecognizedClientException'],
  ] as const) {
    const { exitCode, error } = await explainCommand([ann.serviceArn], env);
    expect([exitCode, error]).toEqual([1, expect.stringContaining(`${code}: `)]);
  }
});

test.for([
  ['spot-interruption', 1],
  ['task-retirement', 2],
] as const)(
  'a task gets a %s by who signs for its account, and nobody else',
  async ([kind, index], { world: { server, ann } }) => {
    const task = ann.tasks[index];
    const url = urlOf(server, kind, { task });
    expect(await readSigned(url, 'eve', 'POST')).toMatchObject({ status: 404 });
    const before = await ann.ecs.describeTasks({ tasks: [task] });
    expect(before.tasks).toMatchObject([{ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }]);
    expect(await readSigned(url, 'ann', 'POST')).toEqual({ status: 200, body: `${task}\n` });
  },
);

test.for(['events', 'service-events', 'explain', 'logs', 'spot-interruption', 'task-retirement'])(
  '%s answers nobody whose signature is missing or for something else',
  async (path, { world }) => {
    const { server, ann } = world;
    const url = urlOf(server, path, { task: ann.tasks[0], service: ann.serviceArn });
    const method = path === 'spot-interruption' || path === 'task-retirement' ? 'POST' : 'GET';
    expect(await read(url, { method })).toMatchObject({
      status: 400,
      body: expect.stringContaining('MissingAuthenticationTokenException'),
    });
    const elsewhere = await presigned(urlOf(server, 'nowhere'), 'ann');
    const borrowed = new URL(url.pathname + elsewhere.search, url);
    expect((await read(borrowed, { method })).status).toBe(400);
    expect(server.errors).toEqual([]);
  },
);
