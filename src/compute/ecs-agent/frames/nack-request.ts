import { frame, object, optional, text } from './frame.ts';

/** The agent refuses an update of itself. */
export const nackRequest = frame(
  'NackRequest',
  object({ cluster: text, containerInstance: text, messageId: text, reason: optional(text) }),
);
