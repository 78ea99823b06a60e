import type { IncomingHttpHeaders } from 'node:http';
import { foreignHost, foreignOrigin } from './front-door-errors.ts';
import type { FrontDoorError } from './front-door-errors.ts';

/**
 * SDKs put `streaming-` before the host for StartLiveTail, and `data-` for DiscoverInstances. Names under `localhost` are loopback's by
 * RFC 6761, and with the prefix neither `localhost` nor an address can be a name that others own.
 */
const loopbackHost =
  /^(?:stream(?:ing)?-|data-)?(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const loopbackOrigin = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Keeps web pages away from a listener without credentials, which trusts whatever reaches it on
 * loopback. A page may post from its own origin, or name a host of its own and have that resolve to
 * 127.0.0.1 (DNS rebinding); browsers give either away in these headers.
 */
export function refuseForeign(headers: IncomingHttpHeaders): FrontDoorError | undefined {
  if (!loopbackHost.test(headers.host ?? '')) return foreignHost();
  if (headers.origin !== undefined && !loopbackOrigin.test(headers.origin)) return foreignOrigin();
  return undefined;
}
