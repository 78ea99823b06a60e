import type { IncomingHttpHeaders } from 'node:http';
import {
  incompleteSignature,
  malformedCredential,
  missingAuthenticationToken,
} from './front-door-errors.ts';

/** A signature of version 4 and what comes with it, taken apart but not verified. */
export interface Authorization {
  /** The access key and the scope, as they were sent. */
  readonly credential: string;
  readonly accessKeyId: string;
  /** The scope: day, region, service and the word `aws4_request`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** Names of the signed headers, separated by semicolons, and one by one. */
  readonly signedHeaders: string;
  readonly signedNames: readonly string[];
  readonly signature: string;
  /** When the request was signed, as X-Amz-Date or Date has it. */
  readonly date: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** Where clients put the signature: at the end. */
const usualBeginning = /^.{1,512},\s*Signature=$/;
const usualEnding = /^[0-9a-f]{64}$/;
const signatureLength = 64;
const mostRemembered = 1024;
/**
 * Authorizations by what precedes their signatures. All requests of a client on one day have that in
 * common, and all that is parsed from it. The oldest give way to new ones.
 */
const remembered = new Map<string, Authorization>();

/**
 * Takes a request's Authorization header apart.
 * @throws FrontDoorError MissingAuthenticationTokenException, IncompleteSignatureException
 */
export function parseAuthorization(headers: IncomingHttpHeaders): Authorization {
  const { authorization } = headers;
  if (authorization === undefined || authorization === '') throw missingAuthenticationToken();

  const beginning = authorization.slice(0, -signatureLength);
  const ending = authorization.slice(-signatureLength);
  const isUsual = usualEnding.test(ending);
  const known = isUsual ? remembered.get(beginning) : undefined;
  const sentAt = dateOf(headers);
  if (known && sentAt) return { ...known, signature: ending, date: sentAt };

  const parsed = parseParameters(authorization, sentAt);
  if (isUsual && usualBeginning.test(beginning)) remember(beginning, parsed);
  return parsed;
}

function remember(beginning: string, authorization: Authorization): void {
  remembered.set(beginning, authorization);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break;
    remembered.delete(oldest);
  }
}

function parseParameters(authorization: string, date: string | undefined): Authorization {
  const parameters = parametersOf(authorization);
  const credential = parameters.get('Credential');
  const signature = parameters.get('Signature');
  const signedHeaders = parameters.get('SignedHeaders');
  if (!credential || !signature || !signedHeaders || !date) {
    throw incompleteSignature(
      missingParts({ credential, signature, signedHeaders, date }),
      authorization,
    );
  }
  const signedNames = signedHeaders.split(';');
  return { ...parseCredential(credential), signedHeaders, signedNames, signature, date };
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

/** @throws FrontDoorError IncompleteSignatureException */
export function parseCredential(credential: string) {
  const [accessKeyId, day, region, service, terminator, ...rest] = credential.split('/');
  if (!accessKeyId || terminator === undefined || rest.length > 0) {
    throw malformedCredential(credential);
  }
  return {
    credential,
    accessKeyId,
    day: day ?? '',
    region: region ?? '',
    service: service ?? '',
    terminator,
  };
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
