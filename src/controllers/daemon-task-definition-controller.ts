import type { Instant } from '../domain/instant.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { deletedDaemonTaskDefinitionRetentionMs } from './retention.ts';

/** A daemon task definition in DELETE_IN_PROGRESS is DELETED once no daemon uses it, and forgotten in time. */
export class DaemonTaskDefinitionController implements Controller {
  readonly name = 'daemon-task-definition';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    const { tasks, daemonTaskDefinitions } = this.#state.read;
    if (kind === 'daemon-task-definition') {
      const definition = daemonTaskDefinitions.find(key);
      return definition ? [definition.arn] : [];
    }
    // Which definitions a daemon used before is not known here; few are being deleted at a time.
    if (kind === 'daemon') return [...this.allKeys()];
    const task = kind === 'task' ? tasks.find(key) : undefined;
    return task?.lastStatus === 'STOPPED' ? [task.taskDefinitionArn] : [];
  }

  *allKeys(): IterableIterator<string> {
    for (const { arn } of this.#state.read.daemonTaskDefinitions.deleting()) yield arn;
  }

  reconcile(arn: string): Next {
    const now: Instant = this.#clock.now();
    return this.#state.transact((tx) => {
      const definition = tx.daemonTaskDefinitions.findByArn(arn);
      if (definition?.status !== 'DELETE_IN_PROGRESS') return settled;
      if (definition.deletedAt === undefined) {
        const isUsed =
          tx.tasks.usesDefinition(definition.arn) || tx.daemons.usesDefinition(definition.arn);
        if (!isUsed) tx.daemonTaskDefinitions.put({ ...definition, deletedAt: now });
        return settled;
      }
      const until = definition.deletedAt + deletedDaemonTaskDefinitionRetentionMs;
      if (until > now) return lookAgain(until);
      tx.daemonTaskDefinitions.delete(definition);
      return settled;
    });
  }
}
