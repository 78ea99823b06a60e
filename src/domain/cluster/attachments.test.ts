import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aGroupProvider,
  aManagedProvider,
  autoScalingSettings,
  knownProviders,
} from '../../../test/fixtures/a-capacity-provider.ts';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import type { Switch } from '../capacity-provider/capacity-provider.ts';
import { settleAttachments, withProviderAttachments } from './attachments.ts';
import type { Cluster } from './cluster.ts';
import { withNamespace, withoutNamespace } from './service-connect.ts';

function provider(name: string, scaling: Switch, managedDraining: Switch) {
  const settings = autoScalingSettings({ managedScaling: { status: scaling }, managedDraining });
  return aGroupProvider(name, { settings });
}

const { find } = knownProviders([
  provider('neither', 'DISABLED', 'DISABLED'),
  provider('scaled', 'ENABLED', 'DISABLED'),
  provider('drained', 'DISABLED', 'ENABLED'),
  provider('both', 'ENABLED', 'ENABLED'),
  aManagedProvider('managed'),
]);
const names = ['neither', 'scaled', 'drained', 'both', 'managed', 'FARGATE'];

/** Makes ids that are told apart. */
function ids(): () => string {
  let count = 0;
  return () => `id-${(count += 1)}`;
}

function attached(cluster: Cluster): string[] {
  return cluster.attachments
    .filter(({ status }) => status === 'CREATED')
    .map((attachment) => (attachment.type === 'sc' ? 'sc' : wordsOf(attachment)))
    .toSorted();
}

function wordsOf({ type, capacityProvider }: { type: string; capacityProvider: string }): string {
  return `${type} of ${capacityProvider}`;
}

describe('the attachments of a cluster', () => {
  test('are what managed scaling and draining of its providers need', () => {
    const cluster = aCluster({ capacityProviders: names });
    const begun = withProviderAttachments(cluster, find, ids());
    expect(begun.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
    expect(begun.attachments[0]).toEqual({
      id: 'id-1',
      type: 'as_policy',
      status: 'PRECREATED',
      capacityProvider: 'scaled',
      resourceName: 'ECSManagedAutoScalingPolicy-id-2',
    });
    const done = settleAttachments(begun);
    expect(done.attachmentsStatus).toBe('UPDATE_COMPLETE');
    expect(attached(done)).toEqual([
      'as_policy of both',
      'as_policy of scaled',
      'managed_draining of both',
      'managed_draining of drained',
    ]);
  });

  test('are none where no provider needs any, and there is no status either', () => {
    const cluster = aCluster({ capacityProviders: ['FARGATE', 'neither', 'managed'] });
    expect(withProviderAttachments(cluster, find, ids())).toBe(cluster);
  });

  test('are DELETING and then DELETED once their provider has gone', () => {
    const cluster = aCluster({ capacityProviders: ['both'] });
    const done = settleAttachments(withProviderAttachments(cluster, find, ids()));
    const leaving = withProviderAttachments({ ...done, capacityProviders: [] }, find, ids());
    expect(leaving.attachmentsStatus).toBe('UPDATE_IN_PROGRESS');
    expect(leaving.attachments.map(({ status }) => status)).toEqual(['DELETING', 'DELETING']);
    const gone = settleAttachments(leaving);
    expect(gone.attachments.map(({ status }) => status)).toEqual(['DELETED', 'DELETED']);
  });

  test('of a namespace and of providers do not touch each other', () => {
    const providers = aCluster({ capacityProviders: ['scaled'] });
    const associated = settleAttachments(withProviderAttachments(providers, find, ids()));
    const both = settleAttachments(withNamespace(associated, 'arn:namespace', 'sc-1'));
    expect(both.attachments.map(({ status }) => status)).toEqual(['CREATED', 'ATTACHED']);
    const cleared = withoutNamespace(both);
    expect(cleared.attachments.map(({ status }) => status)).toEqual(['CREATED', 'DELETED']);
    const dissociated = withProviderAttachments({ ...both, capacityProviders: [] }, find, ids());
    expect(dissociated.attachments.map(({ status }) => status)).toEqual(['DELETING', 'ATTACHED']);
  });

  test('settle to what the last change asked for, and asking again changes nothing', () => {
    const changes = fc.array(fc.tuple(fc.subarray(names), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(changes, (steps) => {
        const newUuid = ids();
        let cluster = aCluster();
        for (const [capacityProviders, settles] of steps) {
          cluster = withProviderAttachments({ ...cluster, capacityProviders }, find, newUuid);
          if (settles) cluster = settleAttachments(cluster);
        }
        const settled = settleAttachments(cluster);
        const fresh = aCluster({ capacityProviders: cluster.capacityProviders });
        const expected = settleAttachments(withProviderAttachments(fresh, find, newUuid));
        expect(attached(settled)).toEqual(attached(expected));
        expect(withProviderAttachments(settled, find, newUuid)).toBe(settled);
        const gone = settled.attachments.filter(({ status }) => status === 'DELETED');
        expect(gone.length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
