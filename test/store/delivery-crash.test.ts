import { env } from 'node:process';
import { waitUntilTasksRunning } from '@aws-sdk/client-ecs';
import { expect, test, vi } from 'vitest';
import { readEvents } from '../contract/event-reader.ts';
import { aDefinition, aRun } from '../contract/requests.ts';
import { clientOf, newAccount, newFolder } from '../contract/server.ts';
import { EventBridgeDouble } from '../fixtures/event-bridge-double.ts';
import { randomOf } from '../fixtures/random-of.ts';
import { ServerProcess } from './server-process.ts';

const kills = 5;
const tasksPerLife = 10;
/** Each task that starts tells three; the kill comes before the last ones. */
const mostEventsPerLife = 25;
const seed = Number(env['LONGSHORE_TEST_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

interface Delivered {
  readonly resource: string;
  readonly detail: string;
}

/** What came of each resource, in the order of its first coming. */
function byResource(events: Iterable<Delivered>): ReadonlyMap<string, readonly string[]> {
  const details = new Map<string, Set<string>>();
  for (const { resource, detail } of events) {
    details.set(resource, (details.get(resource) ?? new Set()).add(detail));
  }
  return new Map([...details].map(([resource, seen]) => [resource, [...seen]]));
}

function taken(double: EventBridgeDouble): ReadonlyMap<string, readonly string[]> {
  return byResource(
    double.taken.map(({ Resources: [resource = ''] = [], Detail: detail = '' }) => ({
      resource,
      detail,
    })),
  );
}

test(
  `${kills} kills amid delivery lose no event and mix up none of a resource, seed ${seed}`,
  { timeout: 180_000 },
  async ({ onTestFinished }) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { folder, remove } = await newFolder();
    onTestFinished(remove);
    const random = randomOf(seed);
    const accountId = newAccount();
    await using double = await EventBridgeDouble.open();
    const start = () =>
      ServerProcess.start(folder, ['--aws-endpoint', `eventbridge=${double.url}`]);

    for (let kill = 0; kill < kills; kill += 1) {
      await using server = await start();
      const ecs = clientOf(server.url, accountId);
      await ecs.createCluster();
      await ecs.registerTaskDefinition(aDefinition());
      const killed = Promise.withResolvers<unknown>();
      let left = 1 + Math.trunc(random() * mostEventsPerLife);
      // The call that brings this event is never answered.
      double.judge = () => {
        left -= 1;
        if (left === 0) killed.resolve(server.end('SIGKILL'));
        return undefined;
      };
      await Promise.allSettled([ecs.runTask(aRun({ count: tasksPerLife })), killed.promise]);
      ecs.destroy();
    }

    double.judge = () => undefined;
    await using server = await start();
    const ecs = clientOf(server.url, accountId);
    const { taskArns = [] } = await ecs.listTasks({});
    await waitUntilTasksRunning({ client: ecs, maxWaitTime: 60, minDelay: 1 }, { tasks: taskArns });
    const told = byResource(
      (await readEvents(server.url)).map(
        ({ event: { resources: [resource = ''] = [], detail } }) => ({
          resource,
          detail: JSON.stringify(detail),
        }),
      ),
    );
    expect(taskArns.length).toBeGreaterThanOrEqual(tasksPerLife);
    expect(told.size).toBe(taskArns.length);
    await double.until(() =>
      [...told].every(([arn, all]) => taken(double).get(arn)?.length === all.length),
    );
    expect(taken(double)).toEqual(told);
    ecs.destroy();
  },
);
