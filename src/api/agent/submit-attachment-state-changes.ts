import type {
  SubmitAttachmentStateChangesRequest,
  SubmitAttachmentStateChangesResponse,
} from '@aws-sdk/client-ecs';
import { isArn, parseArn } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { acknowledged } from './take-task-change.ts';

/**
 * Agents tell so of volumes and of interfaces of the instance itself. There are none of either in this release,
 * so that nothing waits for it.
 */
export function submitAttachmentStateChanges(
  input: SubmitAttachmentStateChangesRequest,
): SubmitAttachmentStateChangesResponse {
  for (const { attachmentArn = '' } of input.attachments ?? []) {
    // [inferred text]
    if (!isArn(attachmentArn) || parseArn(attachmentArn).resourceType !== 'attachment') {
      throw invalidParameter('Invalid attachmentArn.');
    }
  }
  return acknowledged;
}
