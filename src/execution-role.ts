import { roleCredentials } from './role-credentials.ts';
import type { ExecutionCredentials } from './task-configuration/aws-source.ts';
import type { TaskRoles } from './task-roles.ts';

/** Whose credentials read the configuration of a task: those of its execution role. */
export function executionRole(roles: TaskRoles): ExecutionCredentials {
  const credentialsOf = roleCredentials(roles);
  return ({ executionRoleArn, taskArn }) => credentialsOf(executionRoleArn, taskArn);
}
