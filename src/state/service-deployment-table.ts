import type { ServiceArn, ServiceDeploymentArn } from '../domain/arn.ts';
import { isFinished, type ServiceDeployment } from '../domain/service/service-deployment.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

/** Ids ascend with time, so that the order of ARNs within a service is that of creation. */
export class ServiceDeploymentTable extends Table<ServiceDeployment> {
  readonly #byService = this.derive(
    new GroupIndex<ServiceDeployment>(({ serviceArn }) => serviceArn),
  );
  readonly #unfinished = this.derive(
    new GroupIndex<ServiceDeployment>((deployment) =>
      isFinished(deployment) ? undefined : deployment.serviceArn,
    ),
  );

  constructor(journal: Journal) {
    super('service-deployment', (deployment) => deployment.arn, journal);
  }

  findByArn(arn: ServiceDeploymentArn): ServiceDeployment | undefined {
    return this.find(arn);
  }

  /** All of a service, oldest first. */
  ofService(arn: ServiceArn): IterableIterator<ServiceDeployment> {
    return this.rowsOf(this.#byService.of(arn).after(undefined));
  }

  /** All of a service, newest first. */
  newestOf(arn: ServiceArn, before: string | undefined): IterableIterator<ServiceDeployment> {
    return this.rowsOf(this.#byService.of(arn).before(before));
  }

  /** Those of a service that have not come to their end, oldest first. */
  unfinishedOf(arn: ServiceArn): readonly ServiceDeployment[] {
    return [...this.rowsOf(this.#unfinished.of(arn).after(undefined))];
  }
}
