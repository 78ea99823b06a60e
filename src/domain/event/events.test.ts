import { expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { aContainerInstance, instanceArn } from '../../../test/fixtures/container-instances.ts';
import { aServiceWorld } from '../../../test/fixtures/service-world.ts';
import type { ContainerInstanceArn } from '../arn.ts';
import { withoutPlace } from '../service/placement-trouble.ts';
import { newEvents, withEvents } from '../service/service-events.ts';
import { statusReasons } from '../service/service-deployment.ts';
import { messages, type Telling } from '../service/service-messages.ts';
import type { Deployment, Service } from '../service/service.ts';
import { containerInstanceEvent } from './container-instance-event.ts';
import { deploymentEvents } from './deployment-event.ts';
import { ecsEvent } from './ecs-event.ts';
import { serviceActions } from './service-action.ts';
import { taskEvent } from './task-event.ts';

const { service } = aServiceWorld({
  desiredCount: 1,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
});
/** 2026-09-16T09:00:00.042Z */
const at = 1_789_549_200_042;

test('what ECS runs in a container has a status in events', () => {
  const managedAgents = [
    { name: 'ExecuteCommandAgent', lastStatus: 'RUNNING', lastStartedAt: 1000 },
  ] as const;
  const task = aTask({ containers: [aTaskContainer({ managedAgents })] });
  expect(taskEvent(task, 0).detail).toMatchObject({
    containers: [
      {
        managedAgents: [
          {
            name: 'ExecuteCommandAgent',
            status: 'RUNNING',
            lastStartedAt: '1970-01-01T00:00:01.000Z',
          },
        ],
      },
    ],
  });
});

test('an event of a task has the form that ECS gives it', () => {
  const task = aTask({
    tags: [{ key: 'team', value: 'a' }],
    lastStatus: 'RUNNING',
    version: 3,
    connectivityAt: 1,
    startedAt: 2,
    networkInterface: {
      attachmentId: 'attachment',
      subnetId: 'subnet-1',
      status: 'ATTACHED',
      address: {
        networkInterfaceId: 'eni-1',
        macAddress: '0a:00:00:00:00:01',
        privateIpv4Address: '10.0.0.1',
      },
    },
    containers: [
      aTaskContainer({ lastStatus: 'RUNNING', runtimeId: 'id-1', healthStatus: 'HEALTHY' }),
    ],
  });
  const event = ecsEvent(taskEvent(task, at), { id: 'some-id', at });
  expect(event).toEqual({
    version: '0',
    id: 'some-id',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: task.arn.split(':')[4],
    time: '2026-09-16T09:00:00Z',
    region: 'us-east-1',
    resources: [task.arn],
    detail: {
      attachments: [
        {
          id: 'attachment',
          type: 'eni',
          status: 'ATTACHED',
          details: [
            { name: 'subnetId', value: 'subnet-1' },
            { name: 'networkInterfaceId', value: 'eni-1' },
            { name: 'macAddress', value: '0a:00:00:00:00:01' },
            { name: 'privateIPv4Address', value: '10.0.0.1' },
          ],
        },
      ],
      attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
      availabilityZone: task.availabilityZone,
      clusterArn: task.clusterArn,
      connectivity: 'CONNECTED',
      connectivityAt: '1970-01-01T00:00:00.001Z',
      containers: [
        {
          containerArn: task.containers[0]?.arn,
          lastStatus: 'RUNNING',
          name: 'app',
          image: 'nginx',
          taskArn: task.arn,
          cpu: '0',
          networkInterfaces: [{ attachmentId: 'attachment', privateIpv4Address: '10.0.0.1' }],
          runtimeId: 'id-1',
        },
      ],
      cpu: task.cpu,
      createdAt: '1970-01-01T00:00:00.000Z',
      desiredStatus: 'RUNNING',
      enableExecuteCommand: false,
      ephemeralStorage: { sizeInGiB: 20 },
      group: task.group,
      lastStatus: 'RUNNING',
      launchType: 'FARGATE',
      memory: task.memory,
      overrides: task.overrides,
      platformVersion: '1.4.0',
      startedAt: '1970-01-01T00:00:00.002Z',
      taskArn: task.arn,
      taskDefinitionArn: task.taskDefinitionArn,
      updatedAt: '2026-09-16T09:00:00.042Z',
      version: 3,
    },
  });
});

test('an event of a PENDING task does not show its connectivity yet', () => {
  const task = aTask({ lastStatus: 'PENDING', connectivityAt: 1, pullStartedAt: 2 });
  expect(taskEvent(task, at).detail).not.toMatchObject({ connectivity: 'CONNECTED' });
  expect(Object.keys(taskEvent(task, at).detail)).not.toContain('pullStartedAt');
});

test('an event of a container instance has resources without fillers', () => {
  const instance = aContainerInstance({ attributes: { 'ecs.os-type': 'linux', plain: '' } });
  const remaining = { cpuUnits: 1024, memoryMiB: 512, ports: [22], udpPorts: [], gpuIds: [] };
  const { resourceArn, detail } = containerInstanceEvent(instance, remaining, at);
  expect(resourceArn).toBe(instance.arn);
  expect(detail).toMatchObject({
    agentConnected: true,
    attributes: [{ name: 'ecs.os-type', value: 'linux' }, { name: 'plain' }],
    ec2InstanceId: 'i-0',
    status: 'ACTIVE',
    version: 1,
    updatedAt: '2026-09-16T09:00:00.042Z',
    remainingResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 1024 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: 512 },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22'] },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
  });
});

