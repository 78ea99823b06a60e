import { named, object, oneOf, optional, text } from './frame.ts';

/** A task and what is wanted of it, in the messages that compare what runs with what should. */
export const taskIdentity = object({
  taskArn: named,
  taskClusterArn: optional(text),
  desiredStatus: oneOf('RUNNING', 'STOPPED'),
});
