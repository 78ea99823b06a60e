import { object, text } from './frame.ts';

/** Where another agent is found, and the SHA-256 of it in hexadecimal. */
export const updateInfo = object({ location: text, signature: text });
