import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import type { IssueRole } from './compute/ecs-agent/role-credentials.ts';
import { lastPathElement, scopeOfArn } from './domain/arn.ts';
import type { StaticRole } from './protocol/credentials.ts';
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
  return async (role) => {
    const fixed = roles.get(role.roleArn);
    if (fixed) return { ...fixed, expiresAt: now() + staticLifetimeMs };
    const { region } = scopeOfArn(role.taskArn);
    const settings = awsEndpoints.settingsOf('sts', region);
    if (!settings) return issue(role);
    const { assumeRole } = await import('./aws/assume-role.ts');
    return assumeRole(settings, role.roleArn, lastPathElement(role.taskArn));
  };
}
