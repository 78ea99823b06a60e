import { frame, object, text } from './frame.ts';

/** The agent writes it to its log and goes on. */
export const errorMessage = frame('ErrorMessage', object({ message: text }));
