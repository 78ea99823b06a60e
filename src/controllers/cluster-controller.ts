import { settleAttachments } from '../domain/cluster/attachments.ts';
import { inactiveCluster } from '../domain/cluster/delete-cluster.ts';
import type { Instant } from '../domain/instant.ts';
import type { Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import { lookAgain, settled, type Next } from './controller.ts';
import { RecordController } from './record-controller.ts';
import { inactiveClusterRetentionMs } from './retention.ts';

/** Finishes what CreateCluster, UpdateCluster and DeleteCluster began, and forgets INACTIVE clusters in time. */
export class ClusterController extends RecordController {
  readonly name = 'cluster';

  protected *unsettled({ clusters }: ReadonlyTables): Iterable<string> {
    for (const cluster of clusters.unsettled()) yield cluster.arn;
    for (const cluster of clusters.inactive()) yield cluster.arn;
  }

  protected settle(tx: Transaction, key: string, now: Instant): Next {
    const cluster = tx.clusters.find(key);
    if (!cluster) return settled;
    if (cluster.status === 'INACTIVE') {
      const until = (cluster.inactiveAt ?? 0) + inactiveClusterRetentionMs;
      if (until > now) return lookAgain(until);
      tx.clusters.delete(cluster);
    } else if (cluster.status === 'DEPROVISIONING') {
      tx.clusters.put(inactiveCluster(cluster, now));
    } else if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') {
      tx.clusters.put(settleAttachments(cluster));
    }
    return settled;
  }
}
