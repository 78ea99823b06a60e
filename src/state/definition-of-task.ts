import type { TaskDefinitionArn } from '../domain/arn.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { ReadonlyTables } from './tables.ts';

interface DefinitionTables {
  readonly taskDefinitions: Pick<ReadonlyTables['taskDefinitions'], 'findByArn'>;
  readonly daemonTaskDefinitions: Pick<ReadonlyTables['daemonTaskDefinitions'], 'findByArn'>;
}

/** What a task was made from, be it the task of a daemon or any other. */
export function definitionOfTask(
  { taskDefinitions, daemonTaskDefinitions }: DefinitionTables,
  { taskDefinitionArn: arn }: { readonly taskDefinitionArn: TaskDefinitionArn },
): TaskDefinition | undefined {
  return taskDefinitions.findByArn(arn) ?? daemonTaskDefinitions.findByArn(arn);
}
