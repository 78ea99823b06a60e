import type { ECS, RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

const cannotDescribe = 'ClientException: Unable to describe task definition.';

/** Registers so many revisions of a family. */
async function register(ecs: ECS, count: number, family = 'web'): Promise<TaskDefinition[]> {
  const revisions: TaskDefinition[] = [];
  for (let index = 0; index < count; index += 1) {
    const { taskDefinition } = await ecs.registerTaskDefinition(aDefinition({ family }));
    if (taskDefinition) revisions.push(taskDefinition);
  }
  return revisions;
}

async function statusOf(ecs: ECS, taskDefinition: string): Promise<string | undefined> {
  return (await ecs.describeTaskDefinition({ taskDefinition })).taskDefinition?.status;
}

test('RegisterTaskDefinition fills in what ECS always shows, and nothing else', async ({
  ecs,
  accountId,
}) => {
  const containerDefinitions = [{ name: 'web', image: 'nginx', memory: 128 }];
  const answer = await ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
  expect(answer).not.toHaveProperty('tags');
  const { taskDefinition } = answer;
  expect(taskDefinition).toMatchObject({
    taskDefinitionArn: `arn:aws:ecs:us-east-1:${accountId}:task-definition/web:1`,
    family: 'web',
    revision: 1,
    status: 'ACTIVE',
    volumes: [],
    placementConstraints: [],
    registeredBy: `arn:aws:iam::${accountId}:root`,
    registeredAt: expect.any(Date),
  });
  expect(new Set(taskDefinition?.compatibilities)).toEqual(new Set(['EXTERNAL', 'EC2']));
  expect(taskDefinition?.containerDefinitions).toEqual([
    {
      name: 'web',
      image: 'nginx',
      memory: 128,
      cpu: 0,
      portMappings: [],
      essential: true,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ]);
  expect(Object.keys(taskDefinition ?? {}).toSorted()).toEqual([
    'compatibilities',
    'containerDefinitions',
    'family',
    'placementConstraints',
    'registeredAt',
    'registeredBy',
    'revision',
    'status',
    'taskDefinitionArn',
    'volumes',
  ]);
});

test('what was registered is described as the answer to its registration showed it', async ({
  ecs,
}) => {
  const tags = [{ key: 'team', value: 'blue' }];
  const request: RegisterTaskDefinitionRequest = aDefinition({
    tags,
    containerDefinitions: [
      {
        name: 'app',
        image: 'nginx',
        command: ['sh', '-c', 'exit 0'],
        environment: [{ name: 'größe', value: '🚢' }],
        dockerLabels: { constructor: 'b' },
        portMappings: [{ containerPort: 80 }],
        healthCheck: { command: ['CMD-SHELL', 'true'] },
      },
    ],
  });
  const registered = await ecs.registerTaskDefinition(request);
  expect(registered.tags).toEqual(tags);
  const plain = await ecs.describeTaskDefinition({ taskDefinition: 'web' });
  expect(plain.taskDefinition).toEqual(registered.taskDefinition);
  expect(plain).not.toHaveProperty('tags');
  const tagged = await ecs.describeTaskDefinition({ taskDefinition: 'web', include: ['TAGS'] });
  expect(tagged.tags).toEqual(tags);
  expect(registered.taskDefinition?.containerDefinitions?.[0]).toMatchObject({
    environment: [{ name: 'größe', value: '🚢' }],
    portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
    healthCheck: { interval: 30, timeout: 5, retries: 3 },
  });
});

test('a revision without tags shows an empty list when they are asked for', async ({ ecs }) => {
  await register(ecs, 1);
  const { tags } = await ecs.describeTaskDefinition({ taskDefinition: 'web', include: ['TAGS'] });
  expect(tags).toEqual([]);
});

test('revisions count from 1, per family and account, and are never used again', async ({
  ecs,
  server,
}) => {
  const [first, second] = await register(ecs, 2);
  expect([first?.revision, second?.revision]).toEqual([1, 2]);
  expect((await register(ecs, 1, 'other'))[0]?.revision).toBe(1);
  const stranger = server.client('999999999996');
  expect((await register(stranger, 1))[0]?.revision).toBe(1);
  stranger.destroy();

  const taskDefinitions = ['web:1', 'web:2'];
  for (const taskDefinition of taskDefinitions) {
    await ecs.deregisterTaskDefinition({ taskDefinition });
  }
  await ecs.deleteTaskDefinitions({ taskDefinitions });
  await expect
    .poll(() => refusalOf(ecs.describeTaskDefinition({ taskDefinition: 'web:2' })))
    .toBe(cannotDescribe);
  expect((await register(ecs, 1))[0]?.revision).toBe(3);
});

test('registrations at the same time each get a revision of their own, without gaps', async ({
  ecs,
}) => {
  const sent = Array.from({ length: 50 }, () => ecs.registerTaskDefinition(aDefinition()));
  const revisions = (await Promise.all(sent)).map((answer) => answer.taskDefinition?.revision ?? 0);
  expect(revisions.toSorted((a, b) => a - b)).toEqual(sent.map((_, index) => index + 1));
});

test('a refused registration takes no revision', async ({ ecs }) => {
  await register(ecs, 1);
  const refused = ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [] }));
  expect(await refusalOf(refused)).toMatch(/^ClientException: /);
  expect((await register(ecs, 1))[0]?.revision).toBe(2);
});

