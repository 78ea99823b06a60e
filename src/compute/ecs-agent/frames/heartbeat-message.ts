import { flag, frame, object, optional, text } from './frame.ts';

/** Keeps a connection alive, on both channels: without it the agent hangs up after a minute. On ACS it is acked. */
export const heartbeatMessage = frame(
  'HeartbeatMessage',
  object({ messageId: optional(text), healthy: flag }),
);
