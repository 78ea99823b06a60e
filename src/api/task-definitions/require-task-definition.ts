import type { Scope } from '../../domain/arn.ts';
import { invalidParameter, type EcsError } from '../../domain/errors.ts';
import { requireActive } from '../../domain/task-definition/new-task-definition.ts';
import {
  parseTaskDefinitionRef,
  taskDefinitionNotFound,
  type TaskDefinitionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/**
 * The definition that a task is to be started from.
 * @param refuse makes the error for one that is not ACTIVE: operations differ in its code
 * @throws EcsError where there is none, or it is not ACTIVE
 */
export function requireRunnable(
  tables: ReadonlyTables,
  scope: Scope,
  text: string | undefined,
  refuse: (message: string) => EcsError = invalidParameter,
): TaskDefinition {
  const ref = parseTaskDefinitionRef(scope, text);
  const definition = requireTaskDefinition(tables, scope, ref, taskDefinitionNotFound);
  requireActive(definition, refuse);
  return definition;
}

/** A family stands for its latest ACTIVE revision; a revision may be in any status. */
export function requireTaskDefinition(
  tables: ReadonlyTables,
  scope: Scope,
  ref: TaskDefinitionRef,
  notFound: () => EcsError,
): TaskDefinition {
  const { taskDefinitions } = tables;
  const definition =
    ref.kind === 'family'
      ? taskDefinitions.findLatestActive(scope, ref.family)
      : taskDefinitions.findRevision(scope, ref.family, ref.revision);
  if (!definition) throw notFound();
  return definition;
}
