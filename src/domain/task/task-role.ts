import { isArn, scopeOfArn, type TaskArn } from '../arn.ts';

/** A definition names a role by its ARN, or by its bare name: then it is of the task's account. */
export function roleArnOf(role: string, taskArn: TaskArn): string {
  if (isArn(role)) return role;
  const { partition, accountId } = scopeOfArn(taskArn);
  return `arn:${partition}:iam::${accountId}:role/${role}`;
}

export function isOfOwnAccount(role: string, taskArn: TaskArn): boolean {
  return scopeOfArn(roleArnOf(role, taskArn)).accountId === scopeOfArn(taskArn).accountId;
}
