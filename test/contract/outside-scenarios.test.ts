import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  startServiceServer,
} from './service-requests.ts';

// What of services can be shown without the other service of AWS that scales them: not its effects.

const minuteMs = 60_000;

/**
 * What a policy of target tracking does with a service: it reads two fields, and writes one. It never scales in
 * while a deployment goes on (Developer Guide, "Service auto scaling and deployments").
 */
async function trackTarget(ecs: ECS, wanted: number): Promise<void> {
  const { deployments = [], desiredCount = 0 } = await describeService(ecs);
  const isDeploying = deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  if (wanted < desiredCount && isDeploying) return;
  await ecs.updateService({ service: 'shop', desiredCount: wanted });
}

test('target tracking scales out during a deployment, which goes on with the new count, and in after it', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(500);
  const counted = async () =>
    (await ecs.listServiceDeployments({ service: 'shop' })).serviceDeployments;
  const before = await counted();

  await trackTarget(ecs, 1);
  expect((await describeService(ecs)).desiredCount).toBe(2);
  await trackTarget(ecs, 5);
  await advance(1);
  const scaled = await describeService(ecs);
  expect(scaled.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 5 },
    { status: 'ACTIVE', runningCount: 2 },
  ]);
  await advance(20_000);
  expect(await describeService(ecs)).toMatchObject({
    taskDefinition: expect.stringMatching(/web:2$/),
    runningCount: 5,
    deployments: [{ rolloutState: 'COMPLETED', desiredCount: 5, runningCount: 5 }],
  });

  await trackTarget(ecs, 1);
  await advance(20_000);
  const ended = await describeService(ecs);
  expect(ended).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
  // A count is no deployment, and what scales is no event of the service.
  expect((await counted())?.map(({ serviceDeploymentArn: arn }) => arn)).toEqual(
    before?.map(({ serviceDeploymentArn: arn }) => arn),
  );
  expect(eventTexts(ended).join()).not.toContain('desired count');
});

test('a policy that tracks a target leaves what is protected to run on', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 3 }));
  await advance(10_000);
  const { taskArns: tasks = [] } = await ecs.listTasks({ serviceName: 'shop' });
  await ecs.updateTaskProtection({ cluster: 'default', tasks, protectionEnabled: true });
  await trackTarget(ecs, 1);
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({ desiredCount: 1, runningCount: 3 });
});
