import type { ResourceRequirement } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  registrationRefusal,
  withContainer,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const nvidiaMps = { nvidiaMps: { memory: 1024 } };
const invalidResources = "Invalid 'resourceRequirements' setting for container 'app'.";
const badRestartPeriod =
  "The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.";
const softAboveHard =
  "Invalid setting for container 'app'. " +
  "The soft limit of ulimit 'nofile' must be less than or equal to the hard limit.";

test.each<RefusedCase>([
  {
    what: 'an unknown ulimit',
    given: withUntypedContainer({ ulimits: [{ name: 'memory', softLimit: 1, hardLimit: 1 }] }),
    message: 'Unrecognized ulimit name memory',
  },
  {
    what: 'a ulimit named like a member of every object',
    given: withUntypedContainer({ ulimits: [{ name: 'constructor', softLimit: 1, hardLimit: 1 }] }),
    message: 'Unrecognized ulimit name constructor',
  },
  { what: 'a soft limit above the hard one', given: nofile(2, 1), message: softAboveHard },
  { what: 'no soft limit below a hard one', given: nofile(-1, 1), message: softAboveHard },
  { what: 'restarts every 59 seconds', given: restarts(59), message: badRestartPeriod },
  { what: 'restarts every 1801 seconds', given: restarts(1801), message: badRestartPeriod },
  {
    what: 'fifty-one ignored exit codes',
    given: withContainer({ restartPolicy: { enabled: true, ignoredExitCodes: exitCodes(51) } }),
    message: 'ignoredExitCodes can have at most 50 items.',
  },
  {
    what: 'an unknown consistency of versions',
    given: withUntypedContainer({ versionConsistency: 'on' }),
    message: 'Version consistency should be one of [enabled,disabled]',
  },
  {
    what: 'an unknown security option',
    given: withContainer({ dockerSecurityOptions: ['seccomp:unconfined'] }),
    message: "Invalid 'dockerSecurityOptions' setting for container 'app'.",
  },
  {
    what: 'two credential specs of a container',
    given: withContainer({ credentialSpecs: ['credentialspec:arn:a', 'credentialspec:arn:b'] }),
    message: 'credentialSpecs can have at most 1 items.',
  },
  {
    what: 'a share of a GPU without memory',
    given: resources({ type: 'GPU', sharingStrategy: { nvidiaMps: { memory: 0 } } }),
    message: invalidResources,
  },
  {
    what: 'a share of more computing than there is',
    given: resources({
      type: 'GPU',
      sharingStrategy: { nvidiaMps: { memory: 1, maxComputePercent: 101 } },
    }),
    message: invalidResources,
  },
  {
    what: 'a credential spec that is a file',
    given: withContainer({ credentialSpecs: ['credentialspec:file://spec.json'] }),
    message: "Invalid 'credentialSpecs' setting for container 'app'.",
  },
  {
    what: 'an unknown resource',
    given: withUntypedContainer({ resourceRequirements: [{ type: 'TPU', value: '1' }] }),
    message: 'Resource type should be one of [GPU,InferenceAccelerator,NeuronDevice]',
  },
  { what: 'no GPUs', given: resources({ type: 'GPU', value: '0' }), message: invalidResources },
  { what: 'GPUs without a number', given: resources({ type: 'GPU' }), message: invalidResources },
  {
    what: 'GPUs both shared and counted',
    given: resources({ type: 'GPU', value: '1', sharingStrategy: nvidiaMps }),
    message: invalidResources,
  },
  {
    what: 'shared Neuron devices',
    given: resources({ type: 'NeuronDevice', value: 'ALL', sharingStrategy: nvidiaMps }),
    message: invalidResources,
  },
  {
    what: 'one Neuron device',
    given: resources({ type: 'NeuronDevice', value: '1' }),
    message: invalidResources,
  },
  {
    what: 'an inference accelerator',
    given: resources({ type: 'InferenceAccelerator', value: 'device_1' }),
    message: invalidResources,
  },
  {
    what: 'Neuron devices for two containers',
    given: twoWith({ type: 'NeuronDevice', value: 'ALL' }, { type: 'NeuronDevice', value: 'ALL' }),
    message: 'Only one container in a task definition can require NeuronDevice resources.',
  },
  {
    what: 'GPUs shared by one container only',
    given: twoWith({ type: 'GPU', value: '1' }, { type: 'GPU', sharingStrategy: nvidiaMps }),
    message: 'All containers in a task must use the same GPU sharing option.',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'equal limits', given: nofile(1024, 1024) },
  { what: 'no limits', given: nofile(-1, -1) },
  { what: 'a soft limit without a hard one', given: nofile(1024, -1) },
  { what: 'restarts every minute', given: restarts(60) },
  { what: 'restarts every half hour', given: restarts(1800) },
  { what: 'restarts without a period', given: withContainer({ restartPolicy: { enabled: true } }) },
  {
    what: 'fifty ignored exit codes',
    given: withContainer({ restartPolicy: { enabled: true, ignoredExitCodes: exitCodes(50) } }),
  },
  {
    what: 'security options',
    given: withContainer({ dockerSecurityOptions: ['no-new-privileges', 'label:x', 'apparmor:y'] }),
  },
  {
    what: 'a credential spec without a domain',
    given: withContainer({ credentialSpecs: ['credentialspecdomainless:arn:aws:s3:::b/spec'] }),
  },
  { what: 'four GPUs', given: resources({ type: 'GPU', value: '4' }) },
  { what: 'all GPUs', given: resources({ type: 'GPU', value: 'ALL' }) },
  { what: 'a shared GPU', given: resources({ type: 'GPU', sharingStrategy: nvidiaMps }) },
  { what: 'all Neuron devices', given: resources({ type: 'NeuronDevice', value: 'ALL' }) },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

function nofile(softLimit: number, hardLimit: number): Given {
  return withContainer({ ulimits: [{ name: 'nofile', softLimit, hardLimit }] });
}

function restarts(restartAttemptPeriod: number): Given {
  return withContainer({ restartPolicy: { enabled: true, restartAttemptPeriod } });
}

function exitCodes(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function resources(requirement: ResourceRequirement): Given {
  return withContainer({ resourceRequirements: [requirement] });
}

function twoWith(...requirements: ResourceRequirement[]): Given {
  return {
    containerDefinitions: requirements.map((requirement, i) =>
      aContainer({ name: `c${i}`, resourceRequirements: [requirement] }),
    ),
  };
}
