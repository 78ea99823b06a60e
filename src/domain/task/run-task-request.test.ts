import { describe, expect, test } from 'vitest';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import {
  aTaskDefinition,
  type GivenTaskDefinition,
} from '../../../test/fixtures/a-task-definition.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseRunTask } from './run-task-request.ts';

const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };

/** A request that is accepted, but for what is given. */
function runTask(given: object = {}, definition: GivenTaskDefinition = {}) {
  const input = { taskDefinition: 'web', launchType: 'FARGATE', networkConfiguration, ...given };
  const untyped = JSON.parse(JSON.stringify(input));
  return parseRunTask(untyped, {
    cluster: aCluster({ name: 'prod' }),
    definition: aTaskDefinition(definition),
    findCapacityProvider: () => undefined,
  });
}

function refusal(given: object, definition?: GivenTaskDefinition): string | undefined {
  return refusalOf(() => runTask(given, definition));
}

test('RunTask starts one task in the group of its family, where nothing else is said', () => {
  expect(runTask()).toMatchObject({
    launch: { launchType: 'FARGATE', providers: [undefined] },
    network: networkConfiguration.awsvpcConfiguration,
    group: 'family:web',
    startedBy: undefined,
    enableExecuteCommand: false,
    tags: [],
  });
});

test.each([
  [{ count: 10 }, { launch: { providers: Array.from({ length: 10 }, () => undefined) } }],
  [{ group: '' }, { group: 'family:web' }],
  [{ group: 'family:web' }, { group: 'family:web' }],
  [{ group: 'batch/1.a:b_c-d' }, { group: 'batch/1.a:b_c-d' }],
  [{ group: 'g'.repeat(255) }, { group: 'g'.repeat(255) }],
  [{ startedBy: '' }, { startedBy: undefined }],
  [{ startedBy: 'events-rule/nightly' }, { startedBy: 'events-rule/nightly' }],
  [
    { startedBy: 's'.repeat(128), referenceId: 'r' },
    { startedBy: 's'.repeat(128), referenceId: 'r' },
  ],
])('RunTask takes %j', (given, spec) => {
  expect(runTask(given)).toMatchObject(spec);
});

const noRole =
  'The execute command failed because a valid task role is not being used. Specify a valid task ' +
  'role in your task definition or as a task override and try again.';

test.each([
  [{ count: 0 }, 'Count should be between 1 and 10.'],
  [{ count: 11 }, 'Count should be between 1 and 10.'],
  [{ count: 1.5 }, 'Count should be between 1 and 10.'],
  [{ group: 'g'.repeat(256) }, 'group longer than 255.'],
  [
    { group: 'service:web' },
    'Invalid namespace for group. Groups cannot start with family: or service:.',
  ],
  [
    { group: 'family:other' },
    'Invalid namespace for group. Groups cannot start with family: or service:.',
  ],
  [{ group: 'a b' }, 'group contains invalid characters.'],
  [{ startedBy: 's'.repeat(129) }, 'startedBy longer than 128.'],
  [{ startedBy: 'a b' }, 'startedBy contains invalid characters.'],
  [{ propagateTags: 'SERVICE' }, 'Propagate tags should be one of [NONE,TASK_DEFINITION]'],
  [{ enableExecuteCommand: true }, noRole],
  [{ enableExecuteCommand: true, overrides: { taskRoleArn: '' } }, noRole],
  [{ tags: [{ key: 'aws:a', value: '' }] }, 'Tag key must not start with aws:'],
])('RunTask refuses %j', (given, message) => {
  expect(refusal(given)).toBe(`InvalidParameterException: ${message}`);
});

describe('a task that commands can be executed in', () => {
  test.each<[string, object, GivenTaskDefinition]>([
    ['by its definition', {}, { taskRoleArn: 'role' }],
    ['by an override', { overrides: { taskRoleArn: 'role' } }, {}],
    [
      'by its definition, an empty override being none',
      { overrides: { taskRoleArn: '' } },
      { taskRoleArn: 'role' },
    ],
  ])('has a role %s', (_, given, definition) => {
    expect(runTask({ enableExecuteCommand: true, ...given }, definition).enableExecuteCommand).toBe(
      true,
    );
  });
});

describe('the tags of a task', () => {
  const tags = [
    { key: 'team', value: 'a' },
    { key: 'cost', value: '1' },
  ];

  test('are those of the request alone, unless more is asked for', () => {
    const given = [{ key: 'x', value: 'y' }];
    expect(runTask({ tags: given }, { tags }).tags).toEqual(given);
    expect(runTask({ tags: given, propagateTags: 'NONE' }, { tags }).tags).toEqual(given);
  });

  test('of the request win over those of the definition; managed ones come first', () => {
    const given = {
      tags: [{ key: 'team', value: 'b' }],
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: true,
    };
    expect(runTask(given, { tags }).tags).toEqual([
      { key: 'aws:ecs:clusterName', value: 'prod' },
      { key: 'cost', value: '1' },
      { key: 'team', value: 'b' },
    ]);
  });
});

describe('volumes that are configured at launch', () => {
  test('must be those that the definition leaves open', () => {
    expect(refusal({ volumeConfigurations: [{ name: 'nope' }] })).toBe(
      "ClientException: The volume name 'nope' in your request does not have a matching volume " +
        'in your Task Definition that is configurable at launch.',
    );
  });

  test('must say what the volume is to be', () => {
    const volumes = [{ name: 'data', configuredAtLaunch: true }];
    expect(refusal({ volumeConfigurations: [{ name: 'data' }] }, { volumes })).toBe(
      'InvalidParameterException: ECS managed EBS volume configuration was invalid: MissingParameter',
    );
  });
});
