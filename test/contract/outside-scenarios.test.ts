import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  startServiceServer,
} from './service-requests.ts';

// What of services can be shown without the other services of AWS that scale them and register their tasks: not their effects.

const minuteMs = 60_000;
const registryArn = 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef';

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

test('a service registry is refused and not forgotten, two in the words of ECS', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const one = { registryArn };
  const tooMany = 'InvalidParameterException: service registries can have at most 1 items.';
  const notThere =
    'UnsupportedFeatureException: This release of Longshore does not have service registries. ' +
    'docs/services.md lists what services can do.';
  const create = (...serviceRegistries: { registryArn: string }[]) =>
    refusalOf(ecs.createService(aServiceRequest({ serviceRegistries })));
  expect(await create(one, one)).toBe(tooMany);
  expect(await create(one)).toBe(notThere);

  const { service } = await ecs.createService(aServiceRequest({ serviceRegistries: [] }));
  expect(service?.serviceRegistries).toEqual([]);
  const update = (...serviceRegistries: { registryArn: string }[]) =>
    refusalOf(ecs.updateService({ service: 'shop', serviceRegistries }));
  expect(await update(one, one)).toBe(tooMany);
  expect(await update(one)).toBe(notThere);
  // To take away what is not there begins nothing.
  const updated = await ecs.updateService({ service: 'shop', serviceRegistries: [] });
  expect(updated.service).toMatchObject({ serviceRegistries: [], deployments: [{}] });
});
