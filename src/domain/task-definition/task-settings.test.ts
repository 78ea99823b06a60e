import type { ProxyConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  contentFor,
  registrationRefusal,
  untyped,
} from '../../../test/fixtures/task-definition-requests.ts';

const windows = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' as const };
const properties = {
  IgnoredUID: '1337',
  ProxyIngressPort: '15000',
  ProxyEgressPort: '15001',
  AppPorts: '8080',
  EgressIgnoredIPs: '169.254.170.2',
};

test.each<RefusedCase>([
  {
    what: 'an unknown process namespace',
    given: untyped({ pidMode: 'none' }),
    message: 'Pid mode should be one of [host,task]',
  },
  {
    what: 'an unknown IPC namespace',
    given: untyped({ ipcMode: 'private' }),
    message: 'Ipc mode should be one of [host,task,none]',
  },
  {
    what: 'an unknown compatibility',
    given: untyped({ requiresCompatibilities: ['LAMBDA'] }),
    message: 'Compatibility should be one of [EC2,FARGATE,EXTERNAL,MANAGED_INSTANCES]',
  },
  {
    what: 'storage of 20 GiB',
    given: { ephemeralStorage: { sizeInGiB: 20 } },
    message: 'EphemeralStorage size should be at least 21',
  },
  {
    what: 'storage of 201 GiB',
    given: { ephemeralStorage: { sizeInGiB: 201 } },
    message: 'EphemeralStorage size should be at most 200',
  },
  {
    what: 'a task role that is a user',
    given: { taskRoleArn: 'arn:aws:iam::123456789012:user/dev' },
    message: 'Role is not valid',
  },
  {
    what: 'an execution role with a space',
    given: { executionRoleArn: 'my role' },
    message: 'Role is not valid',
  },
  {
    what: 'an unknown architecture',
    given: untyped({ runtimePlatform: { cpuArchitecture: 'RISCV' } }),
    message: 'CPU architecture should be one of [X86_64,ARM64]',
  },
  {
    what: 'Windows on ARM',
    given: { runtimePlatform: { ...windows, cpuArchitecture: 'ARM64' } },
    message: 'Windows task definitions do not support cpuArchitecture ARM64',
  },
  {
    what: 'a process namespace on Windows',
    given: { runtimePlatform: windows, pidMode: 'task' },
    message: 'Windows task definitions do not support pidMode',
  },
  {
    what: 'an IPC namespace on Windows',
    given: { runtimePlatform: windows, ipcMode: 'task' },
    message: 'Windows task definitions do not support ipcMode',
  },
  {
    what: 'eleven placement constraints',
    given: constraints(...Array.from({ length: 11 }, () => 'attribute:a == b')),
    message: 'Maximum number of constraints is 10.',
  },
  {
    what: 'a placement constraint other than memberOf',
    given: untyped({ placementConstraints: [{ type: 'distinctInstance' }] }),
    message: "constraint.type 'distinctInstance' is not supported.",
  },
  {
    what: 'a placement constraint without an expression',
    given: { placementConstraints: [{ type: 'memberOf' }] },
    message: 'constraint.expression can not be blank.',
  },
  {
    what: 'an expression that is none',
    given: constraints('attribute:a = b'),
    message: "Invalid expression: 'attribute:a = b'. Expected an operator at position 13.",
  },
  {
    what: 'an expression of 2001 characters',
    given: constraints('x'.repeat(2001)),
    message: 'constraint.expression longer than 2000.',
  },
  {
    what: 'a proxy outside awsvpc mode',
    given: { ...proxy(), networkMode: 'bridge' },
    message: 'APPMESH proxy configuration is only supported in networkMode=awsvpc',
  },
  {
    what: 'a proxy in an unknown container',
    given: proxy({ containerName: 'envoy' }),
    message: 'Proxy container [envoy] does not exist.',
  },
  {
    what: 'a proxy without an ingress port',
    given: proxyWithout('ProxyIngressPort'),
    message: 'Ingress port not found',
  },
  {
    what: 'a proxy without an egress port',
    given: proxyWithout('ProxyEgressPort'),
    message: 'Egress port not found',
  },
  {
    what: 'a proxy without ports',
    given: proxyWithout('AppPorts'),
    message: 'App ports not found',
  },
  {
    what: 'a proxy without ignored addresses',
    given: proxyWithout('EgressIgnoredIPs'),
    message: 'Egress ignored IPs not found',
  },
  {
    what: 'a proxy without a user',
    given: proxyWithout('IgnoredUID'),
    message: 'Ignored UID or GID not found',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'storage of 21 GiB', given: { ephemeralStorage: { sizeInGiB: 21 } } },
  { what: 'storage of 200 GiB', given: { ephemeralStorage: { sizeInGiB: 200 } } },
  {
    what: 'the ARN of a role with a path',
    given: { taskRoleArn: 'arn:aws:iam::123456789012:role/app/web' },
  },
  { what: 'the bare name of a role', given: { executionRoleArn: 'ecsTaskExecutionRole' } },
  { what: 'Windows', given: { runtimePlatform: { ...windows, cpuArchitecture: 'X86_64' } } },
  {
    what: 'ten placement constraints',
    given: constraints(...Array.from({ length: 10 }, () => 'attribute:a == b')),
  },
  {
    what: 'an expression of 2000 characters',
    given: constraints(`attribute:a == ${'x'.repeat(1985)}`),
  },
  { what: 'an App Mesh proxy', given: proxy() },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test('an empty role counts as none and a bare name is shown as given', () => {
  const content = contentFor({ taskRoleArn: '', executionRoleArn: 'ecsTaskExecutionRole' });
  expect(content).not.toHaveProperty('taskRoleArn');
  expect(content.executionRoleArn).toBe('ecsTaskExecutionRole');
});

function constraints(...expressions: string[]): Given {
  return {
    placementConstraints: expressions.map((expression) => ({ type: 'memberOf', expression })),
  };
}

function proxy(given: Partial<ProxyConfiguration> = {}): Given {
  return {
    networkMode: 'awsvpc',
    proxyConfiguration: {
      type: 'APPMESH',
      containerName: 'app',
      properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
      ...given,
    },
  };
}

function proxyWithout(property: string): Given {
  const given = Object.entries(properties).map(([name, value]) => ({ name, value }));
  return proxy({
    properties: given.filter(({ name }) => name !== property),
  });
}
