import type { AssumedRole } from './aws/assume-role.ts';
import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import { lastPathElement, scopeOfArn, type TaskArn } from './domain/arn.ts';
import type { StaticRole } from './protocol/credentials.ts';

/**
 * Finds the credentials of a role of a task: what the credentials file has for it, else those that the STS gives
 * which the operator has named; undefined where neither is there, so that the server calls as itself.
 */
export function roleCredentials(
  roles: ReadonlyMap<string, StaticRole>,
  awsEndpoints: AwsEndpoints,
): (
  roleArn: string | undefined,
  taskArn: TaskArn,
) => Promise<StaticRole | AssumedRole | undefined> {
  return async (roleArn, taskArn) => {
    if (roleArn === undefined) return undefined;
    const fixed = roles.get(roleArn);
    if (fixed) return fixed;
    const settings = awsEndpoints.settingsOf('sts', scopeOfArn(taskArn).region);
    if (!settings) return undefined;
    const { assumeRole } = await import('./aws/assume-role.ts');
    return assumeRole(settings, roleArn, lastPathElement(taskArn));
  };
}
