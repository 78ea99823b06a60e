import type { RegisterDaemonTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

function anAgent(
  given: Partial<RegisterDaemonTaskDefinitionRequest> = {},
  container: object = {},
): RegisterDaemonTaskDefinitionRequest {
  return {
    family: 'agent',
    containerDefinitions: [{ name: 'agent', image: 'example/agent', memory: 64, ...container }],
    ...given,
  };
}

test('RegisterDaemonTaskDefinition counts revisions of a family of its own', async ({
  ecs,
  accountId,
}) => {
  const arn = `arn:aws:ecs:us-east-1:${accountId}:daemon-task-definition/agent`;
  await ecs.registerTaskDefinition(aDefinition({ family: 'agent' }));
  const first = await ecs.registerDaemonTaskDefinition(anAgent());
  expect(first).toEqual({ $metadata: expect.anything(), daemonTaskDefinitionArn: `${arn}:1` });
  const second = await ecs.registerDaemonTaskDefinition(anAgent());
  expect(second.daemonTaskDefinitionArn).toBe(`${arn}:2`);

  for (const daemonTaskDefinition of ['agent', 'agent:2', `${arn}:2`]) {
    const described = await ecs.describeDaemonTaskDefinition({ daemonTaskDefinition });
    expect(described.daemonTaskDefinition).toMatchObject({ revision: 2, status: 'ACTIVE' });
  }
  const plain = await ecs.describeTaskDefinition({ taskDefinition: 'agent' });
  expect(plain.taskDefinition?.revision).toBe(1);
});

test('a daemon task definition is described as it was registered', async ({ ecs, accountId }) => {
  const request = anAgent(
    {
      cpu: '128',
      memory: '256',
      pidMode: 'shared',
      ipcMode: 'none',
      taskRoleArn: 'arn:aws:iam::123456789012:role/agent',
      volumes: [
        { name: 'host', host: { sourcePath: '/proc' } },
        { name: 'logs', logDriverVolumeConfiguration: { driver: 'json-file' } },
      ],
    },
    {
      privileged: true,
      environment: [{ name: 'A', value: 'b' }],
      linuxParameters: { capabilities: { add: ['NET_ADMIN'] } },
      mountPoints: [{ sourceVolume: 'logs', containerPath: '/logs', readOnly: true }],
    },
  );
  await ecs.registerDaemonTaskDefinition(request);
  const described = await ecs.describeDaemonTaskDefinition({ daemonTaskDefinition: 'agent' });
  const { containerDefinitions = [], ...settings } = request;
  expect(described.daemonTaskDefinition).toEqual({
    ...settings,
    daemonTaskDefinitionArn: `arn:aws:ecs:us-east-1:${accountId}:daemon-task-definition/agent:1`,
    revision: 1,
    status: 'ACTIVE',
    registeredAt: expect.any(Date),
    registeredBy: `arn:aws:iam::${accountId}:root`,
    containerDefinitions: [
      { ...containerDefinitions[0], cpu: 0, essential: true, secrets: [], systemControls: [] },
    ],
  });
});

test.for<readonly [string, RegisterDaemonTaskDefinitionRequest, string]>([
  ['containers', anAgent({ containerDefinitions: [] }), 'Container list cannot be empty.'],
  ['a good family', anAgent({ family: 'a b' }), 'Family contains invalid characters.'],
  [
    'an essential container',
    anAgent({}, { essential: false }),
    "Task definition doesn't have any essential container.",
  ],
  [
    'a log driver of daemons',
    anAgent({}, { logConfiguration: { logDriver: 'json-file' } }),
    'json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
  ],
  [
    'the log driver whose files can be read',
    anAgent({ volumes: [{ name: 'l', logDriverVolumeConfiguration: { driver: 'awslogs' } }] }),
    'logDriverVolumeConfiguration.driver should be one of [json-file]',
  ],
  [
    'one kind of volume',
    anAgent({
      volumes: [{ name: 'l', host: {}, logDriverVolumeConfiguration: { driver: 'json-file' } }],
    }),
    'When the volume parameter is specified, only one volume configuration type should be used.',
  ],
  [
    'namespaces of daemons',
    { ...anAgent(), pidMode: 'host' as 'shared' },
    'Pid mode should be one of [none,shared]',
  ],
])('a daemon task definition needs %s', async ([, request, message], { ecs }) => {
  const refused = await refusalOf(ecs.registerDaemonTaskDefinition(request));
  expect(refused).toBe(`ClientException: ${message}`);
});

test('ListDaemonTaskDefinitions lists by family and number, by status, and the last of each', async ({
  ecs,
}) => {
  for (const family of ['audit', 'agent', 'agent', 'agent-x']) {
    await ecs.registerDaemonTaskDefinition(anAgent({ family }));
  }
  await ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' });
  const list = async (given: Parameters<typeof ecs.listDaemonTaskDefinitions>[0]) => {
    const { daemonTaskDefinitions = [] } = await ecs.listDaemonTaskDefinitions(given);
    return daemonTaskDefinitions.map(({ arn }) => arn?.split('/').at(-1));
  };
  expect(await list({})).toEqual(['agent:2', 'agent-x:1', 'audit:1']);
  expect(await list({ sort: 'DESC' })).toEqual(['audit:1', 'agent-x:1', 'agent:2']);
  expect(await list({ status: 'ALL' })).toEqual(['agent:1', 'agent:2', 'agent-x:1', 'audit:1']);
  expect(await list({ familyPrefix: 'agent' })).toEqual(['agent:2', 'agent-x:1']);
  expect(await list({ family: 'agent', status: 'ALL', sort: 'DESC' })).toEqual([
    'agent:2',
    'agent:1',
  ]);
  expect(await list({ revision: 'LAST_REGISTERED', status: 'ALL' })).toEqual([
    'agent:2',
    'agent-x:1',
    'audit:1',
  ]);

  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs.listDaemonTaskDefinitions({ maxResults: 2, nextToken, status: 'ALL' });
    seen.push(...(page.daemonTaskDefinitions ?? []).map(({ arn }) => arn?.split('/').at(-1)));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual(['agent:1', 'agent:2', 'agent-x:1', 'audit:1']);
});

test('a daemon task definition that nothing uses is DELETED, and its number is not given again', async ({
  ecs,
}) => {
  await ecs.registerDaemonTaskDefinition(anAgent());
  const described = async () =>
    (await ecs.describeDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' }))
      .daemonTaskDefinition;
  await ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' });
  await expect.poll(async () => (await described())?.status).toBe('DELETED');
  expect(await described()).toMatchObject({ deleteRequestedAt: expect.any(Date) });
  const again = await refusalOf(
    ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' }),
  );
  expect(again).toBe('ClientException: The specified daemon task definition is not ACTIVE.');
  const { daemonTaskDefinitionArn } = await ecs.registerDaemonTaskDefinition(anAgent());
  expect(daemonTaskDefinitionArn).toMatch(/agent:2$/);
});

test('what is no daemon task definition is refused', async ({ ecs, accountId }) => {
  const describe = (daemonTaskDefinition: string) =>
    refusalOf(ecs.describeDaemonTaskDefinition({ daemonTaskDefinition }));
  const cannot = 'ClientException: Unable to describe daemon task definition.';
  expect(await describe('agent')).toBe(cannot);
  expect(await describe('agent:7')).toBe(cannot);
  expect(await describe(`arn:aws:ecs:us-east-1:${accountId}:task-definition/agent:1`)).toBe(
    'InvalidParameterException: Invalid identifier: Identifier is not for a daemon task definition',
  );
  expect(await refusalOf(ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent' }))).toBe(
    'InvalidParameterException: Revision is missing',
  );
});

test('daemon task definitions carry tags', async ({ ecs }) => {
  const tags = [{ key: 'team', value: 'blue' }];
  const { daemonTaskDefinitionArn: resourceArn } = await ecs.registerDaemonTaskDefinition(
    anAgent({ tags }),
  );
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual(tags);
  await ecs.tagResource({ resourceArn, tags: [{ key: 'team', value: 'red' }] });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual([
    { key: 'team', value: 'red' },
  ]);
});
