import type { RecordKey, State } from '../state/state.ts';
import { settled, type Controller, type Next } from './controller.ts';

/** A definition in DELETE_IN_PROGRESS goes once no task and no service uses it any more. */
export class TaskDefinitionController implements Controller {
  readonly name = 'task-definition';
  readonly #state: State;

  constructor({ state }: { readonly state: State }) {
    this.#state = state;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    const { tasks, taskDefinitions } = this.#state.read;
    if (kind === 'task-definition') {
      const definition = taskDefinitions.find(key);
      return definition ? [definition.arn] : [];
    }
    // Which definitions a service used before is not known here; few are being deleted at a time.
    if (kind === 'service') return [...this.allKeys()];
    const task = kind === 'task' ? tasks.find(key) : undefined;
    return task?.lastStatus === 'STOPPED' ? [task.taskDefinitionArn] : [];
  }

  *allKeys(): IterableIterator<string> {
    for (const definition of this.#state.read.taskDefinitions.deleting()) yield definition.arn;
  }

  reconcile(arn: string): Next {
    return this.#state.transact((tx) => {
      const definition = tx.taskDefinitions.findByArn(arn);
      const unused =
        definition &&
        !tx.tasks.usesDefinition(definition.arn) &&
        !tx.services.usesDefinition(definition.arn);
      if (unused && definition.status === 'DELETE_IN_PROGRESS') {
        tx.taskDefinitions.delete(definition);
      }
      return settled;
    });
  }
}
