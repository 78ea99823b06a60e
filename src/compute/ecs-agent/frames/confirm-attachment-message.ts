import { frame, integer, named, object, optional, text } from './frame.ts';
import { addressed, generated } from './addressed.ts';
import { attachment } from './attachment.ts';

/** A volume of a task is on its way. */
export const confirmAttachmentMessage = frame(
  'ConfirmAttachmentMessage',
  object({
    ...addressed,
    ...generated,
    taskArn: named,
    taskClusterArn: optional(text),
    /** Five minutes where absent. */
    waitTimeoutMs: optional(integer),
    attachment,
  }),
);
