import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import type { IssueRole } from './compute/ecs-agent/role-credentials.ts';
import type { StaticRole } from './protocol/credentials.ts';
import { roleCredentials } from './role-credentials.ts';
import type { RoleSource } from './task-endpoint/task-credentials.ts';

/** Credentials without an end are told to end, so that SDKs ask again and see a changed file. */
const staticLifetimeMs = 6 * 60 * 60 * 1000;

export interface RoleSourceParts {
  readonly roles: ReadonlyMap<string, StaticRole>;
  readonly awsEndpoints: AwsEndpoints;
  readonly issue: IssueRole;
  readonly now: () => number;
}

/**
 * Where the credentials of tasks come from: what the credentials file has for the role, else the STS that the operator
 * has named, else our own, which this server itself accepts.
 */
export function roleSource({ roles, awsEndpoints, issue, now }: RoleSourceParts): RoleSource {
  const credentialsOf = roleCredentials(roles, awsEndpoints);
  return async (role) => {
    const found = await credentialsOf(role.roleArn, role.taskArn);
    return found ? { expiresAt: now() + staticLifetimeMs, ...found } : issue(role);
  };
}
