import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { AgentDouble } from '../agent/agent-double.ts';
import { anInstanceService, spreadOf, startFleetServer } from './instance-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { describeService, eventTexts, serviceTasks } from './service-requests.ts';

async function drain(ecs: ECS, { instanceArn }: AgentDouble): Promise<void> {
  await ecs.updateContainerInstancesState({
    containerInstances: [instanceArn],
    status: 'DRAINING',
  });
}

test('a draining instance is emptied: replacements come first where there is room for them', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  const agents = [await join(), await join()];
  const [first] = agents;
  if (!first) return;
  await ecs.createService(anInstanceService({ desiredCount: 4 }));
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([2, 2]);
  await drain(ecs, first);
  await until(async () => {
    expect(await describeService(ecs)).toSatisfy(({ runningCount = 0 }) => runningCount >= 4);
    expect(await spreadOf(ecs, agents)).toEqual([0, 4]);
  });
  await steady();
  const described = await describeService(ecs);
  expect(described.deployments).toMatchObject([{ rolloutState: 'COMPLETED', failedTasks: 0 }]);
  const texts = eventTexts(described).slice(3);
  expect(texts[0]).toBe('(service shop) has started 2 tasks: (task T) (task T).');
  expect(texts[1]).toMatch(/^\(service shop\) has stopped [12] running tasks: /);
  expect(texts.at(-1)).toBe('(service shop) has reached a steady state.');
  const { taskArns: tasks = [] } = await ecs.listTasks({ desiredStatus: 'STOPPED' });
  const stopped = {
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: 'Task stopped because of container instance draining',
  };
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([stopped, stopped]);
});

test('where the ceiling leaves no room, as many tasks as the floor can spare stop first', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  const agents = [await join(), await join()];
  const [first] = agents;
  if (!first) return;
  await ecs.createService(
    anInstanceService({
      desiredCount: 4,
      deploymentConfiguration: { minimumHealthyPercent: 75, maximumPercent: 100 },
    }),
  );
  await steady();
  await drain(ecs, first);
  await until(async () => {
    expect((await describeService(ecs)).runningCount).toBeGreaterThanOrEqual(3);
    expect(await spreadOf(ecs, agents)).toEqual([0, 4]);
  });
});

test('a draining instance with tasks of a task set is emptied by the percentages of ECS, not of the service', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until } = fleet;
  const agents = [await join(), await join()];
  const [first] = agents;
  if (!first) return;
  await ecs.createService({
    serviceName: 'shop',
    desiredCount: 2,
    deploymentController: { type: 'EXTERNAL' },
    deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
  });
  const scale = { value: 100 };
  const names = { cluster: 'default', service: 'shop' };
  await ecs.createTaskSet({ ...names, taskDefinition: 'web', scale });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([1, 1]);
  await drain(ecs, first);
  await until(async () => {
    expect((await describeService(ecs)).runningCount).toBeGreaterThanOrEqual(2);
    expect(await spreadOf(ecs, agents)).toEqual([0, 2]);
  });
});

test('protected tasks and tasks of no service stay on a draining instance', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, advance, until } = fleet;
  const agent = await join();
  await ecs.createService(anInstanceService({ desiredCount: 1 }));
  await steady();
  const { tasks: own = [] } = await ecs.runTask({ taskDefinition: 'web' });
  const tasks = await serviceTasks(ecs);
  await ecs.updateTaskProtection({
    cluster: 'default',
    tasks,
    protectionEnabled: true,
    expiresInMinutes: 10,
  });
  const other = await join();
  await drain(ecs, agent);
  await until(async () => expect(await spreadOf(ecs, [agent, other])).toEqual([1, 1]));
  await advance(5 * 60_000);
  expect(await spreadOf(ecs, [agent, other])).toEqual([1, 1]);
  await advance(6 * 60_000);
  await until(async () => expect(await spreadOf(ecs, [agent, other])).toEqual([0, 1]));
  expect(
    (await ecs.describeTasks({ tasks: own.map(({ taskArn = '' }) => taskArn) })).tasks,
  ).toMatchObject([{ desiredStatus: 'RUNNING' }]);
});

test('tasks of an instance that is deregistered by force are replaced elsewhere', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady } = fleet;
  const agents = [await join(), await join()];
  const [first] = agents;
  await ecs.createService(anInstanceService({ desiredCount: 4 }));
  await steady();
  const containerInstance = first?.instanceArn;
  expect(await refusalOf(ecs.deregisterContainerInstance({ containerInstance }))).toBe(
    'InvalidParameterException: Found running tasks on the instance.',
  );
  await ecs.deregisterContainerInstance({ containerInstance, force: true });
  expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  await steady();
  expect(await spreadOf(ecs, agents)).toEqual([0, 4]);
  const { taskArns: tasks = [] } = await ecs.listTasks({ desiredStatus: 'STOPPED' });
  const lost = {
    stopCode: 'UserInitiated',
    stoppedReason: 'Container instance deregistration forced by user',
  };
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([lost, lost]);
});

test('an instance whose agent is away keeps its tasks, and loses them first to a lower count', async () => {
  await using fleet = await startFleetServer();
  const { ecs, join, steady, until, advance } = fleet;
  const agents = [await join(), await join()];
  const [first, second] = agents;
  await ecs.createService(anInstanceService({ desiredCount: 2 }));
  await steady();
  await second?.kill();
  await advance(60_000);
  expect(await spreadOf(ecs, agents)).toEqual([1, 1]);
  await ecs.updateService({ service: 'shop', desiredCount: 1 });
  await until(async () => expect(await spreadOf(ecs, agents)).toEqual([1, 0]));
  expect(first?.tasks.size).toBe(1);
});

test('a cluster is not deleted while services on its instances are there', async () => {
  await using fleet = await startFleetServer();
  const { ecs } = fleet;
  await ecs.createService(anInstanceService({ desiredCount: 0 }));
  const refusal =
    'ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.';
  expect(await refusalOf(ecs.deleteCluster({ cluster: 'default' }))).toBe(refusal);
  await ecs.deleteService({ service: 'shop' });
  await fleet.advance(1_000);
  await ecs.deleteCluster({ cluster: 'default' });
});
