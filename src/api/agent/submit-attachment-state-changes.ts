import type {
  SubmitAttachmentStateChangesRequest,
  SubmitAttachmentStateChangesResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { applyReport } from '../../domain/task/apply-report.ts';
import { parseAttachmentChange } from '../../domain/task/attachment-change.ts';
import type { RequestContext } from '../operation.ts';
import { acknowledged } from './take-task-change.ts';

/** An agent has found what was announced to it. What nobody waits for any more is passed over. */
export function submitAttachmentStateChanges(
  input: SubmitAttachmentStateChangesRequest,
  { state, scope, now }: RequestContext,
): SubmitAttachmentStateChangesResponse {
  const changes = (input.attachments ?? []).map(parseAttachmentChange);
  state.transact((tx) => {
    for (const { attachmentId, scope: ofAttachment, isAttached } of changes) {
      if (!isAttached || scopeKey(ofAttachment) !== scopeKey(scope)) continue;
      const task = tx.tasks.findByAwaitedAttachment(scope, attachmentId);
      if (!task) continue;
      const isVolume = task.managedVolume?.attachmentId === attachmentId;
      tx.tasks.put(applyReport(task, { kind: isVolume ? 'VolumeFound' : 'Connected', at: now }));
    }
  });
  return acknowledged;
}
