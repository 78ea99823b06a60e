import { describe, expect, test } from 'vitest';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseOverrides, sizeOf } from './overrides.ts';

const definition = aTaskDefinition({
  containerDefinitions: [
    aContainerDefinition({ name: 'app', secrets: [{ name: 'TOKEN', valueFrom: 'arn' }] }),
    aContainerDefinition({ name: 'db' }),
  ],
});

const file = { type: 's3', value: 'arn:aws:s3:::bucket/a.env' };

function overrides(given?: object) {
  return parseOverrides(given && JSON.parse(JSON.stringify(given)), definition);
}

describe('overrides', () => {
  test('name every container, in the order of the definition', () => {
    expect(overrides()).toEqual({ containerOverrides: [{ name: 'app' }, { name: 'db' }] });
    const db = { name: 'db', command: ['x'], environment: [{ name: 'A', value: '1' }] };
    expect(overrides({ containerOverrides: [db] })).toEqual({
      containerOverrides: [{ name: 'app' }, db],
    });
  });

  test('of a size are kept as plain numbers, others as they are', () => {
    const ephemeralStorage = { sizeInGiB: 21 };
    const roles = { taskRoleArn: 'r1', executionRoleArn: 'r2' };
    const given = { cpu: '.5 vCPU', memory: '1 GB', ephemeralStorage, ...roles };
    expect(overrides(given)).toMatchObject({
      cpu: '512',
      memory: '1024',
      ephemeralStorage,
      ...roles,
    });
  });

  test('may be 8192 characters long, punctuation included', () => {
    const length = JSON.stringify({ containerOverrides: [{ name: 'db', command: [''] }] }).length;
    const ofLength = (total: number) => ({
      containerOverrides: [{ name: 'db', command: ['x'.repeat(total - length)] }],
    });
    expect(refusalOf(() => overrides(ofLength(8192)))).toBeUndefined();
    expect(refusalOf(() => overrides(ofLength(8193)))).toBe(
      'InvalidParameterException: Container Overrides length must be at most 8192',
    );
  });

  test.each([
    [
      'of an unknown container',
      { containerOverrides: [{ name: 'X' }] },
      'InvalidParameterException: Override for container named X is not a container in the TaskDefinition.',
    ],
    [
      'that are null',
      { containerOverrides: [null] },
      'InvalidParameterException: Override argument cannot be null',
    ],
    [
      'of a variable that is a secret',
      { containerOverrides: [{ name: 'app', environment: [{ name: 'TOKEN', value: '1' }] }] },
      'ClientException: The secret name must be unique and not shared with any new or existing ' +
        "environment variables set on the container, such as 'TOKEN'.",
    ],
    [
      'of a CPU that is none',
      { cpu: 'much' },
      "InvalidParameterException: Invalid 'cpu' setting for task.",
    ],
    [
      'of a variable without a value',
      { containerOverrides: [{ name: 'app', environment: [{ name: 'A' }] }] },
      'InvalidParameterException: Override argument cannot be null',
    ],
    [
      'of a variable without a name',
      { containerOverrides: [{ name: 'app', environment: [{ value: 'a' }] }] },
      'InvalidParameterException: Override argument cannot be null',
    ],
    [
      'of a memory below zero',
      { containerOverrides: [{ name: 'app', memory: -1 }] },
      "ClientException: Invalid 'memory' setting for container 'app'.",
    ],
    [
      'of a memory below the reservation',
      { containerOverrides: [{ name: 'app', memory: 10, memoryReservation: 11 }] },
      "ClientException: Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
    ],
    [
      'of more CPU than the task has',
      { containerOverrides: [{ name: 'db', cpu: 257 }] },
      "ClientException: The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    ],
    [
      'of more memory than the task has',
      { containerOverrides: [{ name: 'db', memory: 513 }] },
      "ClientException: The 'memory' setting for container 'db' is greater than for the task",
    ],
    [
      'of environment files that are none',
      { containerOverrides: [{ name: 'app', environmentFiles: [{ type: 's3', value: 'x' }] }] },
      'ClientException: Invalid arn syntax.',
    ],
    [
      'of too many environment files',
      { containerOverrides: [{ name: 'app', environmentFiles: Array(11).fill(file) }] },
      'ClientException: The maximum number of environment files was exceeded. Specify ten or less and try again.',
    ],
    [
      'of resources that are none',
      { containerOverrides: [{ name: 'app', resourceRequirements: [{ type: 'GPU' }] }] },
      "ClientException: Invalid 'resourceRequirements' setting for container 'app'.",
    ],
    [
      'of a role that is none',
      { taskRoleArn: 'no role' },
      "ClientException: ECS was unable to assume the role 'no role' that was provided for this " +
        'task. Please verify that the role being passed has the proper trust relationship and ' +
        'permissions and that your IAM user has permissions to pass this role.',
    ],
    [
      'of accelerators',
      { inferenceAcceleratorOverrides: [{ deviceName: 'a', deviceType: 'eia2.medium' }] },
      "InvalidParameterException: Unsupported field 'inferenceAcceleratorOverrides'.",
    ],
    [
      'of a storage that is too small',
      { ephemeralStorage: { sizeInGiB: 20 } },
      'ClientException: EphemeralStorage size should be at least 21',
    ],
    [
      'of a storage that is too large',
      { ephemeralStorage: { sizeInGiB: 201 } },
      'ClientException: EphemeralStorage size should be at most 200',
    ],
  ])('%s are refused', (_, given, refusal) => {
    expect(refusalOf(() => overrides(given))).toBe(refusal);
  });
});

describe('the size of a task', () => {
  test('is that of its definition, with 20 GiB of storage, unless it is overridden', () => {
    expect(sizeOf(definition, overrides(), 'FARGATE')).toEqual({
      cpu: '256',
      memory: '512',
      ephemeralStorageGiB: 20,
    });
    const given = { cpu: '1024', memory: '2048', ephemeralStorage: { sizeInGiB: 50 } };
    expect(sizeOf(definition, overrides(given), 'FARGATE')).toEqual({
      cpu: '1024',
      memory: '2048',
      ephemeralStorageGiB: 50,
    });
  });

  test('on EC2 is free, and has no storage', () => {
    expect(sizeOf(definition, overrides({ cpu: '300', memory: '300' }), 'EC2')).toEqual({
      cpu: '300',
      memory: '300',
      ephemeralStorageGiB: undefined,
    });
  });

  test.each([
    [
      { memory: '4096' },
      'No Fargate configuration exists for given values: 256 CPU, 4096 memory. ' +
        'See the Amazon ECS documentation for the valid values.',
    ],
    [
      {
        containerOverrides: [
          { name: 'db', resourceRequirements: [{ type: 'GPU' as const, value: '1' }] },
        ],
      },
      'Tasks using the Fargate launch type do not support GPU resource requirements.',
    ],
  ])('is refused on FARGATE with %j', (given, message) => {
    expect(refusalOf(() => sizeOf(definition, overrides(given), 'FARGATE'))).toBe(
      `ClientException: ${message}`,
    );
  });
});
