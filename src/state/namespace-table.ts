import { scopeKey, type Scope } from '../domain/arn.ts';
import { dnsKey } from '../domain/cloud-map/discovery-service.ts';
import type { Namespace, NamespaceKind } from '../domain/namespace/namespace.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

/** Of namespaces that share a name, the one that Service Connect takes. */
const preference: readonly NamespaceKind[] = ['HTTP', 'DNS_PRIVATE', 'DNS_PUBLIC'];

export class NamespaceTable extends Table<Namespace> {
  readonly #byName: GroupIndex<Namespace>;
  readonly #byHttpName: GroupIndex<Namespace>;
  readonly #byScope: GroupIndex<Namespace>;
  readonly #zones: GroupIndex<Namespace>;

  constructor(journal: Journal) {
    super('namespace', (namespace) => namespace.arn, journal);
    this.#byName = this.derive(new GroupIndex(({ scope, name }) => `${scope} ${name}`));
    this.#byHttpName = this.derive(new GroupIndex(({ scope, httpName }) => `${scope} ${httpName}`));
    this.#byScope = this.derive(new GroupIndex(({ scope }) => scope));
    this.#zones = this.derive(
      new GroupIndex(({ kind, name }) => (kind === 'DNS_PRIVATE' ? dnsKey(name) : undefined)),
    );
  }

  findByArn(arn: string): Namespace | undefined {
    return this.find(arn);
  }

  /** Of several that share the name an HTTP namespace. */
  findByName(scope: Scope, name: string): Namespace | undefined {
    const named = [...this.named(scope, name)];
    return preference.flatMap((kind) => named.find((one) => one.kind === kind) ?? [])[0];
  }

  /** Those of a name: one of each kind, and a private one for each VPC. */
  named(scope: Scope, name: string): IterableIterator<Namespace> {
    return this.rowsOf(this.#byName.of(`${scopeKey(scope)} ${name}`).after(undefined));
  }

  /** The one that DiscoverInstances calls so. */
  findByHttpName(scope: Scope, httpName: string): Namespace | undefined {
    const arn = this.#byHttpName.of(`${scopeKey(scope)} ${httpName}`).first();
    return arn === undefined ? undefined : this.find(arn);
  }

  /** By ARN. */
  list(scope: Scope, after: string | undefined): IterableIterator<Namespace> {
    return this.rowsOf(this.#byScope.of(scopeKey(scope)).after(after));
  }

  count(scope: Scope): number {
    return this.#byScope.of(scopeKey(scope)).size;
  }

  /** The private namespaces of all accounts that have a name in DNS, whatever its case; by ARN. */
  *privateZones(name: string): IterableIterator<Namespace & { readonly kind: 'DNS_PRIVATE' }> {
    for (const namespace of this.rowsOf(this.#zones.of(dnsKey(name)).after(undefined))) {
      if (namespace.kind === 'DNS_PRIVATE') yield namespace;
    }
  }
}
