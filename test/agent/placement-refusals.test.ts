import type {
  ECS,
  RegisterTaskDefinitionRequest,
  Resource,
  RunTaskRequest,
} from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newAccount, startTestServer, type TestServer } from '../contract/server.ts';
import { AgentDouble } from './agent-double.ts';

const cluster = 'default';
const container = { name: 'app', image: 'nginx', memory: 8 };

let server: TestServer;
let ecs: ECS;
let agents: AgentDouble[];
let accountId: string;

beforeEach(async () => {
  server = await startTestServer();
  accountId = newAccount();
  ecs = server.client(accountId);
  agents = [];
  await ecs.createCluster({});
});

afterEach(closeAll);

async function closeAll(): Promise<void> {
  for (const agent of agents) await agent.close();
  ecs.destroy();
  await server.close();
  expect(server.errors).toEqual([]);
}

function integer(name: string, integerValue: number): Resource {
  return { name, type: 'INTEGER', integerValue };
}

/** An EC2 instance with one core and eight gigabytes, and its agent connected. */
async function start(...attributes: readonly [string, string?][]): Promise<string> {
  const registration = {
    attributes: [
      ...[18, 24, 25].map((n) => ({
        name: `com.amazonaws.ecs.capability.docker-remote-api.1.${n}`,
      })),
      ...attributes.map(([name, value]) => ({ name, ...(value !== undefined && { value }) })),
    ],
    totalResources: [integer('CPU', 1024), integer('MEMORY', 8192)],
    platformDevices: [{ id: 'GPU-1', type: 'GPU' as const }],
  };
  const agent = await AgentDouble.start({ url: server.url, accountId, cluster, registration });
  agents.push(agent);
  await expect.poll(() => isConnected(agent.instanceArn)).toBe(true);
  return agent.instanceArn;
}

async function isConnected(arn: string): Promise<boolean | undefined> {
  const described = await ecs.describeContainerInstances({ containerInstances: [arn] });
  return described.containerInstances?.[0]?.agentConnected;
}

/** What RunTask says where a definition like this finds no room. */
async function failuresOf(
  definition: Partial<RegisterTaskDefinitionRequest>,
  given: Partial<RunTaskRequest> = {},
) {
  const family = 'web';
  await ecs.registerTaskDefinition({ family, containerDefinitions: [container], ...definition });
  const { tasks, failures } = await ecs.runTask({ taskDefinition: family, ...given });
  expect(tasks).toEqual([]);
  return failures;
}

function containers(given: object): Partial<RegisterTaskDefinitionRequest> {
  return { containerDefinitions: [{ ...container, ...given }] };
}

test.each([
  ['more CPU than there is', containers({ cpu: 1025 }), 'RESOURCE:CPU'],
  ['more memory than there is', containers({ memory: 8193 }), 'RESOURCE:MEMORY'],
  [
    'more GPUs than there are',
    containers({ resourceRequirements: [{ type: 'GPU', value: '2' }] }),
    'RESOURCE:GPU',
  ],
])('a task with %s is refused as %s', async (_, definition, reason) => {
  const arn = await start(['ecs.capability.nvidia-driver-version.550']);
  expect(await failuresOf(definition)).toEqual([{ arn, reason }]);
});

test.each([
  ['tcp', 'RESOURCE:PORTS'],
  ['udp', 'RESOURCE:PORTS_UDP'],
] as const)('a second task on one %s port is refused as %s', async (protocol, reason) => {
  const arn = await start();
  const portMappings = [{ containerPort: 80, hostPort: 8080, protocol }];
  await ecs.registerTaskDefinition({
    family: 'first',
    containerDefinitions: [{ ...container, portMappings }],
  });
  expect((await ecs.runTask({ taskDefinition: 'first' })).failures).toEqual([]);
  expect(await failuresOf(containers({ portMappings }))).toEqual([{ arn, reason }]);
  const started = await ecs.startTask({ taskDefinition: 'first', containerInstances: [arn] });
  expect(started.failures).toEqual([{ arn, reason }]);
});

test('a task for ExecuteCommand goes to no instance whose agent cannot run commands', async () => {
  const arn = await start(['com.amazonaws.ecs.capability.task-iam-role']);
  const taskRoleArn = 'arn:aws:iam::012345678910:role/exec';
  const definition = { ...containers({}), taskRoleArn };
  expect(await failuresOf(definition, { enableExecuteCommand: true })).toEqual([
    { arn, reason: 'ATTRIBUTE', detail: 'ecs.capability.execute-command' },
  ]);
});

