import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceDeployments,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;
const withBreaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

test('a new revision replaces the former one, never with fewer tasks than the floor', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 3 }));
  await advance(10_000);
  await register(ecs);
  const { service } = await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  expect(service?.deployments).toMatchObject([
    { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', desiredCount: 3 },
    { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 3 },
  ]);
  expect(service?.taskDefinition).toMatch(/web:2$/);
  for (let step = 0; step < 100; step += 1) {
    await advance(100);
    const { runningCount = 0, pendingCount = 0 } = await describeService(ecs);
    expect(runningCount).toBeGreaterThanOrEqual(3);
    expect(runningCount + pendingCount).toBeLessThanOrEqual(6);
  }
  const described = await describeService(ecs);
  expect(described).toMatchObject({
    runningCount: 3,
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
  expect(described.deployments).toHaveLength(1);
  expect(eventTexts(described).slice(3)).toEqual([
    '(service shop) has started 3 tasks: (task T) (task T) (task T).',
    '(service shop) has stopped 3 running tasks: (task T) (task T) (task T).',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
});

test('a service deployment leads from the revisions before to a new one', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 3 }));
  await advance(10_000);
  await register(ecs);
  const { service } = await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(20_000);
  const [newest, first] = await serviceDeployments(ecs);
  expect(newest).toMatchObject({
    status: 'SUCCESSFUL',
    targetServiceRevision: { requestedTaskCount: 3, runningTaskCount: 3 },
    deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0, threshold: 3 },
    deploymentConfiguration: { alarms: { alarmNames: [], rollback: false, enable: false } },
    alarms: { status: 'DISABLED' },
  });
  expect(service?.deploymentConfiguration).not.toHaveProperty('alarms');
  expect(newest?.sourceServiceRevisions).toMatchObject([
    { arn: first?.targetServiceRevision?.arn },
  ]);
  expect(first).toMatchObject({ status: 'SUCCESSFUL', sourceServiceRevisions: [] });
  const arn = newest?.targetServiceRevision?.arn ?? '';
  const { serviceRevisions } = await ecs.describeServiceRevisions({ serviceRevisionArns: [arn] });
  expect(serviceRevisions).toMatchObject([
    {
      taskDefinition: service?.taskDefinition,
      containerImages: [{ containerName: 'app', image: 'simulated/run' }],
      launchType: 'FARGATE',
    },
  ]);
  expect(`ecs-svc/${arn.slice(arn.lastIndexOf('/') + 1)}`).toBe(service?.deployments?.[0]?.id);
});

test('the same definition again begins no deployment, unless it is forced', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  const same = await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  expect(same.service?.deployments).toHaveLength(1);
  const forced = await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  expect(forced.service?.deployments).toHaveLength(2);
  await advance(20_000);
  expect((await describeService(ecs)).deployments).toHaveLength(1);
});

test('a deployment that another one overtakes is STOPPED', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(1_000);
  const { service } = await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  expect(service?.deployments).toHaveLength(3);
  await advance(20_000);
  expect((await describeService(ecs)).deployments).toHaveLength(1);
  expect(await serviceDeployments(ecs)).toMatchObject([
    { status: 'SUCCESSFUL' },
    {
      status: 'STOPPED',
      statusReason: 'Service deployment stopped because a new service deployment was started.',
    },
    { status: 'SUCCESSFUL' },
  ]);
});

test('a circuit breaker with roll-back brings the last good deployment back', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1, ...withBreaker(true) }));
  await advance(10_000);
  const good = (await describeService(ecs)).deployments?.[0]?.id;
  await register(ecs, 'simulated/missing');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(minuteMs);
  const described = await describeService(ecs);
  expect(described.deployments).toMatchObject([{ id: good, rolloutState: 'COMPLETED' }]);
  expect(described).toMatchObject({
    runningCount: 1,
    taskDefinition: expect.stringMatching(/web:1$/),
  });
  const texts = eventTexts(described);
  const failed = texts.indexOf(
    '(service shop) (deployment ecs-svc/N) deployment failed: tasks failed to start.',
  );
  expect(texts[failed + 1]).toBe('(service shop) rolling back to deployment ecs-svc/N.');
  const reason =
    'Service deployment rolled back because the circuit breaker threshold was exceeded.';
  expect(await serviceDeployments(ecs)).toMatchObject([
    {
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: reason,
      rollback: { reason },
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
    },
    { status: 'SUCCESSFUL', deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE' } },
  ]);
});

