import { scopeKey, scopeOfArn } from '../domain/arn.ts';
import type { ClusterArn, ContainerInstanceArn, DaemonArn, Scope } from '../domain/arn.ts';
import type { ContainerInstance } from '../domain/container-instance/container-instance.ts';
import { SharedAttributes } from './shared-attributes.ts';
import { GroupIndex, MembershipIndex, Table, type Journal } from './table.ts';

export class ContainerInstanceTable extends Table<ContainerInstance> {
  readonly #listed: GroupIndex<ContainerInstance>;
  readonly #byToken: GroupIndex<ContainerInstance>;
  readonly #connected: GroupIndex<ContainerInstance>;
  readonly #inactive: GroupIndex<ContainerInstance>;
  readonly #ofMachines: GroupIndex<ContainerInstance>;
  readonly #byProvider = this.derive(
    new GroupIndex<ContainerInstance>(({ status, clusterArn, capacityProviderName: name }) =>
      status === 'INACTIVE' || name === undefined ? undefined : `${clusterArn} ${name}`,
    ),
  );
  readonly #byHolder = this.derive(
    new MembershipIndex<ContainerInstance>(({ status, heldBy = [] }) =>
      status === 'INACTIVE' ? [] : heldBy,
    ),
  );
  readonly #shared = new SharedAttributes();

  constructor(journal: Journal) {
    super('container-instance', (instance) => instance.arn, journal);
    this.#listed = this.derive(
      new GroupIndex(({ status, clusterArn }) => (status === 'INACTIVE' ? undefined : clusterArn)),
    );
    this.#byToken = this.derive(
      new GroupIndex(({ status, arn, registrationToken }) =>
        status === 'INACTIVE' || registrationToken === undefined
          ? undefined
          : `${scopeKey(scopeOfArn(arn))} ${registrationToken}`,
      ),
    );
    this.#connected = this.derive(
      new GroupIndex(({ agentConnected }) => (agentConnected ? '' : undefined)),
    );
    this.#inactive = this.derive(
      new GroupIndex(({ status }) => (status === 'INACTIVE' ? '' : undefined)),
    );
    this.#ofMachines = this.derive(
      new GroupIndex(({ machineId, status }) =>
        machineId === undefined || status === 'INACTIVE' ? undefined : '',
      ),
    );
  }

  override put(instance: ContainerInstance): void {
    const isChanged = this.find(instance.arn)?.attributes !== instance.attributes;
    super.put(isChanged ? this.#sharing(instance) : instance);
  }

  override restore(instance: ContainerInstance): void {
    super.restore(this.#sharing(instance));
  }

  findByArn(arn: ContainerInstanceArn): ContainerInstance | undefined {
    return this.find(arn);
  }

  /** The instance that a registration of this name made. */
  findByToken(scope: Scope, token: string): ContainerInstance | undefined {
    const arn = this.#byToken.of(`${scopeKey(scope)} ${token}`).first();
    return arn === undefined ? undefined : this.find(arn);
  }

  /** The cluster's instances that are not INACTIVE, by ARN. */
  list(clusterArn: ClusterArn, after: string | undefined): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#listed.of(clusterArn).after(after));
  }

  count(clusterArn: ClusterArn): number {
    return this.#listed.of(clusterArn).size;
  }

  /** The instances of a capacity provider that are not INACTIVE, by ARN. */
  ofProvider(clusterArn: ClusterArn, name: string): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#byProvider.of(`${clusterArn} ${name}`).after(undefined));
  }

  /** Those that a daemon keeps from being ACTIVE. */
  heldBy(daemonArn: DaemonArn): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#byHolder.of(daemonArn).after(undefined));
  }

  /** Those whose agent has a connection open. */
  connected(): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#connected.of('').after(undefined));
  }

  inactive(): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#inactive.of('').after(undefined));
  }

  /** Those that stand for machines of Longshore's own, and are not INACTIVE. */
  ofMachines(): IterableIterator<ContainerInstance> {
    return this.rowsOf(this.#ofMachines.of('').after(undefined));
  }

  #sharing(instance: ContainerInstance): ContainerInstance {
    return { ...instance, attributes: this.#shared.of(instance.attributes) };
  }
}
