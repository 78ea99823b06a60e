import type { CreateServiceRequest, ServiceRegistry } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { readEvents, taskMove } from './event-reader.ts';
import type { ManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import {
  createRegistry,
  defineListening,
  deleteRegistry,
  instancesOf,
  type GivenRegistry,
} from './registry-requests.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;
const invalid = (message: string): string => `InvalidParameterException: ${message}`;

/** A service of one task in a registry, which is running. */
async function startRegistered(
  manual: ManualServer,
  registry: GivenRegistry = {},
  given: Partial<CreateServiceRequest> = {},
): Promise<{ readonly registryArn: string; readonly taskArn: string }> {
  const registryArn = await createRegistry(manual, registry);
  const serviceRegistries = [{ registryArn }];
  await manual.ecs.createService(aServiceRequest({ desiredCount: 1, serviceRegistries, ...given }));
  await manual.advance(10_000);
  const [taskArn = ''] = await serviceTasks(manual.ecs);
  return { registryArn, taskArn };
}

async function movesOf(manual: ManualServer, taskArn: string): Promise<readonly string[]> {
  const told = await readEvents(manual.server.url);
  return told
    .filter(({ event }) => event.resources?.includes(taskArn) === true)
    .filter(({ event }) => event['detail-type'] === 'ECS Task State Change')
    .map(taskMove);
}

test('a task is registered with what ECS tells of it before it is RUNNING', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const { registryArn, taskArn } = await startRegistered(manual);
  const { tasks = [] } = await ecs.describeTasks({ tasks: [taskArn] });
  const [task] = tasks;
  const details = task?.attachments?.[0]?.details ?? [];
  const address = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  expect(await instancesOf(manual, registryArn)).toMatchObject([
    {
      instanceId: taskArn.split('/').at(-1),
      health: 'HEALTHY',
      attributes: {
        AWS_INIT_HEALTH_STATUS: 'HEALTHY',
        AWS_INSTANCE_IPV4: address,
        AVAILABILITY_ZONE: task?.availabilityZone,
        REGION: 'us-east-1',
        ECS_SERVICE_NAME: 'shop',
        ECS_CLUSTER_NAME: 'default',
        ECS_TASK_DEFINITION_FAMILY: 'web',
      },
    },
  ]);
  const [instance] = await instancesOf(manual, registryArn);
  expect(Object.keys(instance?.attributes ?? {})).toHaveLength(7);
  expect(await movesOf(manual, taskArn)).toEqual([
    'PROVISIONING/RUNNING 1',
    'PENDING/RUNNING 2',
    'ACTIVATING/RUNNING 3',
    'RUNNING/RUNNING 4',
  ]);
  const service = await describeService(ecs);
  expect(service).toMatchObject({
    serviceRegistries: [{ registryArn }],
    roleArn: expect.stringMatching(/AWSServiceRoleForECS$/),
  });
  expect(eventTexts(service)).toEqual([
    '(service shop) has started 1 tasks: (task T).',
    `(service shop) registered 1 instances in (service-registry ${registryArn})`,
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
});

test('a task is out of its registry before its containers are told to stop', async () => {
  await using manual = await startServiceServer('simulated/stubborn');
  const { ecs, advance, server } = manual;
  const { registryArn, taskArn } = await startRegistered(manual);
  // It is told by the same commits in which the records change.
  const seen: string[] = [];
  server.state.onCommitted(() => {
    const status = server.state.read.tasks.find(taskArn)?.lastStatus ?? '';
    const found = server.state.read.discoveryInstances.ofService(registryArn, undefined);
    const known = [...found].some(({ instanceId }) => taskArn.endsWith(instanceId));
    if (seen.at(-1) !== `${status} ${known}`) seen.push(`${status} ${known}`);
  });
  await ecs.stopTask({ task: taskArn });
  await advance(minuteMs);
  expect(seen).toEqual([
    'DEACTIVATING true',
    'STOPPING false',
    'DEPROVISIONING false',
    'STOPPED false',
  ]);
  const { tasks = [] } = await ecs.describeTasks({ tasks: [taskArn] });
  expect(tasks[0]?.containers?.[0]?.exitCode).toBe(137);
  // The service has put another one in its place.
  expect(await instancesOf(manual, registryArn)).toHaveLength(1);
  expect(eventTexts(await describeService(ecs))).toContain(
    `(service shop) deregistered 1 instances in (service-registry ${registryArn})`,
  );
});

test('a task that comes to its end by itself is found no more', async () => {
  await using manual = await startServiceServer('simulated/sleep:1m');
  const { registryArn, taskArn } = await startRegistered(manual);
  await manual.advance(2 * minuteMs);
  const instances = await instancesOf(manual, registryArn);
  expect(instances).toHaveLength(1);
  expect(instances[0]?.instanceId).not.toBe(taskArn.split('/').at(-1));
  expect(await movesOf(manual, taskArn)).toEqual([
    'PROVISIONING/RUNNING 1',
    'PENDING/RUNNING 2',
    'ACTIVATING/RUNNING 3',
    'RUNNING/RUNNING 4',
    'DEACTIVATING/STOPPED 5',
    'DEPROVISIONING/STOPPED 6',
    'STOPPED/STOPPED 7',
  ]);
});

test('an instance is as healthy as the health checks of its task, and its service tells when it is not', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance, server } = manual;
  await defineListening(ecs, {
    healthCheck: { command: ['CMD-SHELL', 'true'] },
    dockerLabels: {
      'longshore.simulated.health': 'HEALTHY after 30s, UNHEALTHY after 90s, HEALTHY after 150s',
    },
  });
  const healthCheckGracePeriodSeconds = 3600;
  const { registryArn, taskArn } = await startRegistered(
    manual,
    {},
    { healthCheckGracePeriodSeconds },
  );
  const health = async () => (await instancesOf(manual, registryArn))[0]?.health;
  const [instance] = await instancesOf(manual, registryArn);
  expect(instance?.attributes['AWS_INIT_HEALTH_STATUS']).toBe('UNHEALTHY');
  expect(await health()).toBe('UNHEALTHY');
  await advance(30_000);
  expect(await health()).toBe('HEALTHY');
  await advance(minuteMs);
  expect(await health()).toBe('UNHEALTHY');
  await advance(minuteMs);
  expect(await health()).toBe('HEALTHY');
  expect(eventTexts(await describeService(ecs))).toContain(
    `(service shop) (task T) is unhealthy in (service-registry ${registryArn})`,
  );
  const told = await readEvents(server.url);
  const unhealthy = told.filter(
    ({ event }) => event.detail?.['eventName'] === 'SERVICE_DISCOVERY_INSTANCE_UNHEALTHY',
  );
  expect(unhealthy.map(({ event }) => event.detail)).toMatchObject([
    { eventType: 'WARN', taskArns: [taskArn], serviceRegistryArns: [registryArn] },
  ]);
});

