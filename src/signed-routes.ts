import type { IncomingMessage, ServerResponse } from 'node:http';
import { scopeOfArn } from './domain/arn.ts';
import type { Caller } from './protocol/caller.ts';
import type { RouteHandler } from './protocol/listener.ts';

/** Answers whoever asks; where callers must sign, `caller` is the one who has, and hears of its own account alone. */
export type AccountHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller | undefined,
) => void | Promise<void>;

/** The one guard of all that is told or done outside the API: without a signature that is right, no handler runs. */
export function guarded(hasCredentials: boolean, handler: AccountHandler): RouteHandler {
  return (request, response, callerOf) =>
    handler(request, response, hasCredentials ? callerOf() : undefined);
}

/** To a caller what is of other accounts is not there. */
export function isInReach(arn: string, caller: Caller | undefined): boolean {
  return caller === undefined || scopeOfArn(arn).accountId === caller.accountId;
}
