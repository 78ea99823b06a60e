import type { DaemonArn, DaemonDeploymentArn, DaemonRevisionArn } from '../domain/arn.ts';
import type { DaemonRevision } from '../domain/daemon/daemon.ts';
import {
  isDaemonDeploymentFinished,
  type DaemonDeployment,
} from '../domain/daemon/daemon-deployment.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class DaemonRevisionTable extends Table<DaemonRevision> {
  readonly #byDaemon = this.derive(new GroupIndex<DaemonRevision>(({ daemonArn }) => daemonArn));

  constructor(journal: Journal) {
    super('daemon-revision', (revision) => revision.arn, journal);
  }

  findByArn(arn: DaemonRevisionArn): DaemonRevision | undefined {
    return this.find(arn);
  }

  ofDaemon(arn: DaemonArn): IterableIterator<DaemonRevision> {
    return this.rowsOf(this.#byDaemon.of(arn).after(undefined));
  }
}

/** Ids ascend with time, so that the order of ARNs within a daemon is that of creation. */
export class DaemonDeploymentTable extends Table<DaemonDeployment> {
  readonly #byDaemon = this.derive(new GroupIndex<DaemonDeployment>(({ daemonArn }) => daemonArn));
  readonly #unfinished = this.derive(
    new GroupIndex<DaemonDeployment>((deployment) =>
      isDaemonDeploymentFinished(deployment) ? undefined : deployment.daemonArn,
    ),
  );

  constructor(journal: Journal) {
    super('daemon-deployment', (deployment) => deployment.arn, journal);
  }

  findByArn(arn: DaemonDeploymentArn): DaemonDeployment | undefined {
    return this.find(arn);
  }

  /** All of a daemon, oldest first. */
  ofDaemon(arn: DaemonArn): IterableIterator<DaemonDeployment> {
    return this.rowsOf(this.#byDaemon.of(arn).after(undefined));
  }

  /** All of a daemon, newest first. */
  newestOf(arn: DaemonArn, before: string | undefined): IterableIterator<DaemonDeployment> {
    return this.rowsOf(this.#byDaemon.of(arn).before(before));
  }

  /** Those of a daemon that have not come to their end, oldest first. */
  unfinishedOf(arn: DaemonArn): readonly DaemonDeployment[] {
    return [...this.rowsOf(this.#unfinished.of(arn).after(undefined))];
  }
}