function said(before: Service, ...tellings: readonly Telling[]): Service {
  return withEvents(
    before,
    newEvents(before, tellings, at, () => `id-${tellings.length}`),
  );
}

test.for([
  [messages.steady, { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' }],
  [messages.startImpaired, { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' }],
  [
    messages.unableToPlace('RESOURCE:CPU'),
    {
      eventType: 'ERROR',
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
      reason: 'RESOURCE:CPU',
    },
  ],
  [
    messages.protected('ecs-svc/1', 2),
    { eventType: 'INFO', eventName: 'TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION' },
  ],
] as const)('the message %j is told as an action', ([telling, action]) => {
  const createdAt = '2026-09-16T09:00:00.042Z';
  const { arn: resourceArn, clusterArn } = service;
  expect(serviceActions(service, said(service, telling), at)).toEqual([
    { type: 'ECS Service Action', resourceArn, detail: { ...action, clusterArn, createdAt } },
  ]);
});

test('a refusal on instances is told with its reason, and the closest instance', () => {
  const refusal = (arn: ContainerInstanceArn, reason: string) =>
    withoutPlace(service, service.deployments[0].id, [{ arn, reason }], at).tellings;
  const arn = instanceArn(7);
  const scoped = { ...service, clusterArn: aContainerInstance().clusterArn };
  const told = (reason: string) =>
    serviceActions(scoped, said(scoped, ...refusal(arn, reason)), at);
  for (const reason of ['RESOURCE:CPU', 'RESOURCE:MEMORY', 'ATTRIBUTE', 'AGENT']) {
    expect(told(reason)).toMatchObject([
      {
        detail: {
          eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
          reason,
          containerInstanceArns: [expect.stringMatching(/:container-instance\/default\/0{31}7$/)],
        },
      },
    ]);
  }
});

test('a refusal for want of instances is told with its reason', () => {
  const { tellings } = withoutPlace(service, service.deployments[0].id, [], at);
  expect(serviceActions(service, said(service, ...tellings), at)).toMatchObject([
    { detail: { reason: 'No Container Instances were found in your cluster' } },
  ]);
});

test('the rebalancing of zones is told, with the tasks that it starts and stops', () => {
  const task = aTask();
  const tellings = [
    messages.zonesBalancing('2 tasks in a, 0 tasks in b'),
    messages.startedInZone([task], 'b'),
    messages.stoppedInZone([task], 'a'),
    messages.zonesBalanced('1 tasks in a, 1 tasks in b'),
    messages.balancingStopped,
  ];
  let id = 0;
  const after = withEvents(
    service,
    newEvents(service, tellings, at, () => `id-${(id += 1)}`),
  );
  const told = serviceActions(service, after, at).map(({ detail }) => detail);
  const [, started, stopped] = told;
  expect(told).toMatchObject(
    [
      'SERVICE_REBALANCING_STARTED',
      'TASKS_STARTED',
      'TASKS_STOPPED',
      'SERVICE_REBALANCING_COMPLETED',
      'SERVICE_REBALANCING_STOPPED',
    ].map((eventName) => ({ eventType: 'INFO', eventName })),
  );
  expect(started).toMatchObject({ taskArns: [task.arn] });
  expect(stopped).toMatchObject({ taskArns: [task.arn] });
});

test('the count of a daemon service is told when it changes, that of others is not', () => {
  const daemon: Service = { ...service, schedulingStrategy: 'DAEMON' };
  const more = (one: Service) => serviceActions(one, { ...one, desiredCount: 9 }, at);
  expect(more(daemon)).toMatchObject([{ detail: { eventName: 'SERVICE_DESIRED_COUNT_UPDATED' } }]);
  expect(more(service)).toEqual([]);
});

test('messages without an action, and those told before, make no event', () => {
  const steady = said(service, messages.steady);
  expect(serviceActions(steady, said(steady, messages.blocked), at)).toEqual([]);
  expect(serviceActions(steady, { ...steady, desiredCount: 9 }, at)).toEqual([]);
});

function withPrimary(change: Partial<Deployment>): Service {
  return { ...service, deployments: [{ ...service.deployments[0], ...change }] };
}

test('a deployment is told when it begins, and when it comes to its end', () => {
  const [{ id }] = service.deployments;
  const begun = deploymentEvents(undefined, service);
  expect(begun).toMatchObject([
    {
      type: 'ECS Deployment State Change',
      resourceArn: service.arn,
      detail: {
        eventType: 'INFO',
        eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
        deploymentId: id,
        reason: `ECS deployment ${id} in progress.`,
      },
    },
  ]);
  const failed = withPrimary({
    rolloutState: 'FAILED',
    rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
  });
  expect(deploymentEvents(service, watched(failed))).toMatchObject([
    {
      detail: {
        eventType: 'ERROR',
        eventName: 'SERVICE_DEPLOYMENT_FAILED',
        reason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
    },
  ]);
  expect(deploymentEvents(failed, withPrimary({ ...failed.deployments[0] }))).toEqual([]);
});

function watched(one: Service): Service {
  const { circuitBreaker } = one.deploymentConfiguration;
  const configuration = { circuitBreaker: { ...circuitBreaker, enable: true } };
  return { ...one, deploymentConfiguration: { ...one.deploymentConfiguration, ...configuration } };
}

test('a failure is told only where the circuit breaker or alarms are on', () => {
  const failed = withPrimary({ rolloutState: 'FAILED', rolloutStateReason: 'A hook failed.' });
  const alarms = { alarmNames: ['slow'], enable: true, rollback: false };
  const withAlarms = {
    ...failed,
    deploymentConfiguration: { ...failed.deploymentConfiguration, alarms },
  };
  expect(deploymentEvents(service, failed)).toEqual([]);
  expect(deploymentEvents(service, watched(failed))).toHaveLength(1);
  expect(deploymentEvents(service, withAlarms)).toHaveLength(1);
});

test('a deployment that a user takes back or stops is not told as a failure', () => {
  for (const rolloutStateReason of [statusReasons.user, statusReasons.aborted]) {
    const taken = withPrimary({ rolloutState: 'FAILED', rolloutStateReason });
    expect(deploymentEvents(service, watched(taken))).toEqual([]);
  }
});

test('with the service its capacity providers are steady', () => {
  const item = { capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 };
  const [{ revision }] = service.deployments;
  const spot = withPrimary({ revision: { ...revision, capacityProviderStrategy: [item] } });
  expect(serviceActions(spot, said(spot, messages.steady), at)).toMatchObject([
    { detail: { eventName: 'SERVICE_STEADY_STATE' } },
    {
      detail: {
        eventType: 'INFO',
        eventName: 'CAPACITY_PROVIDER_STEADY_STATE',
        capacityProviderArns: [expect.stringMatching(/:capacity-provider\/FARGATE_SPOT$/)],
      },
    },
  ]);
});

test('what is told of a task set names it, and what finds no place the providers that were asked', () => {
  const taskSetArns = [expect.stringMatching(/:task-set\/default\/shop\/ecs-svc\/7$/)];
  const tellings = [messages.taskSetSteady('ecs-svc/7'), messages.computedCount('ecs-svc/7', 3)];
  expect(tellings.flatMap((one) => serviceActions(service, said(service, one), at))).toMatchObject([
    { detail: { eventName: 'TASKSET_STEADY_STATE', taskSetArns } },
    { detail: { eventName: 'SERVICE_DESIRED_COUNT_UPDATED', taskSetArns } },
  ]);
  const item = { capacityProvider: 'asg', weight: 1, base: 0 };
  const [{ revision }] = service.deployments;
  const onAsg = withPrimary({ revision: { ...revision, capacityProviderStrategy: [item] } });
  const { tellings: refused } = withoutPlace(onAsg, onAsg.deployments[0].id, [], at);
  expect(serviceActions(onAsg, said(onAsg, ...refused), at)).toMatchObject([
    {
      detail: { capacityProviderArns: [expect.stringMatching(/:capacity-provider\/asg$/)] },
    },
  ]);
});

test('a daemon that constraints drive out is told of', () => {
  const task = aTask();
  const told = serviceActions(service, said(service, messages.constraintViolated(task)), at);
  expect(told).toMatchObject([
    {
      detail: {
        eventType: 'ERROR',
        eventName: 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED',
        taskArns: [task.arn],
      },
    },
  ]);
});