const container = { containerName: 'app', containerPort: 80 };

test('with an SRV record or without DNS an instance has the port that is asked for', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await defineListening(ecs);
  const cases: [GivenRegistry, Partial<ServiceRegistry>, string | undefined][] = [
    [{ records: ['SRV'] }, { port: 8080 }, '8080'],
    [{ records: ['SRV'] }, container, '80'],
    [{ records: [] }, { port: 443 }, '443'],
    [{ records: [] }, container, '80'],
    [{ records: [] }, {}, undefined],
  ];
  for (const [index, [given, registry, port]] of cases.entries()) {
    const registryArn = await createRegistry(manual, given);
    const serviceRegistries = [{ registryArn, ...registry }];
    const serviceName = `shop${index}`;
    const { service } = await ecs.createService(
      aServiceRequest({ serviceName, serviceRegistries, desiredCount: 1 }),
    );
    expect(service?.serviceRegistries).toEqual(serviceRegistries);
    await advance(10_000);
    const [instance] = await instancesOf(manual, registryArn);
    expect(instance?.attributes['AWS_INSTANCE_PORT']).toBe(port);
  }
});

test('UpdateService begins a deployment where the registry changes, which moves the tasks', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const first = await createRegistry(manual);
  const second = await createRegistry(manual);
  const counts = async () => [
    (await instancesOf(manual, first)).length,
    (await instancesOf(manual, second)).length,
  ];
  const { service } = await ecs.createService(aServiceRequest({ serviceRegistries: [] }));
  expect(service?.serviceRegistries).toEqual([]);
  await advance(10_000);
  const update = async (...arns: string[]) => {
    const serviceRegistries = arns.map((registryArn) => ({ registryArn }));
    const updated = await ecs.updateService({ service: 'shop', serviceRegistries });
    expect(updated.service?.serviceRegistries).toEqual(serviceRegistries);
    const { deployments = [] } = updated.service ?? {};
    await advance(30_000);
    return deployments.length;
  };
  expect(await update()).toBe(1);
  expect(await update(first)).toBe(2);
  expect(await counts()).toEqual([2, 0]);
  expect(await update(first)).toBe(1);
  expect(await update(second)).toBe(2);
  expect(await counts()).toEqual([0, 2]);
  const { deployments = [] } = await describeService(ecs);
  const digits = deployments[0]?.id?.split('/').at(-1);
  const { serviceArn = '' } = await describeService(ecs);
  const revision = `${serviceArn.replace(':service/', ':service-revision/')}/${digits}`;
  const described = await ecs.describeServiceRevisions({ serviceRevisionArns: [revision] });
  expect(described.serviceRevisions).toMatchObject([
    { serviceRegistries: [{ registryArn: second }] },
  ]);

  const kept = await ecs.updateService({ service: 'shop', desiredCount: 3 });
  expect(kept.service).toMatchObject({ serviceRegistries: [{}], deployments: [{}] });
  await advance(10_000);
  expect(await counts()).toEqual([0, 3]);
  const forced = await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  expect(forced.service?.serviceRegistries).toEqual([{ registryArn: second }]);
  expect(await refusalOf(ecs.updateService({ service: 'shop', desiredCount: 1001 }))).toBe(
    invalid('Task count can not be greater than 1000'),
  );
  await advance(30_000);
  expect(await counts()).toEqual([0, 3]);
  expect(await update()).toBe(2);
  expect(await counts()).toEqual([0, 0]);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 3, serviceRegistries: [] });
});

