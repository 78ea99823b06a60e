import type { DeploymentConfiguration, ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { Alarms } from './alarms-double.ts';
import { startManualServer, startOfTime, type ManualServer } from './manual-server.ts';
import { newAccount } from './server.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  serviceTasks,
} from './service-requests.ts';

const minuteMs = 60_000;

/** A server that can be killed, and started again on the same disk. */
class MortalServer implements AsyncDisposable {
  readonly alarms = new Alarms();
  readonly #disk = new MemoryDisk();
  readonly #account = newAccount();
  #manual: ManualServer | undefined;
  #ecs: ECS | undefined;

  get ecs(): ECS {
    if (!this.#ecs) throw new Error('The server is not running.');
    return this.#ecs;
  }

  async start(startAt = startOfTime): Promise<void> {
    const store = await this.#disk.open();
    this.#manual = await startManualServer(this.alarms, { store, startAt });
    this.#ecs = this.#manual.server.client(this.#account);
    await this.advance(0);
  }

  async advance(milliseconds: number): Promise<void> {
    await this.#manual?.advance(milliseconds);
  }

  /** What has not been committed is lost, and time passes without anybody who looks. */
  async killFor(milliseconds: number): Promise<void> {
    const now = this.#manual?.clock.now() ?? startOfTime;
    this.#disk.cutOff();
    await this[Symbol.asyncDispose]();
    await this.start(now + milliseconds);
  }

  get errors() {
    return this.#manual?.server.errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ecs?.destroy();
    await this.#manual?.[Symbol.asyncDispose]();
  }
}

const alarms = { alarmNames: ['errors'], enable: true, rollback: true };

/** A server with a service that has been deployed once, and begins its second deployment. */
async function startSecond(deploymentConfiguration: DeploymentConfiguration) {
  const server = new MortalServer();
  await server.start();
  await server.ecs.createCluster();
  await register(server.ecs);
  await server.ecs.createService(aServiceRequest({ deploymentConfiguration }));
  await server.advance(15 * minuteMs);
  await register(server.ecs);
  await server.ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  return server;
}

/** When the deployment has finished, in milliseconds after it was made. */
async function finishedAfter(ecs: ECS): Promise<number> {
  const { finishedAt, createdAt } = await newest(ecs);
  return Number(finishedAt) - Number(createdAt);
}

test('a deployment that bakes when its server is killed bakes for as long as it would have', async () => {
  await using unharmed = await startSecond({ bakeTimeInMinutes: 10 });
  await unharmed.advance(15 * minuteMs);
  await using server = await startSecond({ bakeTimeInMinutes: 10 });
  await server.advance(4 * minuteMs);
  await server.killFor(2 * minuteMs);
  expect(await describeService(server.ecs)).toMatchObject({
    deployments: [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 2 },
      { status: 'ACTIVE', desiredCount: 0, runningCount: 0 },
    ],
  });
  expect(await newest(server.ecs)).toMatchObject({ status: 'IN_PROGRESS' });
  await server.advance(10 * minuteMs);
  expect(await newest(server.ecs)).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await finishedAfter(server.ecs)).toBe(await finishedAfter(unharmed.ecs));
  expect((await describeService(server.ecs)).deployments).toHaveLength(1);
  expect(server.errors).toEqual([]);
});

test('a bake time that has passed while no server was there is over when one is', async () => {
  await using server = await startSecond({ bakeTimeInMinutes: 10 });
  await server.advance(minuteMs);
  await server.killFor(30 * minuteMs);
  expect(await newest(server.ecs)).toMatchObject({ status: 'SUCCESSFUL' });
  expect((await describeService(server.ecs)).deployments).toMatchObject([
    { rolloutState: 'COMPLETED', runningCount: 2 },
  ]);
});

test('an alarm that goes off while no server is there takes the deployment back when one is', async () => {
  await using server = await startSecond({ alarms, bakeTimeInMinutes: 10 });
  await server.advance(2 * minuteMs);
  server.alarms.inAlarm.add('errors');
  await server.killFor(3 * minuteMs);
  await server.advance(minuteMs);
  expect(await newest(server.ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
  });
  const service = await describeService(server.ecs);
  expect(service.taskDefinition).toMatch(/web:1$/);
  const failures = eventTexts(service).filter((text) => text.includes('deployment failed'));
  expect(failures).toEqual([
    '(service shop) (deployment ecs-svc/N) deployment failed: alarm detected.',
  ]);
});

