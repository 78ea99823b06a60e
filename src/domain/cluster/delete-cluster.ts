import type { Instant } from '../instant.ts';
import { hasAttachments, withoutAttachments } from './attachments.ts';
import type { Cluster } from './cluster.ts';
import {
  attachmentsBusy,
  containsCapacityProviders,
  containsContainerInstances,
  containsServices,
  containsTasks,
} from './cluster-errors.ts';

/** What a cluster still holds. */
export interface ClusterContents {
  readonly containerInstances: number;
  readonly services: number;
  /** All that have not STOPPED. */
  readonly tasks: number;
  /** Capacity providers that belong to this cluster alone. */
  readonly capacityProviders: number;
}

/** @throws EcsError UpdateInProgressException or ClusterContains…Exception, in the order of ECS */
export function deletedCluster(cluster: Cluster, contents: ClusterContents, now: Instant): Cluster {
  if (cluster.status === 'INACTIVE' || cluster.status === 'DEPROVISIONING') return cluster;
  if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') throw attachmentsBusy();
  if (contents.containerInstances > 0) throw containsContainerInstances();
  if (contents.services > 0) throw containsServices();
  if (contents.tasks > 0) throw containsTasks();
  if (contents.capacityProviders > 0) throw containsCapacityProviders();
  return hasAttachments(cluster)
    ? { ...cluster, status: 'DEPROVISIONING' }
    : inactiveCluster(cluster, now);
}

/** The end of a cluster's life; it can still be described for a while. */
export function inactiveCluster(cluster: Cluster, now: Instant): Cluster {
  return { ...withoutAttachments(cluster), status: 'INACTIVE', inactiveAt: now };
}