test('a first deployment that fails has nothing to go back to, and starts nothing more', async () => {
  await using manual = await startServiceServer('simulated/missing');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1, ...withBreaker(true) }));
  await advance(minuteMs);
  const described = await describeService(ecs);
  expect(described.deployments).toMatchObject([
    {
      status: 'PRIMARY',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      failedTasks: 3,
    },
  ]);
  expect(await serviceDeployments(ecs)).toMatchObject([
    {
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    },
  ]);
  await advance(60 * minuteMs);
  expect((await describeService(ecs)).events).toEqual(described.events);
});

test('a circuit breaker without roll-back leaves the former tasks as they are', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest(withBreaker(false)));
  await advance(10_000);
  await register(ecs, 'simulated/crash');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    deployments: [{ rolloutState: 'FAILED' }, { status: 'ACTIVE', runningCount: 2 }],
  });
  expect(await serviceDeployments(ecs)).toMatchObject([
    { status: 'STOPPED' },
    { status: 'SUCCESSFUL' },
  ]);
});

test('StopServiceDeployment rolls back, and refuses one that has ended', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  const [first] = await serviceDeployments(ecs);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(1_000);
  const [ongoing] = await serviceDeployments(ecs);
  const { serviceDeploymentArn } = ongoing ?? {};
  expect(await describeService(ecs)).toMatchObject({
    currentServiceDeployment: serviceDeploymentArn,
  });
  await ecs.stopServiceDeployment({ serviceDeploymentArn });
  await advance(20_000);
  expect(await serviceDeployments(ecs)).toMatchObject([
    {
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: 'Service deployment rolled back because a user requested the rollback.',
    },
    { status: 'SUCCESSFUL' },
  ]);
  expect((await describeService(ecs)).taskDefinition).toMatch(/web:1$/);
  expect(
    await refusalOf(
      ecs.stopServiceDeployment({ serviceDeploymentArn: first?.serviceDeploymentArn }),
    ),
  ).toMatch(/^ConflictException: Service deployment .* is already in a terminal state\.$/);
  expect(
    await refusalOf(
      ecs.stopServiceDeployment({ serviceDeploymentArn: `${serviceDeploymentArn}x` }),
    ),
  ).toBe('ServiceDeploymentNotFoundException: The service deployment does not exist.');
});

test('protected tasks are not scaled in until their protection ends', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 5 }));
  await advance(10_000);
  const tasks = (await serviceTasks(ecs)).slice(0, 3);
  const cluster = 'default';
  const answer = await ecs.updateTaskProtection({
    cluster,
    tasks,
    protectionEnabled: true,
    expiresInMinutes: 10,
  });
  expect(answer.protectedTasks).toHaveLength(3);
  await ecs.updateService({ service: 'shop', desiredCount: 2 });
  await advance(minuteMs);
  const described = await describeService(ecs);
  expect(described).toMatchObject({ desiredCount: 2, runningCount: 3 });
  expect((await serviceTasks(ecs)).toSorted()).toEqual(tasks.toSorted());
  expect(eventTexts(described).at(-1)).toBe(
    '(service shop) was unable to reach steady state because (taskSet ecs-svc/N) was unable to scale in ' +
      'due to (reason 3 tasks under protection)',
  );
  expect((await ecs.getTaskProtection({ cluster })).protectedTasks).toHaveLength(3);
  await advance(10 * minuteMs);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 2 });
  expect((await ecs.getTaskProtection({ cluster })).protectedTasks).toEqual([]);
});

test('a task without a service takes no protection', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const { tasks } = await ecs.runTask(aRun());
  const arn = tasks?.[0]?.taskArn ?? '';
  const request = { cluster: 'default', tasks: [arn], protectionEnabled: true };
  expect(await ecs.updateTaskProtection(request)).toMatchObject({
    protectedTasks: [],
    failures: [{ arn, reason: 'TASK_NOT_VALID' }],
  });
  expect(await refusalOf(ecs.updateTaskProtection({ ...request, expiresInMinutes: 0 }))).toBe(
    'InvalidParameterException: expiresInMinutes must be between 1 and 2880',
  );
});

