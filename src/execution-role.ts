import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import { lastPathElement, scopeOfArn } from './domain/arn.ts';
import type { StaticRole } from './protocol/credentials.ts';
import type { ExecutionCredentials } from './task-configuration/aws-source.ts';

/**
 * Whose credentials read the configuration of a task: what the credentials file has for its execution role, else
 * those that the STS gives which the operator has named, else the server's own.
 */
export function executionRole(
  roles: ReadonlyMap<string, StaticRole>,
  awsEndpoints: AwsEndpoints,
): ExecutionCredentials {
  return async ({ executionRoleArn: roleArn, taskArn }) => {
    if (roleArn === undefined) return undefined;
    const fixed = roles.get(roleArn);
    if (fixed) return fixed;
    const settings = awsEndpoints.settingsOf('sts', scopeOfArn(taskArn).region);
    if (!settings) return undefined;
    const { assumeRole } = await import('./aws/assume-role.ts');
    return assumeRole(settings, roleArn, lastPathElement(taskArn));
  };
}
