/** Says whether an event's message is found. */
export type MessageFilter = (message: string) => boolean;
