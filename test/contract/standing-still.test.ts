import { expect, test } from 'vitest';
import {
  aServiceRequest,
  describeService,
  newest,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

test.each([1, 0])(
  'a service whose deployment was stopped goes down to %i task where nobody wants more',
  async (desiredCount) => {
    await using manual = await startServiceServer();
    const { ecs, advance } = manual;
    await ecs.createService(aServiceRequest({ desiredCount: 4 }));
    await advance(20_000);
    await register(ecs, 'simulated/missing');
    await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
    await advance(1_000);
    const { serviceDeploymentArn } = await newest(ecs);
    await ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ABORT' });
    await advance(10_000);
    expect(await serviceTasks(ecs)).toHaveLength(4);
    await ecs.updateService({ service: 'shop', desiredCount });
    await advance(10_000);
    expect(await describeService(ecs)).toMatchObject({ desiredCount, runningCount: desiredCount });
    expect(await serviceTasks(ecs)).toHaveLength(desiredCount);
    await ecs.updateService({ service: 'shop', taskDefinition: 'web:1', desiredCount: 2 });
    await advance(20_000);
    expect(await describeService(ecs)).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
  },
);

test('a service deployment with nothing to go back to shows the counts at its end', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(1_000);
  const { serviceDeploymentArn } = await newest(ecs);
  await ecs.stopServiceDeployment({ serviceDeploymentArn });
  await advance(1_000);
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_FAILED',
    targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 },
  });
});
