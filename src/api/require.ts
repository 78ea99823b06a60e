import type { Scope } from '../domain/arn.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import {
  clusterInactive,
  clusterNotActive,
  clusterNotFound,
} from '../domain/cluster/cluster-errors.ts';
import { parseClusterRef } from '../domain/cluster/cluster-ref.ts';
import { invalidParameter } from '../domain/errors.ts';
import type { ReadonlyTables } from '../state/tables.ts';

/** @throws EcsError ClusterNotFoundException */
export function requireCluster(
  tables: ReadonlyTables,
  scope: Scope,
  ref: string | undefined,
): Cluster {
  const cluster = tables.clusters.findByArn(parseClusterRef(scope, ref));
  if (!cluster) throw clusterNotFound();
  return cluster;
}

/**
 * The cluster that an operation works in.
 * @throws EcsError ClusterNotFoundException, also where it is INACTIVE or about to be
 */
export function requireLiveCluster(
  tables: ReadonlyTables,
  scope: Scope,
  ref: string | undefined,
): Cluster {
  const cluster = requireCluster(tables, scope, ref);
  if (cluster.status === 'INACTIVE' || cluster.status === 'DEPROVISIONING') {
    throw clusterInactive(); // A task that it took now would outlive it.
  }
  return cluster;
}

/**
 * The cluster that an operation is to change. Unlike elsewhere, it must be named.
 * @throws EcsError
 */
export function requireActiveCluster(
  tables: ReadonlyTables,
  scope: Scope,
  ref: string | undefined,
): Cluster {
  const cluster = requireCluster(tables, scope, requireClusterRef(ref));
  if (cluster.status !== 'ACTIVE') throw clusterNotActive();
  return cluster;
}

/** For the operations whose `cluster` has no default. */
export function requireClusterRef(ref: string | undefined): string {
  if (ref === undefined || ref === '') throw invalidParameter('Clusters can not be blank.');
  return ref;
}
