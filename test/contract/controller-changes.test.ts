import type { CreateTaskSetRequest, DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  newest,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;
const leaving = { service: 'shop', deploymentController: { type: 'EXTERNAL' } } as const;

test.for(['BLUE_GREEN', 'LINEAR', 'CANARY'] as const)(
  'a rolling deployment in progress keeps its service from becoming %s',
  async (strategy) => {
    await using manual = await startServiceServer();
    const { ecs, advance } = manual;
    await ecs.createService(aServiceRequest());
    const change = () =>
      ecs.updateService({ service: 'shop', deploymentConfiguration: { strategy } });
    expect(await refusalOf(change())).toBe(
      `InvalidParameterException: The deployment strategy cannot be changed from ROLLING to ${strategy} ` +
        'while a service deployment is in progress. Wait for it to complete and try again.',
    );
    await advance(minuteMs);
    await change();
    expect((await describeService(ecs)).deploymentConfiguration?.strategy).toBe(strategy);
  },
);

const keepers: readonly [DeploymentConfiguration, string][] = [
  [
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
    'of a service that uses the circuit breaker',
  ],
  [{ strategy: 'BLUE_GREEN' }, 'of a service with the deployment strategy BLUE_GREEN'],
];

test.for(keepers)('a service with %j keeps the controller ECS', async ([configuration, why]) => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ deploymentConfiguration: configuration }));
  const refusal = 'InvalidParameterException: Unable to change the deployment controller';
  expect(await refusalOf(ecs.updateService(leaving))).toBe(
    `${refusal} while a service deployment is in progress.`,
  );
  await advance(minuteMs);
  expect(await refusalOf(ecs.updateService(leaving))).toBe(`${refusal} ${why}.`);
});

test('a service leaves ECS with its tasks, which are a PRIMARY task set then and are kept', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  const before = await describeService(ecs);
  const tasks = await serviceTasks(ecs);
  const { service } = await ecs.updateService(leaving);
  // ECS goes on showing deployments, but for their rollout states where it has made none.
  expect(service).toMatchObject({
    deploymentController: { type: 'EXTERNAL' },
    availabilityZoneRebalancing: 'DISABLED',
    taskDefinition: before.taskDefinition,
    deployments: [{ id: before.deployments?.[0]?.id, status: 'PRIMARY', runningCount: 2 }],
  });
  expect(service?.taskSets).toBeUndefined();
  const [stopped = '', kept = ''] = tasks;
  await ecs.stopTask({ task: stopped });
  await advance(minuteMs);
  const { taskSets } = await ecs.describeTaskSets(names);
  expect(taskSets).toMatchObject([
    {
      id: before.deployments?.[0]?.id,
      status: 'PRIMARY',
      scale: { value: 100, unit: 'PERCENT' },
      runningCount: 2,
      stabilityStatus: 'STEADY_STATE',
    },
  ]);
  expect(await serviceTasks(ecs)).toContain(kept);
  expect(await serviceTasks(ecs)).not.toContain(stopped);
});

test('what a service ran under ECS makes way for a new task set, and goes when it is deleted', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  await ecs.updateService(leaving);
  const { taskSet } = await ecs.createTaskSet(aTaskSet());
  await ecs.updateServicePrimaryTaskSet({ ...names, primaryTaskSet: taskSet?.id });
  await advance(minuteMs);
  const both = await describeService(ecs);
  expect(both.deployments).toMatchObject([
    { status: 'ACTIVE', runningCount: 2, rolloutState: 'COMPLETED' },
    { id: taskSet?.id, status: 'PRIMARY', runningCount: 2 },
  ]);
  expect(both.deployments?.[1]).not.toHaveProperty('rolloutState');
  await ecs.deleteTaskSet({ ...names, taskSet: both.deployments?.[0]?.id, force: true });
  await advance(minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([{ id: taskSet?.id }]);
  await ecs.deleteService({ service: 'shop', force: true });
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
  expect(manual.server.errors).toEqual([]);
});

test('a request that leaves ECS is one for EXTERNAL in all else', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const enabled = { enable: true, rollback: false };
  await ecs.createService(
    aServiceRequest({ deploymentConfiguration: { deploymentCircuitBreaker: enabled } }),
  );
  await advance(minuteMs);
  expect(await refusalOf(ecs.updateService({ ...leaving, taskDefinition: 'web' }))).toBe(
    'InvalidParameterException: Unable to update task definition on services with an EXTERNAL deployment ' +
      'controller. Use the CreateTaskSet API to trigger a new deployment.',
  );
  const disabled = { deploymentCircuitBreaker: { enable: false, rollback: false } };
  await ecs.updateService({ ...leaving, desiredCount: 3, deploymentConfiguration: disabled });
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({ desiredCount: 3, runningCount: 3 });
});

test('a DAEMON service keeps the controller ECS', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.registerTaskDefinition({
    family: 'agent',
    containerDefinitions: [{ name: 'app', image: 'simulated/run', memory: 64 }],
  });
  const daemon = { serviceName: 'shop', taskDefinition: 'agent' };
  await ecs.createService({ ...daemon, schedulingStrategy: 'DAEMON' });
  await advance(minuteMs);
  expect(await refusalOf(ecs.updateService(leaving))).toBe(
    'InvalidParameterException: The daemon scheduling strategy is not supported for services that use ' +
      'the EXTERNAL deployment controller.',
  );
});

