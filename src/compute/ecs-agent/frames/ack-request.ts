import { frame, object, text } from './frame.ts';

/** The agent has taken a message in. A payload with any invalid task is never acked. */
export const ackRequest = frame(
  'AckRequest',
  object({ cluster: text, containerInstance: text, messageId: text }),
);
