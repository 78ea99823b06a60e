import type {
  CreateServiceRequest,
  CreateTaskSetRequest,
  ECS,
  TaskSet,
  UpdateServiceRequest,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const invalid = (message: string): string => `InvalidParameterException: ${message}`;

/** A request for a service `shop` whose deployments are made out of task sets. */
const external = (desiredCount = 10) => ({
  serviceName: 'shop',
  desiredCount,
  deploymentController: { type: 'EXTERNAL' as const },
});

const aTaskSet = (given: Partial<CreateTaskSetRequest> = {}): CreateTaskSetRequest => ({
  cluster: 'default',
  service: 'shop',
  taskDefinition: 'web',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
  scale: { value: 100, unit: 'PERCENT' },
  ...given,
});

const names = { cluster: 'default', service: 'shop' };

async function taskSets(ecs: ECS): Promise<readonly TaskSet[]> {
  const { taskSets: described = [] } = await ecs.describeTaskSets(names);
  return described;
}

test('an external service runs what its task sets ask for', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const created = await ecs.createService(external());
  expect(created.service).toMatchObject({
    deploymentController: { type: 'EXTERNAL' },
    deployments: [],
    taskSets: [],
    desiredCount: 10,
  });
  expect(created.service).not.toHaveProperty('taskDefinition');
  expect(created.service).not.toHaveProperty('launchType');
  const { taskSet } = await ecs.createTaskSet(
    aTaskSet({ scale: { value: 33.3, unit: 'PERCENT' }, externalId: 'blue' }),
  );
  expect(taskSet).toMatchObject({
    status: 'ACTIVE',
    computedDesiredCount: 4,
    runningCount: 0,
    externalId: 'blue',
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    scale: { value: 33.3, unit: 'PERCENT' },
    stabilityStatus: 'STABILIZING',
    loadBalancers: [],
    serviceRegistries: [],
  });
  expect(taskSet?.taskSetArn).toMatch(/:task-set\/default\/shop\/ecs-svc\/\d{19}$/);
  await advance(10_000);
  expect(await taskSets(ecs)).toMatchObject([
    { runningCount: 4, pendingCount: 0, stabilityStatus: 'STEADY_STATE' },
  ]);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 4, pendingCount: 0 });
  const { tasks = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs) });
  expect(new Set(tasks.map(({ startedBy, group }) => `${group} ${startedBy}`))).toEqual(
    new Set([`service:shop ${taskSet?.id}`]),
  );
  expect(eventTexts(await describeService(ecs)).slice(-2)).toEqual([
    '(service shop, taskSet ecs-svc/N) has reached a steady state.',
    '(service shop) has reached a steady state.',
  ]);
});

test('five task sets run side by side at full scale, and a sixth is refused', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(external(1));
  for (let made = 0; made < 5; made += 1) await ecs.createTaskSet(aTaskSet());
  expect(await refusalOf(ecs.createTaskSet(aTaskSet()))).toBe(
    invalid(
      '5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.',
    ),
  );
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 5 });
});

test('the PRIMARY task set shows through in its service, and is not deleted without force', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(external(2));
  const blue = (await ecs.createTaskSet(aTaskSet())).taskSet?.id;
  await register(ecs);
  const green = (await ecs.createTaskSet(aTaskSet())).taskSet;
  await ecs.updateServicePrimaryTaskSet({ ...names, primaryTaskSet: blue });
  expect((await describeService(ecs)).taskDefinition).toMatch(/web:1$/);
  const changed = await ecs.updateServicePrimaryTaskSet({
    ...names,
    primaryTaskSet: green?.taskSetArn,
  });
  expect(changed.taskSet).toMatchObject({ id: green?.id, status: 'PRIMARY' });
  expect(await describeService(ecs)).toMatchObject({
    taskDefinition: expect.stringMatching(/web:2$/),
    launchType: 'FARGATE',
    taskSets: [{ status: 'ACTIVE' }, { status: 'PRIMARY' }],
  });
  const remove = (taskSet = '', force = false) => ecs.deleteTaskSet({ ...names, taskSet, force });
  expect(await refusalOf(remove(green?.id))).toBe(invalid('Primary TaskSet cannot be deleted'));
  expect(await refusalOf(remove(blue))).toBe(
    invalid('The task set cannot be deleted while it is scaled above 0.'),
  );
  await advance(10_000);
  expect((await remove(blue, true)).taskSet).toMatchObject({
    status: 'DRAINING',
    computedDesiredCount: 0,
  });
  await advance(10_000);
  expect(await taskSets(ecs)).toMatchObject([{ id: green?.id, runningCount: 2 }]);
  expect(await serviceTasks(ecs)).toHaveLength(2);
});

