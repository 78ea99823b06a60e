import { lastPathElement, scopeKey, scopeOfArn } from '../../../domain/arn.ts';

/** What an agent knows an attachment of a task by: it must be an ARN. */
export function attachmentArnOf(taskArn: string, attachmentId: string): string {
  const clusterName = taskArn.split('/').at(-2) ?? lastPathElement(taskArn);
  return `${scopeKey(scopeOfArn(taskArn))}:attachment/${clusterName}/${attachmentId}`;
}
