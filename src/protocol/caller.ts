import type { IncomingHttpHeaders } from 'node:http';
import type { Authorization } from './authorization.ts';
import { parseAuthorization } from './authorization.ts';
import { wrongScope } from './front-door-errors.ts';

/** Who sends a request, and to which region. */
export interface Caller {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly callerArn: string;
  readonly region: string;
}

/** A request as far as its signature covers it: `POST /`, or the GET that asks for a websocket. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent, before it is inflated. */
  readonly body: Buffer;
  /** The name in the scope of signatures for the service that is called. */
  readonly signingName: string;
  readonly now: number;
}

/**
 * Finds out who sends a request.
 * @throws FrontDoorError where that cannot be known, or is not true
 */
export type Authenticate = (request: SignedRequest) => Caller;

export const accountIdShape = /^\d{12}$/;
export const invalidRegion = 'Credential should be scoped to a valid region.';

const regionShape = /^[a-z0-9-]{1,32}$/;
export const defaultRegion = 'us-east-1';
export const defaultAccountId = '012345678910';

/** The region of a scope, where its name may become part of ARNs. */
export function regionOf(authorization: Authorization): string | undefined {
  if (authorization.region === '') return defaultRegion;
  return regionShape.test(authorization.region) ? authorization.region : undefined;
}

export function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}

/**
 * Accepts every signature: the rule without a credentials file, on loopback. Twelve digits name an
 * account.
 */
export function acceptAnyone({ headers }: SignedRequest): Caller {
  const authorization = parseAuthorization(headers);
  const region = regionOf(authorization);
  if (region === undefined) throw wrongScope([invalidRegion]);

  const { accessKeyId } = authorization;
  const accountId = accountIdShape.test(accessKeyId) ? accessKeyId : defaultAccountId;
  return { accessKeyId, accountId, callerArn: rootArn(accountId), region };
}