test('a roll-back after an alarm goes on where its server was killed, and fails only once', async () => {
  await using server = await startSecond({ alarms, bakeTimeInMinutes: 10 });
  await server.advance(2 * minuteMs);
  server.alarms.inAlarm.add('errors');
  await server.advance(minuteMs);
  const amid = await newest(server.ecs);
  expect(amid.status).toBe('ROLLBACK_IN_PROGRESS');
  await server.killFor(minuteMs);
  await server.advance(minuteMs);
  expect(await newest(server.ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    rollback: amid.rollback,
  });
  const texts = eventTexts(await describeService(server.ecs));
  expect(texts.filter((text) => text.includes('rolling back'))).toHaveLength(1);
});

test('alarms that were in ALARM when a deployment began are not watched after a restart either', async () => {
  await using server = await startSecond({ bakeTimeInMinutes: 10 });
  await server.advance(15 * minuteMs);
  server.alarms.inAlarm.add('errors');
  await server.ecs.updateService({
    service: 'shop',
    forceNewDeployment: true,
    deploymentConfiguration: { alarms },
  });
  await server.advance(minuteMs);
  await server.killFor(minuteMs);
  await server.advance(15 * minuteMs);
  expect(await newest(server.ecs)).toMatchObject({
    status: 'SUCCESSFUL',
    alarms: { status: 'DISABLED' },
  });
});

test('a blue/green deployment bakes on after a restart, with both revisions', async () => {
  await using server = await startSecond({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10, alarms });
  await server.advance(2 * minuteMs);
  expect((await newest(server.ecs)).lifecycleStage).toBe('BAKE_TIME');
  await server.killFor(2 * minuteMs);
  expect(await describeService(server.ecs)).toMatchObject({ runningCount: 4 });
  expect((await newest(server.ecs)).lifecycleStage).toBe('BAKE_TIME');
  server.alarms.inAlarm.add('errors');
  await server.advance(2 * minuteMs);
  expect(await newest(server.ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    targetServiceRevision: { requestedProductionTrafficWeight: 0 },
  });
  expect(await describeService(server.ecs)).toMatchObject({
    runningCount: 2,
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  });
  expect(server.errors).toEqual([]);
});

test('new tasks that ended while no server was there spare no former one when one is', async () => {
  await using server = new MortalServer();
  await server.start();
  const { ecs } = server;
  await ecs.createCluster();
  await register(ecs);
  await ecs.createService(aServiceRequest());
  await server.advance(minuteMs);
  const former = await serviceTasks(ecs);
  await register(ecs, 'simulated/sleep:1s');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await server.advance(500);
  expect((await describeService(ecs)).deployments?.[0]?.runningCount).toBeGreaterThan(0);

  // Long enough for a task that goes on to count as healthy.
  await server.killFor(minuteMs);
  await server.advance(1_000);
  const { tasks } = await server.ecs.describeTasks({ tasks: former });
  expect(tasks).toMatchObject([{ desiredStatus: 'RUNNING' }, { desiredStatus: 'RUNNING' }]);
  expect(server.errors).toEqual([]);
});

test('a former task that ended while no server was there tells its own end, not that of its service', async () => {
  await using server = new MortalServer();
  await server.start();
  const { ecs } = server;
  await ecs.createCluster();
  await register(ecs, 'simulated/sleep:40s');
  await ecs.createService(aServiceRequest());
  await server.advance(minuteMs / 2);
  const former = await serviceTasks(ecs);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await server.advance(2_000);
  // The new tasks are healthy by then, so that the former ones are not wanted any more either.
  await server.killFor(minuteMs);
  await server.advance(1_000);
  const { tasks } = await server.ecs.describeTasks({ tasks: former });
  const ended = { stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] };
  expect(tasks).toMatchObject([ended, ended]);
});