test('UpdateTaskSet and a new desired count change how many tasks a task set has', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(external(4));
  const { taskSet } = await ecs.createTaskSet(aTaskSet({ scale: undefined }));
  expect(taskSet).toMatchObject({ scale: { value: 0 }, computedDesiredCount: 0 });
  await advance(1_000);
  const scale = { value: 50, unit: 'PERCENT' as const };
  const updated = await ecs.updateTaskSet({ ...names, taskSet: taskSet?.id, scale });
  expect(updated.taskSet).toMatchObject({
    computedDesiredCount: 2,
    stabilityStatus: 'STABILIZING',
  });
  await advance(10_000);
  expect(await taskSets(ecs)).toMatchObject([{ runningCount: 2, scale }]);
  await ecs.updateService({ service: 'shop', desiredCount: 8 });
  await advance(10_000);
  expect(await taskSets(ecs)).toMatchObject([{ runningCount: 4 }]);
  expect(eventTexts(await describeService(ecs))).toContain(
    '(service shop) updated computedDesiredCount for taskSet ecs-svc/N to 4.',
  );
  await ecs.updateService({ service: 'shop', desiredCount: 0 });
  await advance(10_000);
  expect(await taskSets(ecs)).toMatchObject([{ runningCount: 0, stabilityStatus: 'STEADY_STATE' }]);
});

test('a task of a task set that ends by itself is replaced', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(external(2));
  await ecs.createTaskSet(aTaskSet());
  await advance(10_000);
  const [task = ''] = await serviceTasks(ecs);
  await ecs.stopTask({ task });
  await advance(100);
  expect(await taskSets(ecs)).toMatchObject([{ stabilityStatus: 'STABILIZING' }]);
  await advance(10_000);
  const left = await serviceTasks(ecs);
  expect(left).toHaveLength(2);
  expect(left).not.toContain(task);
});

test('a repeated CreateTaskSet is the same task set, a different one with its token a clash', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(external(1));
  const clientToken = 'token';
  const first = await ecs.createTaskSet(aTaskSet({ clientToken }));
  const again = await ecs.createTaskSet(aTaskSet({ clientToken }));
  expect(again.taskSet?.id).toBe(first.taskSet?.id);
  expect(await taskSets(ecs)).toHaveLength(1);
  expect(await refusalOf(ecs.createTaskSet(aTaskSet({ clientToken, externalId: 'x' })))).toBe(
    invalid('Creation of task set was not idempotent.'),
  );
});

test('tags of a task set are shown where they are asked for, and can be changed', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(external(1));
  const tags = [{ key: 'colour', value: 'blue' }];
  const { taskSet } = await ecs.createTaskSet(aTaskSet({ tags }));
  expect(taskSet?.tags).toEqual(tags);
  const resourceArn = taskSet?.taskSetArn;
  const more = [{ key: 'team', value: 'shop' }];
  await ecs.tagResource({ resourceArn, tags: more });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual([...tags, ...more]);
  const [plain] = await taskSets(ecs);
  expect(plain).not.toHaveProperty('tags');
  const described = await ecs.describeTaskSets({ ...names, include: ['TAGS'] });
  expect(described.taskSets?.[0]?.tags).toEqual([...tags, ...more]);
});

test('DescribeTaskSets tells which task sets are not there', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(external(1));
  const { taskSet } = await ecs.createTaskSet(aTaskSet());
  const unknown = `ecs-svc/${'1'.repeat(19)}`;
  const answer = await ecs.describeTaskSets({ ...names, taskSets: [taskSet?.id ?? '', unknown] });
  expect(answer).toMatchObject({
    taskSets: [{ id: taskSet?.id }],
    failures: [
      { reason: 'MISSING', arn: expect.stringMatching(/:task-set\/default\/shop\/ecs-svc\/1+$/) },
    ],
  });
});

test('an external service is deleted with its task sets when that is forced', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(external(2));
  await ecs.createTaskSet(aTaskSet());
  await advance(10_000);
  expect(await refusalOf(ecs.deleteService({ service: 'shop' }))).toBe(
    invalid('The service cannot be stopped while it is scaled above 0.'),
  );
  await ecs.updateService({ service: 'shop', desiredCount: 0 });
  expect(await refusalOf(ecs.deleteService({ service: 'shop' }))).toBe(
    invalid('The service cannot be stopped while deployments are active.'),
  );
  const { service } = await ecs.deleteService({ service: 'shop', force: true });
  expect(service).toMatchObject({ status: 'DRAINING', taskSets: [{ status: 'DRAINING' }] });
  await advance(10_000);
  expect(await describeService(ecs)).toMatchObject({ status: 'INACTIVE', taskSets: [] });
  expect(await serviceTasks(ecs).catch(String)).toContain('Service not found.');
});

const refusedServices: readonly [Partial<CreateServiceRequest>, string][] = [
  [{ taskDefinition: 'web' }, 'TaskDefinition must be blank'],
  [
    { loadBalancers: [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 80 }] },
    'LoadBalancers must be empty or null',
  ],
  [{ launchType: 'FARGATE' }, 'LaunchType must be empty or null'],
  [
    { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } },
    'NetworkConfiguration must be empty or null',
  ],
  [{ serviceRegistries: [{ registryArn: 'arn' }] }, 'ServiceRegistries must be empty or null'],
  [{ volumeConfigurations: [{ name: 'data' }] }, 'VolumeConfigurations must be empty or null'],
  [{ role: 'ecs' }, 'IAM roles are only valid for services configured to use load balancers'],
  [{ placementStrategy: [{ type: 'binpack', field: 'x' }] }, "binpack field 'x' is invalid."],
  [
    { schedulingStrategy: 'DAEMON' },
    'The daemon scheduling strategy is not supported for services that use the EXTERNAL deployment controller.',
  ],
  [
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
    'The deployment circuit breaker is only supported for services using the ECS deployment controller.',
  ],
  [
    { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    'The deployment strategy is only supported for services using the ECS deployment controller.',
  ],
];