test('a task with an interface of its own goes to no instance that can not make one', async () => {
  const arn = await start();
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  expect(await failuresOf({ networkMode: 'awsvpc' }, { networkConfiguration })).toEqual([
    { arn, reason: 'ATTRIBUTE', detail: 'ecs.capability.task-eni' },
  ]);
});

test('a task that needs one more interface than an instance has room for is refused', async () => {
  const arn = await start(['ecs.capability.task-eni']);
  await ecs.registerTaskDefinition({
    family: 'small',
    networkMode: 'awsvpc',
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 6 }],
  });
  agents[0]?.deafTo.add('PayloadMessage');
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const run = (count: number) =>
    ecs.runTask({ taskDefinition: 'small', count, networkConfiguration });
  for (let call = 0; call < 100; call += 1) {
    expect((await run(10)).failures).toEqual([]);
  }
  expect((await run(1)).failures).toEqual([{ arn, reason: 'RESOURCE:ENI' }]);
});

test('where an instance lacks what a task requires, it is named', async () => {
  const arn = await start();
  const logConfiguration = { logDriver: 'syslog' as const };
  expect(await failuresOf(containers({ logConfiguration }))).toEqual([
    { arn, reason: 'ATTRIBUTE', detail: 'com.amazonaws.ecs.capability.logging-driver.syslog' },
  ]);
});

test('each instance that a constraint rules out is told of', async () => {
  const one = await start(['stack', 'prod']);
  const two = await start();
  const reason = 'MemberOf placement constraint unsatisfied.';
  const expression = 'attribute:stack == test';
  const failures = await failuresOf(
    {},
    { placementConstraints: [{ type: 'memberOf', expression }] },
  );
  expect(failures?.toSorted((a, b) => String(a.arn).localeCompare(String(b.arn)))).toEqual(
    [one, two].toSorted((a, b) => a.localeCompare(b)).map((arn) => ({ arn, reason })),
  );
});

test('the second task of a group that wants instances of its own is refused', async () => {
  const arn = await start();
  const placementConstraints = [{ type: 'distinctInstance' as const }];
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions: [container] });
  const { tasks, failures } = await ecs.runTask({
    taskDefinition: 'web',
    count: 2,
    placementConstraints,
  });
  expect(tasks).toHaveLength(1);
  expect(failures).toEqual([{ arn, reason: 'distinctInstance placement constraint unsatisfied.' }]);
});

test('a task goes to no instance whose agent is away, and none that drains', async () => {
  const arn = await start();
  await agents[0]?.kill();
  await expect.poll(() => isConnected(arn)).toBe(false);
  expect(await failuresOf({})).toEqual([{ arn, reason: 'AGENT' }]);
  await ecs.updateContainerInstancesState({ containerInstances: [arn], status: 'DRAINING' });
  expect(await failuresOf({})).toEqual([{ reason: 'NO ACTIVE INSTANCES' }]);
});

test('of what is asked for, what fits is started', async () => {
  const arn = await start();
  await ecs.registerTaskDefinition({
    family: 'big',
    containerDefinitions: [{ ...container, cpu: 400 }],
  });
  const { tasks, failures } = await ecs.runTask({ taskDefinition: 'big', count: 5 });
  expect(tasks).toHaveLength(2);
  expect(new Set(failures?.map(({ reason }) => reason))).toEqual(new Set(['RESOURCE:CPU']));
  expect(failures?.[0]?.arn).toBe(arn);
});

test('an instance with tasks is deregistered by force alone', async () => {
  const containerInstance = await start();
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions: [container] });
  const { tasks } = await ecs.runTask({ taskDefinition: 'web' });
  await expect(ecs.deregisterContainerInstance({ containerInstance })).rejects.toThrow(
    'Found running tasks on the instance.',
  );
  await ecs.deregisterContainerInstance({ containerInstance, force: true });
  const described = await ecs.describeTasks({ tasks: [tasks?.[0]?.taskArn ?? ''] });
  expect(described.tasks?.[0]?.stoppedReason).toBe(
    'Container instance deregistration forced by user',
  );
});
