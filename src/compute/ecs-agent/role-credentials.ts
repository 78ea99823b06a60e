import type { TaskArn } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import { roleArnOf } from '../../domain/task/task-role.ts';
import type { TaskOrder } from '../compute.ts';
import type { WireRoleCredentials } from './frames/role-credentials.ts';
import type { TaskCredentials } from './payload/payload-of-task.ts';

/** Temporary credentials of a role. */
export interface IssuedRole {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Instant;
}

/** Stands in for STS: what it issues, the door lets in. */
export type IssueRole = (role: {
  readonly roleArn: string;
  readonly taskArn: TaskArn;
}) => IssuedRole;

/** New credentials of a task's roles, under the ids that the task keeps for its whole life. */
export function credentialsOf(
  { task, taskDefinition }: TaskOrder,
  issue: IssueRole,
): TaskCredentials {
  const { credentialsIds: ids, overrides, arn: taskArn } = task;
  if (!ids) return {};
  const { content } = taskDefinition;
  const roleArn = overrides.taskRoleArn ?? content.taskRoleArn;
  const executionRoleArn = overrides.executionRoleArn ?? content.executionRoleArn;
  const issued = (id: string, role: string) => {
    const asked = { roleArn: roleArnOf(role, taskArn), taskArn };
    return wireForm(id, asked.roleArn, issue(asked));
  };
  return {
    ...(roleArn && { task: issued(ids.task, roleArn) }),
    ...(executionRoleArn && { execution: issued(ids.execution, executionRoleArn) }),
  };
}

function wireForm(credentialsId: string, roleArn: string, issued: IssuedRole): WireRoleCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = issued;
  // Without milliseconds, as STS writes it.
  const expiration = `${new Date(expiresAt).toISOString().slice(0, -'.000Z'.length)}Z`;
  return { credentialsId, roleArn, accessKeyId, secretAccessKey, sessionToken, expiration };
}
