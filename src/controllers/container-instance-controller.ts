import type { Instant } from '../domain/instant.ts';
import type { Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import { lookAgain, settled, type Next } from './controller.ts';
import { RecordController } from './record-controller.ts';
import { inactiveInstanceRetentionMs } from './retention.ts';

/** Forgets deregistered container instances in time. */
export class ContainerInstanceController extends RecordController {
  readonly name = 'container-instance';

  protected *unsettled({ containerInstances }: ReadonlyTables): Iterable<string> {
    for (const instance of containerInstances.inactive()) yield instance.arn;
  }

  protected settle(tx: Transaction, key: string, now: Instant): Next {
    const instance = tx.containerInstances.find(key);
    if (instance?.status !== 'INACTIVE') return settled;
    const until = (instance.deregisteredAt ?? 0) + inactiveInstanceRetentionMs;
    if (until > now) return lookAgain(until);
    tx.containerInstances.delete(instance);
    return settled;
  }
}
