import { expect, test } from 'vitest';
import { aCluster, scope } from '../../../test/fixtures/a-cluster.ts';
import { aContext, openState } from '../../../test/fixtures/open-state.ts';
import { clusterArn } from '../../domain/arn.ts';
import { maximumClusters } from '../../domain/cluster/new-cluster.ts';
import {
  maximumNamespaces,
  namespaceArn,
  namespaceOfCluster,
} from '../../domain/namespace/namespace.ts';
import { newId } from '../../support/ids.ts';
import { createCluster } from './create-cluster.ts';

test('an account has at most 10,000 clusters in a region, INACTIVE ones not counted', async () => {
  const ctx = aContext(await openState());
  const fill = (count: number, given: Parameters<typeof aCluster>[0]): void =>
    ctx.state.transact((tx) => {
      for (let number = 0; number < count; number += 1) {
        const name = `${given?.status ?? 'ACTIVE'}-${number}`;
        tx.clusters.put(aCluster({ ...given, name, arn: clusterArn(scope, name) }));
      }
    });
  fill(maximumClusters - 1, {});
  fill(2, { status: 'INACTIVE' });
  expect(createCluster({ clusterName: 'last' }, ctx).cluster?.status).toBe('ACTIVE');
  expect(() => createCluster({ clusterName: 'more' }, ctx)).toThrow(
    'The maximum number of clusters has been reached.',
  );
  // One that is there already is no more.
  expect(createCluster({ clusterName: 'last' }, ctx).cluster?.status).toBe('ACTIVE');
  const other = { ...scope, region: 'eu-west-1' };
  const elsewhere = createCluster({ clusterName: 'more' }, { ...ctx, scope: other });
  expect(elsewhere.cluster?.status).toBe('ACTIVE');
  await ctx.state.flush();
});

test('an account has at most 50 namespaces in a region', async () => {
  const ctx = aContext(await openState());
  ctx.state.transact((tx) => {
    for (let number = 0; number < maximumNamespaces; number += 1) {
      const arn = namespaceArn(scope, newId());
      const name = `ns${number}`;
      tx.namespaces.put(namespaceOfCluster({ scope, arn, name, httpName: name, now: 0 }));
    }
  });
  const known = { serviceConnectDefaults: { namespace: 'ns1' } };
  expect(createCluster({ clusterName: 'a', ...known }, ctx).cluster?.status).toBe('PROVISIONING');
  const unknown = { serviceConnectDefaults: { namespace: 'one-more' } };
  expect(() => createCluster({ clusterName: 'b', ...unknown }, ctx)).toThrow(
    'The maximum number of namespaces has been reached.',
  );
});
