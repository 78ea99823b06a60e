import { createHash } from 'node:crypto';

/** What tells a request from another one with its client token. Tags may differ between the two. */
export function requestDigest(input: object): string {
  const request = { ...input, clientToken: undefined, tags: undefined };
  return createHash('sha256').update(JSON.stringify(request)).digest('base64');
}
