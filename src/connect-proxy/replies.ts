import type { ResponseFlag } from './access-log.ts';

/** What the proxy itself answers, in Envoy's words. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly flag: ResponseFlag | undefined;
}

const beforeHeaders = 'upstream connect error or disconnect/reset before headers. reset reason: ';

export const noHealthyUpstream = { status: 503, text: 'no healthy upstream', flag: 'UH' } as const;
export const connectionFailure = {
  status: 503,
  text: `${beforeHeaders}remote connection failure`,
  flag: 'UF',
} as const;
export const connectionTermination = {
  status: 503,
  text: `${beforeHeaders}connection termination`,
  flag: 'UC',
} as const;
export const requestTimeout = {
  status: 504,
  text: 'upstream request timeout',
  flag: 'UT',
} as const;
export const streamTimeout = { status: 408, text: 'stream timeout', flag: 'SI' } as const;
export const protocolError = {
  status: 502,
  text: `${beforeHeaders}protocol error`,
  flag: undefined,
};
/** Service Connect has no HTTP/1.0. */
export const upgradeRequired = { status: 426, text: '', flag: undefined } as const;

/** Answers that tell of a failure behind the endpoint, and not of the request. */
const failures: ReadonlySet<number> = new Set([502, 503, 504]);

export function tellsOfFailure(status: number): boolean {
  return failures.has(status);
}

/** What may be done twice (RFC 9110, section 9.2.2). */
const idempotent: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
]);

export function isIdempotent(method: string): boolean {
  return idempotent.has(method);
}
