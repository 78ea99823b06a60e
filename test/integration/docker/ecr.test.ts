import { join } from 'node:path';
import type { ECS, Task } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { AwsEndpoints } from '../../../src/aws/aws-endpoints.ts';
import { pauseArchitecture } from '../../../src/compute/docker/pause-image.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { EcrDouble } from '../../fixtures/ecr-double.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { DockerWorld } from './docker-world.ts';
import { EcrEngine } from './ecr-engine.ts';
import { TestRegistry } from './test-registry.ts';

const world = new DockerWorld();
const account = newAccount();
const token = 'correct horse';
const ecr = new EcrDouble(token);
const registryHost = `${account}.dkr.ecr.eu-west-1.amazonaws.com`;
const executionRoleArn = `arn:aws:iam::${account}:role/execution`;
const patience = { timeout: 30_000, interval: 20 };
const logged: unknown[] = [];
let registry: TestRegistry;
let engine: EcrEngine;
let server: RunningServer;
let ecs: ECS;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SERVER').stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const { Architecture } = await world.engine.info();
  registry = new TestRegistry(pauseArchitecture(Architecture));
  registry.account = { username: 'AWS', password: token };
  await registry.open();
  const path = join(world.dataDirectory, 'engine.sock');
  const [address = ''] = registry.image('v1').split('/');
  engine = new EcrEngine(path, { registry: registryHost, address });
  await engine.open();
  const note = (...line: unknown[]) => void logged.push(line);
  server = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute: world.compute({ engines: [`unix://${path}`] }),
    clock: systemClock,
    log: { info: note, warn: note, error: note },
    credentials: undefined,
    awsEndpoints: new AwsEndpoints(new Map([['ecr', await ecr.open()]])),
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  ecs = clientOf(`http://127.0.0.1:${server.address.port}`, account);
  await ecs.createCluster();
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  await engine.close();
  await world.engine.removeImage(registry.image('v1'));
  registry.close();
  ecr.close();
  vi.unstubAllEnvs();
  await world.close();
});

/** Runs a task whose image is in ECR until it runs or stops, and ends it. */
async function run(): Promise<Task> {
  const containerDefinitions = [{ name: 'app', image: `${registryHost}/longshore-test:v1` }];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions, executionRoleArn }));
  const { tasks: [{ taskArn: task = '' } = {}] = [] } = await ecs.runTask(aRun());
  const described = async () => (await ecs.describeTasks({ tasks: [task] })).tasks?.[0] ?? {};
  const comesTo = async (...statuses: readonly string[]) => {
    await vi.waitUntil(
      async () => statuses.includes((await described()).lastStatus ?? ''),
      patience,
    );
    return described();
  };
  const found = await comesTo('RUNNING', 'STOPPED');
  await ecs.stopTask({ task });
  await comesTo('STOPPED');
  return found;
}

test('an image of ECR is pulled with a token that the execution role is given, once for many pulls', async () => {
  for (const _ of [1, 2]) {
    expect(await run()).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ imageDigest: registry.digest }],
    });
    await world.engine.removeImage(registry.image('v1'));
  }
  expect(ecr.asked).toEqual([{ registryIds: [account], by: 'SERVER' }]);
  expect(JSON.stringify(logged)).not.toContain(token);
});