test('a family stands for its latest ACTIVE revision', async ({ ecs, accountId }) => {
  await register(ecs, 3);
  const revision = async (taskDefinition: string) =>
    (await ecs.describeTaskDefinition({ taskDefinition })).taskDefinition?.revision;
  expect(await revision('web')).toBe(3);
  expect(await revision('web:1')).toBe(1);
  const family = `arn:aws:ecs:us-east-1:${accountId}:task-definition/web`;
  expect(await revision(`${family}:2`)).toBe(2);
  await ecs.deregisterTaskDefinition({ taskDefinition: 'web:3' });
  expect(await revision('web')).toBe(2);
  expect(await revision('web:3')).toBe(3);
  for (const taskDefinition of ['web:1', 'web:2']) {
    await ecs.deregisterTaskDefinition({ taskDefinition });
  }
  expect(await refusalOf(revision('web'))).toBe(cannotDescribe);
});

test('a revision goes from ACTIVE to INACTIVE to DELETE_IN_PROGRESS, and then it is gone', async ({
  ecs,
}) => {
  await register(ecs, 1);
  const named = { taskDefinition: 'web:1' };
  const first = await ecs.deregisterTaskDefinition(named);
  expect(first.taskDefinition?.status).toBe('INACTIVE');
  expect(first.taskDefinition).not.toHaveProperty('deregisteredAt');
  const again = await ecs.deregisterTaskDefinition(named);
  expect(again.taskDefinition?.deregisteredAt).toBeInstanceOf(Date);
  const { taskDefinition } = await ecs.describeTaskDefinition(named);
  expect(taskDefinition).toEqual(again.taskDefinition);

  const deleted = await ecs.deleteTaskDefinitions({ taskDefinitions: ['web:1'] });
  expect(deleted.failures).toEqual([]);
  expect(deleted.taskDefinitions).toEqual([{ ...taskDefinition, status: 'DELETE_IN_PROGRESS' }]);
  await expect.poll(() => refusalOf(statusOf(ecs, 'web:1'))).toBe(cannotDescribe);
  expect((await ecs.listTaskDefinitionFamilies()).families).toEqual([]);
});

test('DeleteTaskDefinitions tells what it cannot delete, and deletes the others', async ({
  ecs,
  accountId,
}) => {
  await register(ecs, 2);
  await ecs.deregisterTaskDefinition({ taskDefinition: 'web:2' });
  const { taskDefinitions, failures } = await ecs.deleteTaskDefinitions({
    taskDefinitions: ['web:1', 'web:2', 'web:3', 'web:2'],
  });
  expect(taskDefinitions).toMatchObject([{ revision: 2, status: 'DELETE_IN_PROGRESS' }]);
  const arn = `arn:aws:ecs:us-east-1:${accountId}:task-definition/web`;
  expect(failures).toEqual([
    {
      arn: `${arn}:1`,
      reason:
        'The specified task definition is still in ACTIVE status. ' +
        'Please deregister the target and try again.',
    },
    {
      arn: `${arn}:3`,
      reason:
        'The specified task definition does not exist. ' +
        'Specify a valid account, family, revision and try again.',
    },
  ]);
});

test.for([
  [[], 'size of TaskDefinition references list must be greater than 0'],
  [Array<string>(11).fill('web:1'), 'Size of TaskDefinition references list cannot exceed 10'],
  [['web'], 'Revision is missing'],
] as const)('DeleteTaskDefinitions of %j is refused', async ([given, text], { ecs }) => {
  const sent = ecs.deleteTaskDefinitions({ taskDefinitions: [...given] });
  expect(await refusalOf(sent)).toBe(`InvalidParameterException: ${text}`);
});

const wrongRefs: readonly (readonly [string, string, { describe: string; deregister: string }])[] =
  [
    [
      'nothing',
      '',
      {
        describe: 'ClientException: Task Definition can not be blank.',
        deregister: 'InvalidParameterException: Revision is missing',
      },
    ],
    [
      'an unknown family',
      'nope',
      { describe: cannotDescribe, deregister: 'InvalidParameterException: Revision is missing' },
    ],
    ['an unknown revision', 'web:2', { describe: cannotDescribe, deregister: cannotDescribe }],
    ...(['latest', '0', '-1', '1.5', '2147483648', ''] as const).map(
      (number): [string, string, { describe: string; deregister: string }] => {
        const text = `InvalidParameterException: Invalid revision number. Number: ${number}`;
        return [`the revision '${number}'`, `web:${number}`, { describe: text, deregister: text }];
      },
    ),
    [
      'an ARN of another account',
      'arn:aws:ecs:us-east-1:999999999999:task-definition/web:1',
      {
        describe: 'ClientException: AccountIDs mismatch',
        deregister: 'ClientException: AccountIDs mismatch',
      },
    ],
    [
      'a family that cannot be',
      'we b:1',
      {
        describe: 'InvalidParameterException: Family contains invalid characters.',
        deregister: 'InvalidParameterException: Family contains invalid characters.',
      },
    ],
  ];

test.for(wrongRefs)(
  'a reference to %s is refused',
  async ([, taskDefinition, { describe, deregister }], { ecs }) => {
    await register(ecs, 1);
    expect(await refusalOf(ecs.describeTaskDefinition({ taskDefinition }))).toBe(describe);
    expect(await refusalOf(ecs.deregisterTaskDefinition({ taskDefinition }))).toBe(deregister);
  },
);

test('DescribeTaskDefinition includes tags and nothing else', async ({ ecs }) => {
  await register(ecs, 1);
  const sent = ecs.describeTaskDefinition({ taskDefinition: 'web', include: ['ALL' as 'TAGS'] });
  expect(await refusalOf(sent)).toBe('InvalidParameterException: include should be one of [TAGS]');
});