test.each(refusedServices)('CreateService for EXTERNAL refuses %j', async (given, refusal) => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  expect(await refusalOf(ecs.createService({ ...external(), ...given }))).toBe(invalid(refusal));
});

const refusedUpdates: readonly [Partial<UpdateServiceRequest>, string][] = [
  [{ taskDefinition: 'web' }, 'Unable to update task definition'],
  [{ platformVersion: '1.4.0' }, 'Unable to update platform version'],
  [{ volumeConfigurations: [] }, 'Unable to update volume configurations'],
  [{ forceNewDeployment: true }, 'Cannot force a new deployment'],
];

test.each(refusedUpdates)(
  'UpdateService of an external service refuses %j',
  async (given, what) => {
    await using manual = await startServiceServer();
    const { ecs } = manual;
    await ecs.createService(external());
    expect(await refusalOf(ecs.updateService({ service: 'shop', ...given }))).toBe(
      invalid(
        `${what} on services with an EXTERNAL deployment controller. Use the CreateTaskSet API to trigger a new deployment.`,
      ),
    );
  },
);

test('services with the controller ECS take no task sets', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(aServiceRequest());
  const refusal = invalid(
    'Amazon ECS only supports task set management on services configured to use external deployment controllers.',
  );
  const taskSet = `ecs-svc/${'1'.repeat(19)}`;
  const scale = { value: 1 };
  for (const refused of [
    ecs.createTaskSet(aTaskSet()),
    ecs.describeTaskSets(names),
    ecs.updateTaskSet({ ...names, taskSet, scale }),
    ecs.deleteTaskSet({ ...names, taskSet }),
    ecs.updateServicePrimaryTaskSet({ ...names, primaryTaskSet: taskSet }),
  ]) {
    expect(await refusalOf(refused)).toBe(refusal);
  }
  // What has been deleted is found before whose it is.
  await ecs.deleteService({ service: 'shop', force: true });
  expect(await refusalOf(ecs.createTaskSet(aTaskSet()))).toBe(
    'ServiceNotActiveException: Service was not ACTIVE.',
  );
});

test('operations on task sets refuse what cannot be', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(external());
  const unknown = `ecs-svc/${'1'.repeat(19)}`;
  const missing = 'TaskSetNotFoundException: The specified task set does not exist.';
  const scale = { value: 10 };
  const cases: readonly [Promise<unknown>, string][] = [
    [ecs.deleteTaskSet({ ...names, taskSet: unknown }), missing],
    [ecs.updateTaskSet({ ...names, taskSet: unknown, scale }), missing],
    [ecs.updateServicePrimaryTaskSet({ ...names, primaryTaskSet: unknown }), missing],
    [
      ecs.updateTaskSet({ ...names, taskSet: unknown, scale: undefined }),
      invalid('Scale can not be blank.'),
    ],
    [
      ecs.updateTaskSet({ ...names, taskSet: unknown, scale: { unit: 'PERCENT' } }),
      invalid('Scale value can not be blank.'),
    ],
    [ecs.createTaskSet(aTaskSet({ cluster: undefined })), invalid('Clusters can not be blank.')],
    [
      ecs.describeTaskSets({ service: 'shop', cluster: undefined }),
      invalid('Clusters can not be blank.'),
    ],
    [
      ecs.updateService({ service: 'shop', placementConstraints: [{ type: 'memberOf' }] }),
      invalid('memberOf expression must be specified.'),
    ],
    [
      ecs.createTaskSet(aTaskSet({ service: 'none' })),
      'ServiceNotFoundException: Service not found.',
    ],
    [
      ecs.createTaskSet(aTaskSet({ taskDefinition: 'none' })),
      'ClientException: TaskDefinition not found.',
    ],
    [
      ecs.createTaskSet(aTaskSet({ scale: { value: 101 } })),
      invalid('Scale value must be between 0 and 100'),
    ],
    [
      ecs.createTaskSet(aTaskSet({ launchType: 'EC2', platformVersion: '1.4.0' })),
      invalid('The platform version must be null when specifying an EC2 launch type.'),
    ],
    [
      ecs.createTaskSet(aTaskSet({ loadBalancers: [{ containerName: 'none' }] })),
      invalid('The container none does not exist in the task definition.'),
    ],
  ];
  for (const [refused, refusal] of cases) expect(await refusalOf(refused)).toBe(refusal);
  await ecs.deleteService({ service: 'shop', force: true });
  expect(await refusalOf(ecs.createTaskSet(aTaskSet()))).toBe(
    'ServiceNotActiveException: Service was not ACTIVE.',
  );
});
