import type { IncomingHttpHeaders } from 'node:http';
import {
  incompleteSignature,
  malformedCredential,
  missingAuthenticationToken,
} from './front-door-errors.ts';

/** A Signature Version 4 header, taken apart but not verified. */
export interface Authorization {
  readonly accessKeyId: string;
  /** The scope: day, region, service and the word `aws4_request`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** Names of the signed headers, separated by semicolons. */
  readonly signedHeaders: string;
  readonly signature: string;
  /** When the request was signed, as X-Amz-Date or Date has it. */
  readonly date: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * Takes a request's Authorization header apart.
 * @throws FrontDoorError MissingAuthenticationTokenException, IncompleteSignatureException
 */
export function parseAuthorization(headers: IncomingHttpHeaders): Authorization {
  const { authorization } = headers;
  if (authorization === undefined || authorization === '') throw missingAuthenticationToken();

  const parameters = parametersOf(authorization);
  const credential = parameters.get('Credential');
  const signature = parameters.get('Signature');
  const signedHeaders = parameters.get('SignedHeaders');
  const date = dateOf(headers);
  if (!credential || !signature || !signedHeaders || !date) {
    throw incompleteSignature(
      missingParts({ credential, signature, signedHeaders, date }),
      authorization,
    );
  }
  return { ...parseCredential(credential), signedHeaders, signature, date };
}

function parametersOf(authorization: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (!authorization.startsWith(`${algorithm} `)) return parameters;
  for (const part of authorization.slice(algorithm.length).split(',')) {
    const equals = part.indexOf('=');
    if (equals !== -1) parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return parameters;
}

function dateOf(headers: IncomingHttpHeaders): string | undefined {
  const date = headers['x-amz-date'];
  return typeof date === 'string' && date !== '' ? date : headers.date;
}

function parseCredential(credential: string) {
  const [accessKeyId, day, region, service, terminator, ...rest] = credential.split('/');
  if (!accessKeyId || terminator === undefined || rest.length > 0) {
    throw malformedCredential(credential);
  }
  return { accessKeyId, day: day ?? '', region: region ?? '', service: service ?? '', terminator };
}

function missingParts(parts: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(requirements)
    .filter(([part]) => !parts[part])
    .map(([, requirement]) => requirement);
}

const requirements = {
  credential: "Authorization header requires 'Credential' parameter.",
  signature: "Authorization header requires 'Signature' parameter.",
  signedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
  date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};
