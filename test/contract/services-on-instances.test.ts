import { expect, test } from 'vitest';
import { describeService, eventTexts, serviceTasks } from './service-requests.ts';
import { anInstanceService, registerWeb, spreadOf, startFleetServer } from './instance-requests.ts';

const troubleshooting =
  'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';
const noPlace =
  '(service shop) was unable to place a task because no container instance met all of its requirements.';

test('a service on EC2 spreads its tasks over zones and then over instances', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [
    await join({ zone: 'us-east-1a' }),
    await join({ zone: 'us-east-1a' }),
    await join({ zone: 'us-east-1b' }),
  ];
  const { service } = await ecs.createService(anInstanceService({ desiredCount: 4 }));
  expect(service).toMatchObject({
    launchType: 'EC2',
    placementConstraints: [],
    placementStrategy: [],
    availabilityZoneRebalancing: 'ENABLED',
  });
  for (const name of ['platformVersion', 'platformFamily', 'roleArn', 'networkConfiguration']) {
    expect(service).not.toHaveProperty(name);
  }
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([1, 1, 2]);
  expect(eventTexts(await describeService(ecs))).toEqual([
    '(service shop) has started 4 tasks: (task T) (task T) (task T) (task T).',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
  const { tasks } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  expect(tasks).toMatchObject(
    Array(4).fill({ launchType: 'EC2', group: 'service:shop', lastStatus: 'RUNNING' }),
  );

  await ecs.updateService({ service: 'shop', desiredCount: 2 });
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy(
    ([first = 0, second = 0, third = 0]) => first + second === 1 && third === 1,
  );
});

test('a service on EXTERNAL instances goes to no other', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join(), await join({ isExternal: true })];
  const { service } = await ecs.createService(anInstanceService({ launchType: 'EXTERNAL' }));
  expect(service).toMatchObject({
    launchType: 'EXTERNAL',
    availabilityZoneRebalancing: 'DISABLED',
  });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([0, 2]);
});

test('what finds no place is said once, with the instance that comes closest, and placed when there is room', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  await ecs.createService(anInstanceService({ desiredCount: 6 }));
  await advance(60_000);
  expect(eventTexts(await describeService(ecs))).toEqual([
    `${noPlace} Reason: No Container Instances were found in your cluster. ${troubleshooting}`,
  ]);
  const first = await join();
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ runningCount: 4, pendingCount: 0 });
  });
  await advance(120_000);
  const id = first.instanceArn.split('/').at(-1);
  const { events = [] } = await describeService(ecs);
  // Before its agent was connected, that instance was the closest too.
  const texts = events.flatMap(({ message = '' }) => (message.includes('AGENT') ? [] : [message]));
  expect(texts.slice(0, -1).toReversed()).toEqual([
    expect.stringMatching(/has started 4 tasks/),
    `${noPlace} The closest matching (container-instance ${id}) has insufficient memory available. ${troubleshooting}`,
  ]);
  const second = await join();
  await steady();
  expect(await spreadOf(ecs, [first, second])).toEqual([4, 2]);
});

test('constraints and strategy of a service are checked, shown, changed without a deployment, and kept to', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance } = fleet;
  const agents = [
    await join({ attributes: { rack: 'r1' } }),
    await join({ attributes: { rack: 'r1' } }),
    await join({ attributes: { rack: 'r2' } }),
  ];
  const placementConstraints = [
    { type: 'memberOf' as const, expression: 'attribute:rack == r1' },
    { type: 'distinctInstance' as const },
  ];
  const placementStrategy = [{ type: 'binpack' as const, field: 'memory' }];
  const { service } = await ecs.createService(
    anInstanceService({ desiredCount: 3, placementConstraints, placementStrategy }),
  );
  expect(service).toMatchObject({
    placementConstraints,
    placementStrategy,
    availabilityZoneRebalancing: 'DISABLED',
  });
  await fleet.until(async () => {
    expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  });
  expect(await spreadOf(ecs, agents)).toEqual([1, 1, 0]);
  const updated = await ecs.updateService({
    service: 'shop',
    desiredCount: 4,
    placementConstraints: [],
  });
  expect(updated.service).toMatchObject({ placementConstraints: [], placementStrategy });
  expect(updated.service?.deployments).toHaveLength(1);
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy((counts) => Math.max(...counts) === 3);
  // Less than that many tasks are packed tighter still: the instance with the most room is emptied first.
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(10_000);
  await steady();
  expect(await spreadOf(ecs, agents)).toSatisfy((counts) => Math.max(...counts) === 3);
});

test('an update whose new task cannot share the port of the old one waits, and goes on with room', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  await registerWeb(ecs, { hostPort: 80 });
  const agent = await join();
  await ecs.createService(anInstanceService({ desiredCount: 1 }));
  await steady();
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  const id = agent.instanceArn.split('/').at(-1);
  await fleet.until(async () => {
    const [newest] = (await describeService(ecs)).events ?? [];
    expect(newest?.message).toBe(
      `${noPlace} The closest matching (container-instance ${id}) is already using a port required by your task. ${troubleshooting}`,
    );
  });
  expect(await describeService(ecs)).toMatchObject({ runningCount: 1 });
  const deploymentConfiguration = { minimumHealthyPercent: 0, maximumPercent: 100 };
  await ecs.updateService({
    service: 'shop',
    deploymentConfiguration,
    availabilityZoneRebalancing: 'DISABLED',
  });
  await steady();
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
});

test('a deployment without places trips the circuit breaker, though not within seconds', async () => {
  await using fleet = await startFleetServer();
  const { ecs, advance } = fleet;
  const deploymentCircuitBreaker = { enable: true, rollback: false };
  await ecs.createService(
    anInstanceService({ deploymentConfiguration: { deploymentCircuitBreaker } }),
  );
  await advance(14_000);
  expect((await describeService(ecs)).deployments).toMatchObject([
    { rolloutState: 'IN_PROGRESS', failedTasks: 1 },
  ]);
  await advance(120_000);
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'FAILED' }]);
});
