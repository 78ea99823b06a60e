import type { Cluster, ClusterAttachment } from './cluster.ts';
import { withoutOldest } from './attachments.ts';

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

function detached(attachments: readonly ClusterAttachment[]): readonly ClusterAttachment[] {
  return withoutOldest(
    attachments.map((attachment) =>
      attachment.type === 'sc' ? { ...attachment, status: 'DELETED' } : attachment,
    ),
  );
}