test('a deleted service leaves no instance, and the registry of its user', async () => {
  await using manual = await startServiceServer('simulated/stubborn');
  const { ecs, advance, server } = manual;
  const { registryArn } = await startRegistered(manual, {}, { desiredCount: 3 });
  expect(await instancesOf(manual, registryArn)).toHaveLength(3);
  await ecs.deleteService({ service: 'shop', force: true });
  await advance(0);
  expect(await instancesOf(manual, registryArn)).toEqual([]);
  await advance(minuteMs);
  expect((await describeService(ecs)).status).toBe('INACTIVE');
  expect(server.state.read.discoveryServices.findByArn(registryArn)).toBeDefined();
});

test('a service whose registry is gone goes on, and says so once', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const { registryArn } = await startRegistered(manual);
  await deleteRegistry(manual, registryArn);
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(minuteMs);
  for (const task of await serviceTasks(ecs)) {
    await ecs.stopTask({ task });
    await advance(minuteMs);
  }
  expect(await describeService(ecs)).toMatchObject({ runningCount: 3, pendingCount: 0 });
  const failures = eventTexts(await describeService(ecs)).filter((text) => text.includes('failed'));
  expect(failures).toEqual([
    `(service shop) failed to register instances in (service-registry ${registryArn}) with (error ` +
      'Service not found.)',
  ]);
  expect(manual.server.errors).toEqual([]);
});

test('a task set has a registry of its own, and its instances tell its external id', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const registryArn = await createRegistry(manual);
  await ecs.createService({
    serviceName: 'shop',
    desiredCount: 2,
    deploymentController: { type: 'EXTERNAL' },
  });
  const { taskDefinition, launchType, networkConfiguration } = aServiceRequest();
  const aSet = (registry: ServiceRegistry) => ({
    cluster: 'default',
    service: 'shop',
    taskDefinition,
    launchType,
    networkConfiguration,
    scale: { value: 100, unit: 'PERCENT' as const },
    externalId: 'blue',
    serviceRegistries: [registry],
  });
  expect(await refusalOf(ecs.createTaskSet(aSet({ registryArn, port: 80 })))).toMatch(
    /do not require a value for 'port'$/,
  );
  const { taskSet } = await ecs.createTaskSet(aSet({ registryArn }));
  expect(taskSet?.serviceRegistries).toEqual([{ registryArn }]);
  await advance(10_000);
  const described = await ecs.describeTaskSets({ cluster: 'default', service: 'shop' });
  expect(described.taskSets).toMatchObject([
    { serviceRegistries: [{ registryArn }], stabilityStatus: 'STEADY_STATE' },
  ]);
  expect(await instancesOf(manual, registryArn)).toMatchObject(
    Array(2).fill({ attributes: { ECS_TASK_SET_EXTERNAL_ID: 'blue' } }),
  );
  expect(await refusalOf(ecs.updateService({ service: 'shop', desiredCount: 1001 }))).toBe(
    invalid('Task count can not be greater than 1000'),
  );
  await ecs.deleteTaskSet({
    cluster: 'default',
    service: 'shop',
    taskSet: taskSet?.id,
    force: true,
  });
  await advance(10_000);
  expect(await instancesOf(manual, registryArn)).toEqual([]);
});
