import type { DiscoveryInstance } from '../domain/cloud-map/discovery-instance.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

/** What is registered with the services of Cloud Map. */
export class DiscoveryInstanceTable extends Table<DiscoveryInstance> {
  readonly #byService: GroupIndex<DiscoveryInstance>;
  readonly #byNamespace: GroupIndex<DiscoveryInstance>;

  constructor(journal: Journal) {
    super('discovery-instance', keyOf, journal);
    this.#byService = this.derive(new GroupIndex(({ serviceArn }) => serviceArn));
    this.#byNamespace = this.derive(new GroupIndex(({ namespaceArn }) => namespaceArn));
  }

  findInstance(serviceArn: string, instanceId: string): DiscoveryInstance | undefined {
    return this.find(keyOf({ serviceArn, instanceId }));
  }

  /** By id; those behind `after`, which is an id. */
  ofService(serviceArn: string, after: string | undefined): IterableIterator<DiscoveryInstance> {
    const key = after === undefined ? undefined : keyOf({ serviceArn, instanceId: after });
    return this.rowsOf(this.#byService.of(serviceArn).after(key));
  }

  countOf(serviceArn: string): number {
    return this.#byService.of(serviceArn).size;
  }

  countIn(namespaceArn: string): number {
    return this.#byNamespace.of(namespaceArn).size;
  }
}

function keyOf({
  serviceArn,
  instanceId,
}: Pick<DiscoveryInstance, 'serviceArn' | 'instanceId'>): string {
  return `${serviceArn} ${instanceId}`;
}
