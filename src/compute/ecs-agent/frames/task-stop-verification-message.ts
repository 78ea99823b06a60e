import { frame, listOf, object, text } from './frame.ts';
import { taskIdentity } from './task-identity.ts';

/** The agent runs tasks that the manifest does not name, and asks whether to stop them. */
export const taskStopVerificationMessage = frame(
  'TaskStopVerificationMessage',
  object({ messageId: text, stopCandidates: listOf(taskIdentity) }),
);
