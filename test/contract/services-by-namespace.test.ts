import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';
import { aServiceRequest, register } from './service-requests.ts';

test('ListServicesByNamespace lists no service that is not in the namespace', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shops' } });
  await register(ecs);
  await ecs.createService(aServiceRequest());
  const { clusters } = await ecs.describeClusters();
  const arn = clusters?.[0]?.serviceConnectDefaults?.namespace;
  expect(arn).toMatch(/:namespace\/ns-/);
  // A cluster's default is inherited only by services that have Service Connect.
  for (const namespace of ['shops', arn]) {
    const { serviceArns, nextToken } = await ecs.listServicesByNamespace({ namespace });
    expect({ serviceArns, nextToken }).toEqual({ serviceArns: [], nextToken: undefined });
  }
});

test('ListServicesByNamespace refuses what it cannot list', async ({ ecs }) => {
  const missing = 'NamespaceNotFoundException: Namespace not found.';
  const arn = 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef';
  for (const namespace of ['nowhere', arn]) {
    expect(await refusalOf(ecs.listServicesByNamespace({ namespace }))).toBe(missing);
  }
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shops' } });
  const page = ecs.listServicesByNamespace({ namespace: 'shops', maxResults: 101 });
  expect(await refusalOf(page)).toBe(
    'InvalidParameterException: Max results can not be greater than 100',
  );
  expect(await refusalOf(ecs.listServicesByNamespace({ namespace: '' }))).toBe(
    'InvalidParameterException: Namespace can not be blank.',
  );
});
