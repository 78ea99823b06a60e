import { frame, object, text } from './frame.ts';

export const heartbeatAckRequest = frame('HeartbeatAckRequest', object({ messageId: text }));
