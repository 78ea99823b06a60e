import type { Compatibility } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { Given, RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  contentFor,
  onFargate,
  registrationRefusal,
  withContainer,
  withVolume,
} from '../../../test/fixtures/task-definition-requests.ts';
import { compatibilitiesOf } from './compatibilities.ts';

const neuron: Given = withContainer({
  resourceRequirements: [{ type: 'NeuronDevice', value: 'ALL' }],
});
const sharedGpu: Given = withContainer({
  resourceRequirements: [{ type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 1024 } } }],
});
const efs = withVolume({ efsVolumeConfiguration: { fileSystemId: 'fs-1' } });
const fsx = withVolume({
  fsxWindowsFileServerVolumeConfiguration: {
    fileSystemId: 'fs-1',
    rootDirectory: '/',
    authorizationConfig: { credentialsParameter: 'arn:aws:x', domain: 'example.com' },
  },
});

interface Case {
  readonly what: string;
  readonly given: Given;
  readonly expected: readonly Compatibility[];
}

test.each<Case>([
  { what: 'nothing special', given: {}, expected: ['EC2', 'EXTERNAL'] },
  { what: 'bridge mode', given: { networkMode: 'bridge' }, expected: ['EC2', 'EXTERNAL'] },
  { what: 'no network', given: { networkMode: 'none' }, expected: ['EC2', 'EXTERNAL'] },
  {
    what: 'host mode',
    given: { networkMode: 'host' },
    expected: ['EC2', 'EXTERNAL', 'MANAGED_INSTANCES'],
  },
  {
    what: "awsvpc mode with Fargate's size",
    given: onFargate({ requiresCompatibilities: ['EC2'] }),
    expected: ['EC2', 'FARGATE', 'MANAGED_INSTANCES'],
  },
  {
    what: 'awsvpc mode without a size',
    given: { networkMode: 'awsvpc' },
    expected: ['EC2', 'MANAGED_INSTANCES'],
  },
  {
    what: 'a stop time-out of 121 seconds',
    given: onFargate({ requiresCompatibilities: [], ...withContainer({ stopTimeout: 121 }) }),
    expected: ['EC2', 'MANAGED_INSTANCES'],
  },
  {
    what: 'Windows',
    given: onFargate({
      cpu: '1024',
      memory: '2048',
      runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
    }),
    expected: ['EC2', 'FARGATE'],
  },
  { what: 'EFS', given: efs, expected: ['EC2'] },
  { what: 'FSx for Windows', given: fsx, expected: ['EC2'] },
  {
    what: 'a volume configured at launch',
    given: withVolume({ configuredAtLaunch: true }),
    expected: ['EC2'],
  },
  {
    what: 'storage',
    given: onFargate({ ephemeralStorage: { sizeInGiB: 21 } }),
    expected: ['FARGATE', 'MANAGED_INSTANCES'],
  },
  { what: 'shared GPUs', given: sharedGpu, expected: ['EC2'] },
  {
    what: 'Neuron devices',
    given: { networkMode: 'awsvpc', ...neuron },
    expected: ['MANAGED_INSTANCES'],
  },
  {
    what: 'a Docker volume in awsvpc mode',
    given: { networkMode: 'awsvpc', ...withVolume({ dockerVolumeConfiguration: {} }) },
    expected: ['EC2'],
  },
])('a definition with $what runs on $expected', ({ given, expected }) => {
  expect(compatibilitiesOf(contentFor(given))).toEqual(expected);
});

test.each<RefusedCase>([
  {
    what: 'storage on EC2',
    given: onFargate({
      requiresCompatibilities: ['EC2', 'FARGATE'],
      ephemeralStorage: { sizeInGiB: 21 },
    }),
    message: 'Tasks using the EC2 launch type do not support EphemeralStorage.',
  },
  {
    what: 'Neuron devices on EC2',
    given: { requiresCompatibilities: ['EC2'], ...neuron },
    message: 'Tasks using the EC2 launch type do not support NeuronDevice resource requirements.',
  },
  {
    what: 'awsvpc mode on EXTERNAL',
    given: external({ networkMode: 'awsvpc' }),
    message: "Tasks using the EXTERNAL launch type do not support networkMode 'awsvpc'.",
  },
  {
    what: 'storage on EXTERNAL',
    given: external({ ephemeralStorage: { sizeInGiB: 21 } }),
    message: 'Tasks using the EXTERNAL launch type do not support EphemeralStorage.',
  },
  {
    what: 'EFS on EXTERNAL',
    given: external(efs),
    message: 'Tasks using the EXTERNAL launch type do not support efsVolumeConfiguration.',
  },
  {
    what: 'FSx for Windows on EXTERNAL',
    given: external(fsx),
    message:
      'Tasks using the EXTERNAL launch type do not support ' +
      'fsxWindowsFileServerVolumeConfiguration.',
  },
  {
    what: 'a volume configured at launch on EXTERNAL',
    given: external(withVolume({ configuredAtLaunch: true })),
    message: 'Tasks using the EXTERNAL launch type do not support configuredAtLaunch volumes.',
  },
  {
    what: 'shared GPUs on EXTERNAL',
    given: external(sharedGpu),
    message: 'Tasks using the EXTERNAL launch type do not support GPU sharing.',
  },
  {
    what: 'bridge mode on managed instances',
    given: { requiresCompatibilities: ['MANAGED_INSTANCES'] },
    message: "Tasks using the MANAGED_INSTANCES launch type do not support networkMode 'bridge'.",
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

function external(given: Given): Given {
  return { requiresCompatibilities: ['EXTERNAL'], ...given };
}
