import type { TaskArn } from '../arn.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';

/** What a RunTask with a client token came to, for as long as a repeat must give the same. */
export interface ClientToken {
  /** ARN of the cluster, a space, and the token: tokens are scoped to a cluster. */
  readonly key: string;
  /** Digest of the request's text without the token: a repeat must be the same letter by letter. */
  readonly requestDigest: string;
  readonly taskArns: readonly TaskArn[];
  readonly createdAt: Instant;
}

/** A day, as the API reference of RunTask has it. */
export const clientTokenLifetimeMs = 24 * 60 * 60 * 1000;

/** @throws EcsError InvalidParameterException */
export function checkClientToken(token: string | undefined): void {
  if (token === undefined) return;
  if (token.length > 64) throw invalidParameter('clientToken longer than 64.');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw invalidParameter('clientToken contains invalid characters.');
  }
}

/** @throws EcsError ConflictException with the tasks of the first call, where the requests differ */
export function checkSameRequest(token: ClientToken, requestDigest: string): void {
  if (token.requestDigest === requestDigest) return;
  throw new EcsError(
    'ConflictException',
    'The RunTask request could not be processed due to conflicts. The provided clientToken is ' +
      'already in use with a different RunTask request. The resourceIds are the existing task ARNs ' +
      'which are already associated with the clientToken.',
    { resourceIds: token.taskArns },
  );
}
