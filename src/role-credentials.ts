import type { AwsClientSettings } from './aws/aws-endpoints.ts';
import type { TaskArn } from './domain/arn.ts';
import type { TaskRoles } from './task-roles.ts';

type Credentials = NonNullable<AwsClientSettings['credentials']>;

/**
 * Finds the credentials of a role of a task: what the credentials file has for it, else those that the STS gives
 * which the operator has named; undefined where neither is there, so that the server calls as itself.
 */
export function roleCredentials(
  roles: TaskRoles,
): (roleArn: string | undefined, taskArn: TaskArn) => Promise<Credentials | undefined> {
  return async (roleArn, taskArn) => {
    if (!roleArn) return undefined;
    const role = { roleArn, taskArn };
    return roles.fixed(role) ?? roles.assumed(role);
  };
}
