/** A moment, in milliseconds since the Unix epoch. Becomes a timestamp only at the API's edge. */
export type Instant = number;
