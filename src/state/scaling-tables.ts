import { scopeKey, scopeOfArn, type Scope, type ServiceArn } from '../domain/arn.ts';
import type { ScalableTarget } from '../domain/scaling/scalable-target.ts';
import type { ScalingActivity } from '../domain/scaling/scaling-activity.ts';
import type { ScalingPolicy } from '../domain/scaling/scaling-policy.ts';
import type { ScalingRun } from '../domain/scaling/scaling-run.ts';
import type { ScheduledAction } from '../domain/scaling/scheduled-action.ts';
import { GroupIndex, Table, type Journal } from './table.ts';

interface OfService {
  readonly serviceArn: ServiceArn;
}

/** Records of the scaling of services, to be listed by service or all together. */
class ScalingTable<Row extends OfService> extends Table<Row> {
  readonly #byScope = this.derive(
    new GroupIndex<Row>(({ serviceArn }) => scopeKey(scopeOfArn(serviceArn))),
  );
  readonly #byService = this.derive(new GroupIndex<Row>(({ serviceArn }) => serviceArn));

  ofService(arn: string): IterableIterator<Row> {
    return this.rowsOf(this.#byService.of(arn).after(undefined));
  }

  deleteOf(arn: ServiceArn): void {
    const rows = [...this.ofService(arn)];
    for (const row of rows) this.delete(row);
  }

  countOf(arn: ServiceArn): number {
    return this.#byService.of(arn).size;
  }

  countIn(scope: Scope): number {
    return this.#byScope.of(scopeKey(scope)).size;
  }

  /** Those of a service, or of all, in the order of their keys. */
  list(
    scope: Scope,
    service: ServiceArn | undefined,
    after: string | undefined,
  ): IterableIterator<Row> {
    return this.rowsOf(this.#group(scope, service).after(after));
  }

  /** The same from the other end. */
  listNewest(
    scope: Scope,
    service: ServiceArn | undefined,
    before: string | undefined,
  ): IterableIterator<Row> {
    return this.rowsOf(this.#group(scope, service).before(before));
  }

  #group(scope: Scope, service: ServiceArn | undefined) {
    return service === undefined ? this.#byScope.of(scopeKey(scope)) : this.#byService.of(service);
  }
}

/** A service is scaled by one target. */
export class ScalableTargetTable extends ScalingTable<ScalableTarget> {
  readonly #byArn = this.derive(new GroupIndex<ScalableTarget>(({ arn }) => arn));

  constructor(journal: Journal) {
    super('scalable-target', ({ serviceArn }) => serviceArn, journal);
  }

  findByArn(arn: string): ScalableTarget | undefined {
    const [found] = this.rowsOf(this.#byArn.of(arn).after(undefined));
    return found;
  }
}

export class ScalingPolicyTable extends ScalingTable<ScalingPolicy> {
  readonly #byArn = this.derive(new GroupIndex<ScalingPolicy>(({ arn }) => arn));

  constructor(journal: Journal) {
    super('scaling-policy', ({ serviceArn, name }) => `${serviceArn} ${name}`, journal);
  }

  findNamed(service: ServiceArn, name: string): ScalingPolicy | undefined {
    return this.find(`${service} ${name}`);
  }

  findByArn(arn: string): ScalingPolicy | undefined {
    const [found] = this.rowsOf(this.#byArn.of(arn).after(undefined));
    return found;
  }
}

export class ScheduledActionTable extends ScalingTable<ScheduledAction> {
  constructor(journal: Journal) {
    super('scheduled-action', ({ serviceArn, name }) => `${serviceArn} ${name}`, journal);
  }

  findNamed(service: ServiceArn, name: string): ScheduledAction | undefined {
    return this.find(`${service} ${name}`);
  }
}

export class ScalingRunTable extends ScalingTable<ScalingRun> {
  constructor(journal: Journal) {
    super('scaling-run', ({ serviceArn }) => serviceArn, journal);
  }
}

/** Keys ascend with time. */
export class ScalingActivityTable extends ScalingTable<ScalingActivity> {
  constructor(journal: Journal) {
    super('scaling-activity', ({ key }) => key, journal);
  }

  newestOf(arn: ServiceArn): ScalingActivity | undefined {
    const [newest] = this.listNewest(scopeOfArn(arn), arn, undefined);
    return newest;
  }
}
