import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import type { StaticRole } from './protocol/credentials.ts';
import { roleCredentials } from './role-credentials.ts';
import type { ExecutionCredentials } from './task-configuration/aws-source.ts';

/** Whose credentials read the configuration of a task: those of its execution role. */
export function executionRole(
  roles: ReadonlyMap<string, StaticRole>,
  awsEndpoints: AwsEndpoints,
): ExecutionCredentials {
  const credentialsOf = roleCredentials(roles, awsEndpoints);
  return ({ executionRoleArn, taskArn }) => credentialsOf(executionRoleArn, taskArn);
}
