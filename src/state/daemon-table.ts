import {
  daemonArn,
  lastPathElement,
  scopeOfArn,
  type CapacityProviderArn,
  type ClusterArn,
  type DaemonArn,
  type TaskDefinitionArn,
} from '../domain/arn.ts';
import {
  daemonGroupPrefix,
  providersOf,
  revisionsOf,
  type Daemon,
} from '../domain/daemon/daemon.ts';
import { GroupIndex, MembershipIndex, Table, type Journal } from './table.ts';

export class DaemonTable extends Table<Daemon> {
  readonly #byCluster = this.derive(new GroupIndex<Daemon>(({ clusterArn }) => clusterArn));
  readonly #byProvider = this.derive(new MembershipIndex<Daemon>(providersOf));
  readonly #byDefinition = this.derive(
    new MembershipIndex<Daemon>((daemon) => [
      ...new Set(revisionsOf(daemon).map(({ taskDefinitionArn }) => taskDefinitionArn)),
    ]),
  );

  constructor(journal: Journal) {
    super('daemon', (daemon) => daemon.arn, journal);
  }

  findByArn(arn: DaemonArn): Daemon | undefined {
    return this.find(arn);
  }

  /** The daemon whose tasks are of a group, where it is one of a daemon. */
  findByGroup(clusterArn: ClusterArn, group: string): Daemon | undefined {
    if (!group.startsWith(daemonGroupPrefix)) return undefined;
    const name = group.slice(daemonGroupPrefix.length);
    return this.find(daemonArn(scopeOfArn(clusterArn), lastPathElement(clusterArn), name));
  }

  /** Daemons of a cluster, by ARN. */
  list(clusterArn: ClusterArn, after: string | undefined): IterableIterator<Daemon> {
    return this.rowsOf(this.#byCluster.of(clusterArn).after(after));
  }

  /** Daemons that have tasks on the instances of a capacity provider, or are to have some. */
  ofProvider(arn: CapacityProviderArn): IterableIterator<Daemon> {
    return this.rowsOf(this.#byProvider.of(arn).after(undefined));
  }

  /** Whether a daemon may still start tasks from a definition. */
  usesDefinition(arn: TaskDefinitionArn): boolean {
    return this.#byDefinition.of(arn).size > 0;
  }
}
