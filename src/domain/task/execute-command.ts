import { invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { TaskOverrides } from './task.ts';

/** @throws EcsError InvalidParameterException where the task would have no role */
export function checkExecuteCommandRole(
  { content }: TaskDefinition,
  overrides: TaskOverrides,
): void {
  // An empty role counts as none.
  if (overrides.taskRoleArn || content.taskRoleArn) return;
  throw invalidParameter(
    'The execute command failed because a valid task role is not being used. Specify a valid task ' +
      'role in your task definition or as a task override and try again.',
  );
}