const entering = { service: 'shop', deploymentController: { type: 'ECS' } } as const;
const names = { cluster: 'default', service: 'shop' };

function aTaskSet(percent = 100): CreateTaskSetRequest {
  const { taskDefinition, launchType, networkConfiguration } = aServiceRequest();
  const scale = { value: percent, unit: 'PERCENT' as const };
  return { ...names, taskDefinition, launchType, networkConfiguration, scale };
}

/** An external service of four tasks, three of a PRIMARY task set and one of another. */
async function startExternal() {
  const manual = await startServiceServer();
  const { ecs, advance } = manual;
  const deploymentController = { type: 'EXTERNAL' as const };
  await ecs.createService({ serviceName: 'shop', desiredCount: 4, deploymentController });
  const { taskSet: primary } = await ecs.createTaskSet(aTaskSet(75));
  const { taskSet: other } = await ecs.createTaskSet(aTaskSet(25));
  await ecs.updateServicePrimaryTaskSet({ ...names, primaryTaskSet: primary?.id });
  await advance(minuteMs);
  return { ...manual, primary, other };
}

test('a service comes to ECS with its PRIMARY task set, which replaces the others', async () => {
  await using external = await startExternal();
  const { ecs, advance, primary, other } = external;
  const tasks = await serviceTasks(ecs);
  const { service } = await ecs.updateService(entering);
  expect(service?.taskSets).toBeUndefined();
  expect(service).toMatchObject({
    deploymentController: { type: 'ECS' },
    deployments: [
      { id: primary?.id, status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 3 },
      { id: other?.id, status: 'ACTIVE', runningCount: 1 },
    ],
  });
  await advance(minuteMs);
  const settled = await describeService(ecs);
  expect(settled).toMatchObject({
    deployments: [{ id: primary?.id, runningCount: 4, rolloutState: 'COMPLETED' }],
  });
  expect((await serviceTasks(ecs)).filter((task) => tasks.includes(task))).toHaveLength(3);
  const arns = settled.currentServiceRevisions?.map(({ arn = '' }) => arn);
  const { serviceRevisions } = await ecs.describeServiceRevisions({ serviceRevisionArns: arns });
  expect(serviceRevisions).toMatchObject([{ taskDefinition: settled.taskDefinition }]);
  const refusal =
    'InvalidParameterException: Amazon ECS only supports task set management on services configured to use ' +
    'external deployment controllers.';
  expect(await refusalOf(ecs.describeTaskSets(names))).toBe(refusal);
  expect(await refusalOf(ecs.deleteTaskSet({ ...names, taskSet: other?.id }))).toBe(refusal);
});

test('a service that comes to ECS with another definition is deployed, and can go back to its task set', async () => {
  await using external = await startExternal();
  const { ecs, advance, primary } = external;
  await register(ecs, 'simulated/missing');
  await ecs.updateService({
    ...entering,
    taskDefinition: 'web',
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  expect((await describeService(ecs)).deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
    { id: primary?.id, status: 'ACTIVE' },
    { status: 'ACTIVE' },
  ]);
  await advance(minuteMs);
  expect(await newest(ecs)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 4,
    deployments: [{ id: primary?.id, status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  });
});

test('a service without a PRIMARY task set comes to ECS with a task definition', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService({ serviceName: 'shop', deploymentController: { type: 'EXTERNAL' } });
  await ecs.createTaskSet(aTaskSet());
  expect(await refusalOf(ecs.updateService(entering))).toBe(
    'InvalidParameterException: TaskDefinition can not be blank.',
  );
  const { taskDefinition, networkConfiguration } = aServiceRequest();
  const capacityProviderStrategy = [{ capacityProvider: 'FARGATE', weight: 1 }];
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['FARGATE'],
    defaultCapacityProviderStrategy: capacityProviderStrategy,
  });
  const launch = { taskDefinition, networkConfiguration, capacityProviderStrategy };
  await ecs.updateService({ ...entering, ...launch, desiredCount: 2 });
  await advance(minuteMs);
  expect(await newest(ecs)).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
});

test('a task set that is being deleted, and CODE_DEPLOY, keep the controller EXTERNAL', async () => {
  await using external = await startExternal();
  const { ecs, other } = external;
  const toCodeDeploy = { service: 'shop', deploymentController: { type: 'CODE_DEPLOY' } } as const;
  expect(await refusalOf(ecs.updateService(toCodeDeploy))).toBe(
    'InvalidParameterException: For the CODE_DEPLOY deployment controller, the service requires an Application ' +
      'Load Balancer or Network Load Balancer',
  );
  await ecs.deleteTaskSet({ ...names, taskSet: other?.id, force: true });
  expect(await refusalOf(ecs.updateService(entering))).toBe(
    'InvalidParameterException: Unable to change the deployment controller while a service deployment is ' +
      'in progress.',
  );
});

test('a service goes out of ECS and back, and its tasks do not notice', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  const tasks = (await serviceTasks(ecs)).toSorted();
  const before = await describeService(ecs);
  await ecs.updateService(leaving);
  await advance(minuteMs);
  await ecs.updateService({ ...entering, availabilityZoneRebalancing: 'ENABLED' });
  await advance(minuteMs);
  const after = await describeService(ecs);
  expect((await serviceTasks(ecs)).toSorted()).toEqual(tasks);
  expect(after).toMatchObject({
    ...before,
    events: expect.any(Array),
    deployments: [{ ...before.deployments?.[0], updatedAt: expect.any(Date) }],
  });
});
