import { settleAttachments } from '../domain/cluster/attachments.ts';
import { inactiveCluster } from '../domain/cluster/delete-cluster.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { inactiveClusterRetentionMs } from './retention.ts';

/** Finishes what CreateCluster, UpdateCluster and DeleteCluster began, and forgets INACTIVE clusters in time. */
export class ClusterController implements Controller {
  readonly name = 'cluster';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'cluster' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    const { clusters } = this.#state.read;
    for (const cluster of clusters.unsettled()) yield cluster.arn;
    for (const cluster of clusters.inactive()) yield cluster.arn;
  }

  reconcile(key: string): Next {
    return this.#state.transact((tx) => {
      const cluster = tx.clusters.find(key);
      if (!cluster) return settled;
      if (cluster.status === 'INACTIVE') {
        const until = (cluster.inactiveAt ?? 0) + inactiveClusterRetentionMs;
        if (until > this.#clock.now()) return lookAgain(until);
        tx.clusters.delete(cluster);
      } else if (cluster.status === 'DEPROVISIONING') {
        tx.clusters.put(inactiveCluster(cluster, this.#clock.now()));
      } else if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') {
        tx.clusters.put(settleAttachments(cluster));
      }
      return settled;
    });
  }
}
