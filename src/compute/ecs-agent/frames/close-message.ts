import { frame, object, text } from './frame.ts';

/** The agent writes it to its log; it is the websocket's own close that ends a connection. */
export const closeMessage = frame('CloseMessage', object({ message: text }));
