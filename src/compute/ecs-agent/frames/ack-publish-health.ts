import { frame, object, optional, text } from './frame.ts';

/** Names no message: it is the last one sent that is meant. */
export const ackPublishHealth = frame('AckPublishHealth', object({ message: optional(text) }));
