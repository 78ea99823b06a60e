import type { Instant } from '../domain/instant.ts';
import type { Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import { lookAgain, settled, type Next } from './controller.ts';
import { RecordController } from './record-controller.ts';

/** Removes secrets that are marked for deletion when their recovery windows end. */
export class SecretController extends RecordController {
  readonly name = 'secret';

  protected *unsettled({ secrets }: ReadonlyTables): Iterable<string> {
    for (const { arn } of secrets.deleted()) yield arn;
  }

  protected settle(tx: Transaction, arn: string, now: Instant): Next {
    const secret = tx.secrets.find(arn);
    if (!secret?.deletion) return settled;
    const { goneAt } = secret.deletion;
    if (goneAt > now) return lookAgain(goneAt);
    tx.secrets.delete(secret);
    tx.sealedValues.keepOnly(arn, new Set());
    return settled;
  }
}
