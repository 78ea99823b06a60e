import {
  isBuiltInCapacityProvider,
  type FindCapacityProvider,
} from '../capacity-provider/provider-kind.ts';
import type { Cluster, ClusterAttachment, ProviderAttachment } from './cluster.ts';

/**
 * Brings the attachments of a cluster in line with its capacity providers: managed scaling and
 * managed draining each have one (Developer Guide, "Automatically manage Amazon ECS capacity with
 * cluster auto scaling"). What is set up for this and torn down, the cluster controller ends.
 */
export function withProviderAttachments(
  cluster: Cluster,
  find: FindCapacityProvider,
  newUuid: () => string,
): Cluster {
  const wanted = cluster.capacityProviders.flatMap((name) => wantedOf(name, find));
  const isWanted = (attachment: ProviderAttachment): boolean =>
    wanted.some((other) => isSame(other, attachment));
  const unwanted = providerAttachments(cluster).filter((attachment) => !isWanted(attachment));
  const missing = wanted.filter(
    (other) => !providerAttachments(cluster).some((attachment) => isSame(other, attachment)),
  );
  if (unwanted.length === 0 && missing.length === 0) return cluster;
  const attachments = cluster.attachments.map((attachment): ClusterAttachment =>
    attachment.type !== 'sc' && unwanted.includes(attachment)
      ? { ...attachment, status: 'DELETING' }
      : attachment,
  );
  const added = missing.map((attachment) => newAttachment(attachment, newUuid));
  return {
    ...cluster,
    attachments: withoutOldest([...attachments, ...added]),
    attachmentsStatus: 'UPDATE_IN_PROGRESS',
  };
}

type Wanted = Pick<ProviderAttachment, 'type' | 'capacityProvider'>;

function wantedOf(name: string, find: FindCapacityProvider): readonly Wanted[] {
  const provider = isBuiltInCapacityProvider(name) ? undefined : find(name);
  if (provider?.type !== 'EC2_AUTOSCALING') return [];
  const { managedScaling, managedDraining } = provider.settings;
  const wanted: Wanted[] = [];
  if (managedScaling.status === 'ENABLED') {
    wanted.push({ type: 'as_policy', capacityProvider: name });
  }
  if (managedDraining === 'ENABLED') {
    wanted.push({ type: 'managed_draining', capacityProvider: name });
  }
  return wanted;
}

/** Those that are there, or about to be. */
function providerAttachments({ attachments }: Cluster): readonly ProviderAttachment[] {
  return attachments.flatMap((attachment) =>
    attachment.type === 'sc' || attachment.status === 'DELETING' || attachment.status === 'DELETED'
      ? []
      : attachment,
  );
}

function isSame(one: Wanted, other: Wanted): boolean {
  return one.type === other.type && one.capacityProvider === other.capacityProvider;
}

function newAttachment(wanted: Wanted, newUuid: () => string): ProviderAttachment {
  return {
    id: newUuid(),
    ...wanted,
    status: 'PRECREATED',
    resourceName:
      wanted.type === 'as_policy'
        ? `ECSManagedAutoScalingPolicy-${newUuid()}`
        : 'ecs-managed-draining-termination-hook',
  };
}

/** How many attachments that are gone are still shown. */
const shownDeletedAttachments = 10;

/** The attachments without the oldest of those that are gone, where they are many. */
export function withoutOldest(
  attachments: readonly ClusterAttachment[],
): readonly ClusterAttachment[] {
  const gone = attachments.filter(({ status }) => status === 'DELETED');
  const dropped = new Set(gone.slice(0, Math.max(0, gone.length - shownDeletedAttachments)));
  return attachments.filter((attachment) => !dropped.has(attachment));
}

/** What is being set up for a cluster, or torn down, has come to its end. */
export function settleAttachments(cluster: Cluster): Cluster {
  return {
    ...cluster,
    status: cluster.status === 'PROVISIONING' ? 'ACTIVE' : cluster.status,
    attachments: withoutOldest(cluster.attachments.map(settledAttachment)),
    attachmentsStatus: 'UPDATE_COMPLETE',
  };
}

function settledAttachment(attachment: ClusterAttachment): ClusterAttachment {
  if (attachment.type === 'sc') {
    return attachment.status === 'PRECREATED' ? { ...attachment, status: 'ATTACHED' } : attachment;
  }
  switch (attachment.status) {
    case 'PRECREATED':
      return { ...attachment, status: 'CREATED' };
    case 'DELETING':
      return { ...attachment, status: 'DELETED' };
    case 'CREATED':
    case 'DELETED':
      return attachment;
  }
}

/** Whether there is something that a deletion has to tear down. */
export function hasAttachments({ attachments }: Cluster): boolean {
  return attachments.some(({ status }) => status !== 'DELETED');
}

/** Nothing is attached any more. */
export function withoutAttachments(cluster: Cluster): Cluster {
  const attachments = cluster.attachments.map((attachment): ClusterAttachment => ({
    ...attachment,
    status: 'DELETED',
  }));
  return { ...cluster, attachments };
}
