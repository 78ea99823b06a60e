import { frame, object, optional } from './frame.ts';
import { addressed } from './addressed.ts';
import { updateInfo } from './update-info.ts';

/** Tells the agent to fetch another version of itself; acked, or refused with a NackRequest. */
export const stageUpdateMessage = frame(
  'StageUpdateMessage',
  object({ ...addressed, updateInfo: optional(updateInfo) }),
);
