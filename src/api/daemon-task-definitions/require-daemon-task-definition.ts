import type { Scope } from '../../domain/arn.ts';
import type { DaemonTaskDefinition } from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import type { EcsError } from '../../domain/errors.ts';
import type { TaskDefinitionRef } from '../../domain/task-definition/task-definition-ref.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** A family stands for its latest ACTIVE revision; a revision may be in any status. */
export function requireDaemonTaskDefinition(
  { daemonTaskDefinitions }: ReadonlyTables,
  scope: Scope,
  ref: TaskDefinitionRef,
  notFound: () => EcsError,
): DaemonTaskDefinition {
  const definition =
    ref.kind === 'family'
      ? daemonTaskDefinitions.findLatestActive(scope, ref.family)
      : daemonTaskDefinitions.findRevision(scope, ref.family, ref.revision);
  if (!definition) throw notFound();
  return definition;
}
