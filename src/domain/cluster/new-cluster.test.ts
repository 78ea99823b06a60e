import type { CreateClusterRequest } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import {
  aGroupProvider,
  autoScalingSettings,
  knownProviders,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { scope } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { checkReplay, newCluster, parseClusterSpec } from './new-cluster.ts';

const scaled = aGroupProvider('scaled', {
  settings: autoScalingSettings({
    managedScaling: { status: 'ENABLED' },
    managedDraining: 'DISABLED',
  }),
});

function create(input: CreateClusterRequest, namespaceArn?: string) {
  const spec = parseClusterSpec(scope, input, 'disabled');
  const providers = knownProviders([scaled]);
  return newCluster({ scope, spec, namespaceArn, providers, newUuid: () => 'a1' });
}

function replay(first: CreateClusterRequest, second: CreateClusterRequest): string | undefined {
  return refusalOf(() => checkReplay(create(first), parseClusterSpec(scope, second, 'disabled')));
}

describe('CreateCluster', () => {
  test('makes an ACTIVE cluster named default of nothing', () => {
    expect(create({})).toEqual({
      arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/default',
      name: 'default',
      status: 'ACTIVE',
      containerInsights: 'disabled',
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
      attachments: [],
      tags: [],
      createdWith: {},
    });
  });

  test('keeps what was given, with the strategy made complete', () => {
    const configuration = { executeCommandConfiguration: { logging: 'NONE' } } as const;
    const cluster = create({
      clusterName: 'web',
      tags: [{ key: 'team', value: 'a' }],
      settings: [{ name: 'containerInsights', value: 'enhanced' }],
      configuration,
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }],
    });
    expect(cluster).toMatchObject({
      name: 'web',
      status: 'ACTIVE',
      containerInsights: 'enhanced',
      configuration,
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 0, base: 0 }],
      tags: [{ key: 'team', value: 'a' }],
    });
  });

  test('is PROVISIONING while a namespace is attached', () => {
    const cluster = create({ serviceConnectDefaults: { namespace: 'local' } }, 'arn:namespace');
    expect(cluster).toMatchObject({
      status: 'PROVISIONING',
      serviceConnectNamespaceArn: 'arn:namespace',
      attachments: [{ id: 'a1', type: 'sc', status: 'PRECREATED' }],
      attachmentsStatus: 'UPDATE_IN_PROGRESS',
    });
  });

  test('is PROVISIONING while its Auto Scaling group is prepared', () => {
    expect(create({ capacityProviders: ['scaled'] })).toMatchObject({
      status: 'PROVISIONING',
      attachments: [{ type: 'as_policy', status: 'PRECREATED', capacityProvider: 'scaled' }],
      attachmentsStatus: 'UPDATE_IN_PROGRESS',
    });
  });

  test('refuses a strategy with a provider that the cluster is not given', () => {
    const input = { defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] };
    expect(refusalOf(() => create(input))).toMatch(
      /^InvalidParameterException: The specified capacity provider strategy cannot contain/,
    );
  });
});

describe('CreateCluster of a cluster that is there', () => {
  const first: CreateClusterRequest = {
    clusterName: 'web',
    tags: [{ key: 'team', value: 'a' }],
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
  };

  test.each<[string, CreateClusterRequest]>([
    ['with the same arguments', first],
    ['with some of them', { clusterName: 'web', tags: [{ value: 'a', key: 'team' }] }],
    ['with none', { clusterName: 'web' }],
  ])('%s is a replay', (_, second) => {
    expect(replay(first, second)).toBeUndefined();
  });

  test.each<[string, CreateClusterRequest]>([
    ['other tags', { tags: [{ key: 'team', value: 'b' }] }],
    ['no tags', { tags: [] }],
    ['another setting', { settings: [{ name: 'containerInsights', value: 'disabled' }] }],
    ['providers that it had not', { capacityProviders: ['FARGATE'] }],
    ['a configuration that it had not', { configuration: {} }],
  ])('with %s is refused', (_, second) => {
    expect(replay(first, second)).toBe(
      'InvalidParameterException: Arguments on this idempotent request are inconsistent with ' +
        'arguments used in previous request(s).',
    );
  });
});
