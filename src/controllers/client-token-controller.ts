import type { Instant } from '../domain/instant.ts';
import { clientTokenLifetimeMs } from '../domain/task/client-token.ts';
import type { Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import { lookAgain, settled, type Next } from './controller.ts';
import { RecordController } from './record-controller.ts';

/** A client token is kept for a day, or as long as one of its tasks is remembered if that is shorter. */
export class ClientTokenController extends RecordController {
  readonly name = 'client-token';

  protected *unsettled({ clientTokens }: ReadonlyTables): Iterable<string> {
    for (const token of clientTokens.values()) yield token.key;
  }

  protected settle(tx: Transaction, key: string, now: Instant): Next {
    const token = tx.clientTokens.find(key);
    if (!token) return settled;
    const until = token.createdAt + clientTokenLifetimeMs;
    const remembered = token.taskArns.some((arn) => tx.tasks.findByArn(arn));
    if (remembered && until > now) return lookAgain(until);
    tx.clientTokens.delete(token);
    return settled;
  }
}
