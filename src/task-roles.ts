import type { AssumedRole } from './aws/assume-role.ts';
import type { AwsEndpoints } from './aws/aws-endpoints.ts';
import { lastPathElement, scopeOfArn, type TaskArn } from './domain/arn.ts';
import { isOfOwnAccount, roleArnOf } from './domain/task/task-role.ts';
import type { CredentialsFile, StaticRole } from './protocol/credentials.ts';

export interface RoleOfTask {
  readonly roleArn: string;
  readonly taskArn: TaskArn;
}

export interface TaskRoleParts {
  readonly credentials: CredentialsFile | undefined;
  readonly awsEndpoints: AwsEndpoints;
}

/**
 * What the operator has said of roles: credentials in the credentials file, and an STS. Where that
 * file tells accounts apart, a task has the roles of its own account alone, as on ECS.
 */
export class TaskRoles {
  readonly #credentials: CredentialsFile | undefined;
  readonly #endpoints: AwsEndpoints;

  constructor({ credentials, awsEndpoints }: TaskRoleParts) {
    this.#credentials = credentials;
    this.#endpoints = awsEndpoints;
  }

  fixed(role: RoleOfTask): StaticRole | undefined {
    if (!this.#isPermitted(role)) return undefined;
    return this.#credentials?.roles.get(roleArnOf(role.roleArn, role.taskArn));
  }

  /**
   * Undefined where no STS is named.
   * @throws Error where the STS gives nothing, or is not asked because of whose the role is
   */
  async assumed(role: RoleOfTask): Promise<AssumedRole | undefined> {
    const { taskArn } = role;
    const settings = this.#endpoints.settingsOf('sts', scopeOfArn(taskArn).region);
    if (!settings) return undefined;
    const roleArn = roleArnOf(role.roleArn, taskArn);
    if (!this.#isPermitted(role)) throw new Error(`${roleArn} is a role of another account.`);
    const { assumeRole } = await import('./aws/assume-role.ts');
    return assumeRole(settings, roleArn, lastPathElement(taskArn));
  }

  #isPermitted({ roleArn, taskArn }: RoleOfTask): boolean {
    return this.#credentials === undefined || isOfOwnAccount(roleArn, taskArn);
  }
}
