import { scopeKey, type Scope } from '../domain/arn.ts';
import {
  discoveryServiceArn,
  dnsKey,
  type DiscoveryService,
} from '../domain/cloud-map/discovery-service.ts';
import { cloudMapPrefix } from '../domain/namespace/namespace.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

/** The services of Cloud Map. */
export class DiscoveryServiceTable extends Table<DiscoveryService> {
  readonly #byScope: GroupIndex<DiscoveryService>;
  readonly #byNamespace: GroupIndex<DiscoveryService>;
  readonly #byName: GroupIndex<DiscoveryService>;
  readonly #byDnsName: GroupIndex<DiscoveryService>;
  readonly #byOwner: GroupIndex<DiscoveryService>;

  constructor(journal: Journal) {
    super('discovery-service', ({ arn }) => arn, journal);
    this.#byScope = this.derive(new GroupIndex(({ scope }) => scope));
    this.#byNamespace = this.derive(new GroupIndex(({ namespaceArn }) => namespaceArn));
    this.#byName = this.derive(
      new GroupIndex(({ namespaceArn, name }) => `${namespaceArn} ${name}`),
    );
    this.#byDnsName = this.derive(
      new GroupIndex(({ namespaceArn, name, dnsConfig }) =>
        dnsConfig ? `${namespaceArn} ${dnsKey(name)}` : undefined,
      ),
    );
    this.#byOwner = this.derive(new GroupIndex(({ ownerServiceArn }) => ownerServiceArn));
  }

  findByArn(arn: string): DiscoveryService | undefined {
    return this.find(arn);
  }

  /** @param id `srv-…` */
  findById(scope: Scope, id: string): DiscoveryService | undefined {
    return this.find(discoveryServiceArn(cloudMapPrefix(scope), id));
  }

  findByName(namespaceArn: string, name: string): DiscoveryService | undefined {
    return this.#only(this.#byName, `${namespaceArn} ${name}`);
  }

  /** The service that has a name in the DNS of its namespace, whatever its case. */
  findByDnsName(namespaceArn: string, name: string): DiscoveryService | undefined {
    return this.#only(this.#byDnsName, `${namespaceArn} ${dnsKey(name)}`);
  }

  /** By ARN. */
  list(scope: Scope, after: string | undefined): IterableIterator<DiscoveryService> {
    return this.rowsOf(this.#byScope.of(scopeKey(scope)).after(after));
  }

  /** By ARN. */
  inNamespace(namespaceArn: string, after: string | undefined): IterableIterator<DiscoveryService> {
    return this.rowsOf(this.#byNamespace.of(namespaceArn).after(after));
  }

  countIn(namespaceArn: string): number {
    return this.#byNamespace.of(namespaceArn).size;
  }

  /** Those that were made for the Service Connect of an ECS service. */
  ownedBy(serviceArn: string): IterableIterator<DiscoveryService> {
    return this.rowsOf(this.#byOwner.of(serviceArn).after(undefined));
  }

  #only(index: GroupIndex<DiscoveryService>, group: string): DiscoveryService | undefined {
    const arn = index.of(group).first();
    return arn === undefined ? undefined : this.find(arn);
  }
}
