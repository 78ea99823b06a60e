import { named, object, optional, text, type Shape } from './frame.ts';

/**
 * Credentials of a role as the agent serves them to a task. `credentialsId` is part of the address that the task's
 * environment has: it stays the same when the rest is refreshed, and nobody else may guess it.
 */
export const roleCredentials = object({
  credentialsId: named,
  roleArn: optional(text),
  accessKeyId: optional(text),
  secretAccessKey: optional(text),
  sessionToken: optional(text),
  /** RFC 3339 in UTC: the agent hands it on as it is. */
  expiration: optional(text),
});

export type WireRoleCredentials = typeof roleCredentials extends Shape<infer T> ? T : never;
