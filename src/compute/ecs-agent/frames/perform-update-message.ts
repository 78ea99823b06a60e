import { frame, object, optional } from './frame.ts';
import { addressed } from './addressed.ts';
import { updateInfo } from './update-info.ts';

/** Tells the agent to become what it has staged: it acks and ends with code 42. */
export const performUpdateMessage = frame(
  'PerformUpdateMessage',
  object({ ...addressed, updateInfo: optional(updateInfo) }),
);
