import type { Cluster, ClusterAttachment } from './cluster.ts';

/** Makes a namespace the cluster's default: the former attachment lingers as DELETED. */
export function withNamespace(
  cluster: Cluster,
  namespaceArn: string,
  attachmentId: string,
): Cluster {
  return {
    ...cluster,
    serviceConnectNamespaceArn: namespaceArn,
    attachments: [
      ...detached(cluster.attachments),
      { id: attachmentId, type: 'sc', status: 'PRECREATED' },
    ],
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
  };
}

/** Clears the default namespace; the namespace itself stays in Cloud Map. */
export function withoutNamespace(cluster: Cluster): Cluster {
  if (cluster.serviceConnectNamespaceArn === undefined) return cluster;
  const { serviceConnectNamespaceArn: _, ...rest } = cluster;
  return { ...rest, attachments: detached(cluster.attachments) };
}

/** How many attachments that are gone are still shown. */
const shownDeletedAttachments = 10;

function detached(attachments: readonly ClusterAttachment[]): readonly ClusterAttachment[] {
  return attachments
    .map((attachment) => ({ ...attachment, status: 'DELETED' }) as const)
    .slice(-shownDeletedAttachments);
}

/** What is being set up for a cluster, or torn down, has come to its end. */
export function settleAttachments(cluster: Cluster): Cluster {
  const attachments = cluster.attachments.map((attachment): ClusterAttachment =>
    attachment.status === 'PRECREATED' ? { ...attachment, status: 'ATTACHED' } : attachment,
  );
  return {
    ...cluster,
    status: cluster.status === 'PROVISIONING' ? 'ACTIVE' : cluster.status,
    attachments,
    attachmentsStatus: 'UPDATE_COMPLETE',
  };
}
