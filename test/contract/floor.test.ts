import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { aDefinition } from './requests.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;

/** A service of four that is steady, and whose next revision never starts. */
async function startStuck(deploymentConfiguration: DeploymentConfiguration = {}, image?: string) {
  const manual = await startServiceServer(image);
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 4, deploymentConfiguration }));
  await advance(minuteMs);
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(2 * minuteMs);
  return manual;
}

test('tasks that are lost while a deployment cannot start are replaced by their own revision', async () => {
  await using stuck = await startStuck();
  const { ecs, advance } = stuck;
  const former = (await describeService(ecs)).deployments?.[1]?.id;
  const [first = '', second = ''] = await serviceTasks(ecs);
  await ecs.stopTask({ task: first });
  await ecs.stopTask({ task: second });
  await advance(1_000);
  const service = await describeService(ecs);
  expect(service.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 },
    { id: former, status: 'ACTIVE', desiredCount: 4, runningCount: 4 },
  ]);
  const started = '(service shop) has started 1 tasks: (task T).';
  expect(eventTexts(service).slice(-2)).toEqual([started, started]);

  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([
    { rolloutState: 'COMPLETED', runningCount: 4 },
  ]);
});

test('only as many are replaced as the floor needs', async () => {
  await using stuck = await startStuck({ minimumHealthyPercent: 50, maximumPercent: 100 });
  const { ecs, advance } = stuck;
  // Two made room for the new revision.
  expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  const [first = ''] = await serviceTasks(ecs);
  await ecs.stopTask({ task: first });
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    deployments: [{ runningCount: 0 }, { desiredCount: 2, runningCount: 2 }],
  });
});

test('a deployment that has failed without a roll-back leaves the former tasks to be kept', async () => {
  const deploymentCircuitBreaker = { enable: true, rollback: false };
  await using stuck = await startStuck({ deploymentCircuitBreaker });
  const { ecs, advance } = stuck;
  expect((await describeService(ecs)).deployments?.[0]?.rolloutState).toBe('FAILED');
  const [first = ''] = await serviceTasks(ecs);
  await ecs.stopTask({ task: first });
  await advance(1_000);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 4,
    deployments: [{ rolloutState: 'FAILED' }, { desiredCount: 4, runningCount: 4 }],
  });
});

test('a deployment that was stopped leaves the former tasks to be kept, also where floor and ceiling are one', async () => {
  await using stuck = await startStuck({ minimumHealthyPercent: 100, maximumPercent: 120 });
  const { ecs, advance } = stuck;
  const { serviceDeployments: [rollout] = [] } = await ecs.listServiceDeployments({
    service: 'shop',
  });
  await ecs.stopServiceDeployment({
    serviceDeploymentArn: rollout?.serviceDeploymentArn,
    stopType: 'ABORT',
  });
  await advance(1_000);
  const [first = ''] = await serviceTasks(ecs);
  await ecs.stopTask({ task: first });
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 4,
    deployments: [{ rolloutState: 'FAILED' }, { desiredCount: 4, runningCount: 4 }],
  });
});

test('a sick task of the former revision is replaced by that revision before it is stopped', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const dockerLabels = { 'longshore.simulated.health': 'HEALTHY, UNHEALTHY after 10m' };
  const healthCheck = { command: ['CMD', 'true'] };
  const app = { name: 'app', image: 'simulated/run', dockerLabels, healthCheck };
  const pinned = { ...app, versionConsistency: 'disabled' as const };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [pinned] }));
  await ecs.createService(aServiceRequest({ desiredCount: 2 }));
  await advance(minuteMs);
  const former = (await describeService(ecs)).deployments?.[0]?.id;
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  for (let step = 0; step < 120; step += 1) {
    await advance(10_000);
    const { runningCount = 0, pendingCount = 0 } = await describeService(ecs);
    expect(runningCount).toBeGreaterThanOrEqual(2);
    expect(runningCount + pendingCount).toBeLessThanOrEqual(4);
  }
  const service = await describeService(ecs);
  expect(service.deployments?.[1]).toMatchObject({ id: former, desiredCount: 2, runningCount: 2 });
  const texts = eventTexts(service);
  const started = texts.indexOf(
    '(service shop) has started 2 tasks: (task T) (task T). Amazon ECS replaced 2 tasks due to an ' +
      'unhealthy status.',
  );
  const failed = texts.indexOf('(service shop) (task T) failed container health checks.');
  expect(started).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(started);
});
