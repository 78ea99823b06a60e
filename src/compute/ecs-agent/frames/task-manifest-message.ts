import { frame, integer, listOf, object } from './frame.ts';
import { addressed, generated } from './addressed.ts';
import { taskIdentity } from './task-identity.ts';

/**
 * All tasks that should run on an instance. The agent takes it in only if `timeline` is greater than all sequence
 * numbers that it has seen.
 */
export const taskManifestMessage = frame(
  'TaskManifestMessage',
  object({ ...addressed, ...generated, timeline: integer, tasks: listOf(taskIdentity) }),
);
