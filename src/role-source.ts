import type { IssueRole } from './compute/ecs-agent/role-credentials.ts';
import type { RoleSource } from './task-endpoint/task-credentials.ts';
import type { TaskRoles } from './task-roles.ts';

/** Credentials without an end are told to end, so that SDKs ask again and see a changed file. */
const staticLifetimeMs = 6 * 60 * 60 * 1000;

export interface RoleSourceParts {
  readonly roles: TaskRoles;
  readonly issue: IssueRole;
  readonly now: () => number;
}

/**
 * Where the credentials of tasks come from: what the credentials file has for the role, else the STS that the operator
 * has named, else our own, which this server itself accepts.
 */
export function roleSource({ roles, issue, now }: RoleSourceParts): RoleSource {
  return async (role) => {
    const fixed = roles.fixed(role);
    if (fixed) return { ...fixed, expiresAt: now() + staticLifetimeMs };
    return (await roles.assumed(role)) ?? issue(role);
  };
}