test('a sick task is replaced before it is stopped', async () => {
  await using manual = await startServiceServer('simulated/unhealthy');
  const { ecs, advance } = manual;
  const healthCheck = { command: ['CMD', 'false'] };
  const app = { name: 'app', image: 'simulated/unhealthy', healthCheck };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  await ecs.createService(
    aServiceRequest({ desiredCount: 1, healthCheckGracePeriodSeconds: 60, ...withBreaker(false) }),
  );
  await advance(59_000);
  expect(eventTexts(await describeService(ecs))).toHaveLength(1);
  const sick = { lastStatus: 'RUNNING', healthStatus: 'UNHEALTHY' };
  expect((await ecs.describeTasks({ tasks: await serviceTasks(ecs) })).tasks).toMatchObject([sick]);
  await advance(10 * minuteMs);
  const texts = eventTexts(await describeService(ecs));
  expect(texts[1]).toBe(
    '(service shop) has started 1 tasks: (task T). Amazon ECS replaced 1 tasks due to an unhealthy status.',
  );
  expect(texts).toContain('(service shop) (task T) failed container health checks.');
  const { taskArns } = await ecs.listTasks({ serviceName: 'shop', desiredStatus: 'STOPPED' });
  const { tasks = [] } = await ecs.describeTasks({ tasks: taskArns });
  const reasons = tasks.map(({ stopCode, stoppedReason }) => `${stopCode}: ${stoppedReason}`);
  expect(new Set(reasons)).toEqual(
    new Set(['ServiceSchedulerInitiated: Task failed container health checks']),
  );
  expect(await describeService(ecs)).toMatchObject({ deployments: [{ rolloutState: 'FAILED' }] });
});

test('a task that ends before its health checks have passed counts as a failure, one that ends later does not', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const registerChecked = (healthyAfter: string) => {
    const dockerLabels = { 'longshore.simulated.health': `HEALTHY after ${healthyAfter}` };
    const healthCheck = { command: ['CMD', 'true'] };
    const app = { name: 'app', image: 'simulated/sleep:20s', healthCheck, dockerLabels };
    return ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  };
  await registerChecked('10s');
  await ecs.createService(aServiceRequest({ desiredCount: 1, ...withBreaker(false) }));
  await advance(5 * minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([{ failedTasks: 0 }]);
  await registerChecked('30s');
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(2 * minuteMs);
  expect((await describeService(ecs)).deployments?.[0]).toMatchObject({
    rolloutState: 'FAILED',
    failedTasks: 3,
  });
});

test('a revision shows which images its first task pulled', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const imageDigest = `sha256:${'a'.repeat(64)}`;
  const dockerLabels = { 'longshore.simulated.image-digest': imageDigest };
  const sidecar = { name: 'log', image: 'simulated/run', versionConsistency: 'disabled' as const };
  const app = { name: 'app', image: 'simulated/run', dockerLabels };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app, sidecar] }));
  await ecs.createService(aServiceRequest({ desiredCount: 3 }));
  await advance(20_000);
  expect(eventTexts(await describeService(ecs)).slice(0, 2)).toEqual([
    '(service shop) has started 1 tasks: (task T).',
    '(service shop) has started 2 tasks: (task T) (task T).',
  ]);
  const [deployment] = await serviceDeployments(ecs);
  const arn = deployment?.targetServiceRevision?.arn ?? '';
  const { serviceRevisions } = await ecs.describeServiceRevisions({ serviceRevisionArns: [arn] });
  expect(serviceRevisions?.[0]?.containerImages).toEqual([
    { containerName: 'app', image: 'simulated/run', imageDigest },
    { containerName: 'log', image: 'simulated/run' },
  ]);
});

test('a deployment that wants no tasks resolves no images, also not when it is given some later', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const imageDigest = `sha256:${'a'.repeat(64)}`;
  const dockerLabels = { 'longshore.simulated.image-digest': imageDigest };
  const app = { name: 'app', image: 'simulated/run', dockerLabels };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  await advance(1_000);
  await ecs.updateService({ service: 'shop', desiredCount: 3 });
  await advance(20_000);
  expect(eventTexts(await describeService(ecs))).toContain(
    '(service shop) has started 3 tasks: (task T) (task T) (task T).',
  );
  const imagesOf = async () => {
    const arn = (await describeService(ecs)).currentServiceRevisions?.[0]?.arn ?? '';
    const { serviceRevisions } = await ecs.describeServiceRevisions({ serviceRevisionArns: [arn] });
    return serviceRevisions?.[0]?.containerImages;
  };
  const unresolved = { containerName: 'app', image: 'simulated/run' };
  expect(await imagesOf()).toEqual([unresolved]);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(20_000);
  expect(await imagesOf()).toEqual([{ ...unresolved, imageDigest }]);
});

test('a deployment whose images nobody can resolve fails after three tasks, however many it wants', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const missing = { name: 'app', image: 'simulated/missing' };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [missing] }));
  await ecs.createService(aServiceRequest({ desiredCount: 20, ...withBreaker(true) }));
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    deployments: [{ rolloutState: 'FAILED', failedTasks: 3 }],
  });
});
