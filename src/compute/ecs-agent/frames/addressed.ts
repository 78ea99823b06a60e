import { integer, named } from './frame.ts';

/** What the agent wants filled in on almost every message; it gives cluster and instance back with its ack. */
export const addressed = {
  messageId: named,
  clusterArn: named,
  containerInstanceArn: named,
};

/** When a message was made, in milliseconds since the epoch. */
export const generated = { generatedAt: integer };
