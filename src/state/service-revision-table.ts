import type { ServiceArn, ServiceRevisionArn } from '../domain/arn.ts';
import type { ServiceRevision } from '../domain/service/service.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

export class ServiceRevisionTable extends Table<ServiceRevision> {
  readonly #byService = this.derive(
    new GroupIndex<ServiceRevision>(({ serviceArn }) => serviceArn),
  );

  constructor(journal: Journal) {
    super('service-revision', (revision) => revision.arn, journal);
  }

  findByArn(arn: ServiceRevisionArn): ServiceRevision | undefined {
    return this.find(arn);
  }

  ofService(arn: ServiceArn): IterableIterator<ServiceRevision> {
    return this.rowsOf(this.#byService.of(arn).after(undefined));
  }
}
