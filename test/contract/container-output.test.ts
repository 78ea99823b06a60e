import { waitUntilTasksRunning } from '@aws-sdk/client-ecs';
import { expect, test as base } from 'vitest';
import { aDefinition, aRun } from './requests.ts';
import { clientOf, startTestServer, type TestServer } from './server.ts';
import { credentials, presigned, read, readSigned, signedHeadersFor } from './signed-requests.ts';

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

function outputOf({ server, taskArn }: World): URL {
  const query = new URLSearchParams({ container: 'app', task: taskArn });
  return new URL(`${server.url}/longshore/logs?${query.toString()}`);
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
  const headers = await signedHeadersFor(url, 'ann');
  expect(await read(new URL(`${url.href}&timestamps=true`), { headers })).toMatchObject({
    status: 400,
    body: expect.stringContaining('InvalidSignatureException'),
  });
  expect(world.server.errors).toEqual([]);
});
