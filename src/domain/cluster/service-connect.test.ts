import { expect, test } from 'vitest';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import { settleAttachments } from './attachments.ts';
import { withNamespace, withoutNamespace } from './service-connect.ts';

const namespaceArn = 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1';

test('a namespace is attached in two steps', () => {
  const updating = withNamespace(aCluster({ status: 'PROVISIONING' }), namespaceArn, 'a1');
  expect(updating).toMatchObject({
    serviceConnectNamespaceArn: namespaceArn,
    attachments: [{ id: 'a1', type: 'sc', status: 'PRECREATED' }],
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
  });
  expect(settleAttachments(updating)).toMatchObject({
    status: 'ACTIVE',
    attachments: [{ id: 'a1', status: 'ATTACHED' }],
    attachmentsStatus: 'UPDATE_COMPLETE',
  });
});

test('a second namespace leaves the attachment of the first as DELETED', () => {
  const first = settleAttachments(withNamespace(aCluster(), namespaceArn, 'a1'));
  const second = settleAttachments(withNamespace(first, `${namespaceArn}2`, 'a2'));
  expect(second.attachments).toEqual([
    { id: 'a1', type: 'sc', status: 'DELETED' },
    { id: 'a2', type: 'sc', status: 'ATTACHED' },
  ]);
});

test('the namespace may be cleared; without one nothing changes', () => {
  const attached = settleAttachments(withNamespace(aCluster(), namespaceArn, 'a1'));
  const cleared = withoutNamespace(attached);
  expect(cleared).not.toHaveProperty('serviceConnectNamespaceArn');
  expect(cleared.attachments).toEqual([{ id: 'a1', type: 'sc', status: 'DELETED' }]);
  expect(withoutNamespace(cleared)).toBe(cleared);
});

test('of attachments that are gone the newest ten are shown', () => {
  let cluster = aCluster();
  for (let i = 0; i < 15; i += 1) cluster = withNamespace(cluster, namespaceArn, `a${i}`);
  expect(cluster.attachments.map(({ id }) => id)).toEqual(
    [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((i) => `a${i}`),
  );
});
