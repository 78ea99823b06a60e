import { frame, listOf, named, object } from './frame.ts';
import { generated } from './addressed.ts';
import { taskIdentity } from './task-identity.ts';

/** The tasks that the agent is to stop. `messageId` is the manifest's: with another one the agent ignores it. */
export const taskStopVerificationAck = frame(
  'TaskStopVerificationAck',
  object({ messageId: named, ...generated, stopTasks: listOf(taskIdentity) }),
);
