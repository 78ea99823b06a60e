import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Authorization } from './authorization.ts';
import { parseAuthorization } from './authorization.ts';
import type { Authenticate, SignedRequest } from './caller.ts';
import { invalidRegion, regionOf } from './caller.ts';
import type { Credential, Credentials } from './credentials.ts';
import {
  expiredToken,
  malformedDate,
  presignedUrlExpired,
  signatureExpired,
  signatureMismatch,
  signatureNotYetCurrent,
  unrecognizedClient,
  unsignedHeaders,
  unsignedHost,
  wrongScope,
} from './front-door-errors.ts';
import { signedForms } from './canonical-url.ts';
import { parsePresignedUrl, type PresignedAuthorization } from './presigned-url.ts';
import type { SigningDate } from './signing-date.ts';
import { hmacWith } from './hmac.ts';
import { parseSigningDate, writeSigningDate } from './signing-date.ts';

const toleranceMs = 5 * 60 * 1000;
const terminator = 'aws4_request';
const maximumSigningKeys = 1024;

/** Headers that decide what a request does, and so must be signed where they are present. */
const signedWherePresent = ['x-amz-date', 'x-amz-security-token', 'x-amz-target'];

/**
 * Verifies signatures (AWS General Reference, "Signature Version 4") with the secrets of
 * `credentials`.
 */
export function verifyWith(credentials: Credentials): Authenticate {
  const signingKeys = new SigningKeys();
  return (request) => {
    const presigned = presignedOf(request);
    const authorization = presigned ?? parseAuthorization(request.headers);
    const credential = credentials.find(authorization.accessKeyId);
    if (credential === undefined) throw unrecognizedClient();
    const token = presigned?.sessionToken ?? request.headers['x-amz-security-token'];
    checkSession(credential, token, request.now);

    const date = dateOf(authorization);
    const region = checkScope(authorization, date.text, request.signingName);
    checkDate(date, request.now, presigned?.validSeconds);
    checkSignedHeaders(authorization, request.headers);
    const sign = signingKeys.find(credential, authorization);
    const url = presigned?.signedUrl ?? request.url;
    checkSignature(sign, { authorization, date: date.text, url, request });
    const { accessKeyId, accountId, callerArn } = credential;
    return { accessKeyId, accountId, callerArn, region };
  };
}

/** Where a header signs, nothing in the URL does. Calls of the API are signed by headers alone. */
function presignedOf({ method, url, headers }: SignedRequest): PresignedAuthorization | undefined {
  if (method !== 'GET' || headers.authorization !== undefined) return undefined;
  return parsePresignedUrl(url);
}

function dateOf({ date }: Authorization): SigningDate {
  const parsed = parseSigningDate(date);
  if (parsed === undefined) throw malformedDate(date);
  return parsed;
}

function checkSession(
  credential: Credential,
  token: string | string[] | undefined,
  now: number,
): void {
  if (token === undefined && credential.sessionToken === undefined) return;
  if (typeof token !== 'string' || !isSameSecret(token, credential.sessionToken ?? '')) {
    throw unrecognizedClient();
  }
  if (credential.expiresAt !== undefined && credential.expiresAt <= now) throw expiredToken();
}

/** Compares hashes, so that neither the time it takes nor a length tells anything. */
function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

/** Returns the scope's region, of which all that is asked is that it may become part of ARNs. */
function checkScope(scope: Authorization, date: string, signingName: string): string {
  const region = regionOf(scope);
  const faults: string[] = [];
  if (region === undefined) faults.push(invalidRegion);
  if (scope.service !== signingName) {
    faults.push(`Credential should be scoped to correct service: '${signingName}'.`);
  }
  if (scope.terminator !== terminator) {
    faults.push(`Credential should be scoped with a valid terminator: '${terminator}'.`);
  }
  const day = date.slice(0, 'YYYYMMDD'.length);
  if (scope.day !== day) {
    faults.push(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.day}' != '${day}', from '${date}'.`,
    );
  }
  if (region === undefined || faults.length > 0) throw wrongScope(faults);
  return region;
}

/** A header is for now; a URL says for how long. */
function checkDate(
  { instant, text }: SigningDate,
  now: number,
  validSeconds: number | undefined,
): void {
  const earliest = now - toleranceMs;
  const latest = now + toleranceMs;
  if (validSeconds !== undefined && now > instant + validSeconds * 1000) {
    throw presignedUrlExpired(text, validSeconds, writeSigningDate(now));
  }
  if (validSeconds === undefined && instant < earliest) {
    throw signatureExpired(text, writeSigningDate(earliest), writeSigningDate(now));
  }
  if (instant > latest) {
    throw signatureNotYetCurrent(text, writeSigningDate(latest), writeSigningDate(now));
  }
}

function checkSignedHeaders(authorization: Authorization, headers: IncomingHttpHeaders): void {
  const signed = authorization.signedNames;
  if (!signed.includes('host')) throw unsignedHost();
  const unsigned = signedWherePresent.filter(
    (name) => headers[name] !== undefined && !signed.includes(name),
  );
  if (unsigned.length > 0) throw unsignedHeaders(unsigned);
}

type Sign = (text: string) => string;

interface Signed {
  readonly authorization: Authorization;
  /** In SigV4's form, even where only a Date header was sent. */
  readonly date: string;
  readonly url: string;
  readonly request: SignedRequest;
}

function checkSignature(sign: Sign, signed: Signed): void {
  const { authorization, date } = signed;
  const { credential, accessKeyId } = authorization;
  const scope = credential.slice(`${accessKeyId}/`.length);
  const signature = authorization.signature.toLowerCase();
  for (const url of signedForms(signed.url)) {
    const stringToSign =
      `AWS4-HMAC-SHA256\n${date}\n${scope}\n` + hash('sha256', canonicalRequest(signed, url));
    if (isSameSignature(signature, sign(stringToSign))) return;
  }
  throw signatureMismatch();
}

const signatureBytes = 64;
const givenSignature = Buffer.alloc(signatureBytes);
const expectedSignature = Buffer.alloc(signatureBytes);

/** Of two texts of the right length; others are not the same. The time that it takes tells nothing. */
function isSameSignature(given: string, expected: string): boolean {
  if (Buffer.byteLength(given) !== signatureBytes) return false;
  givenSignature.write(given);
  expectedSignature.write(expected);
  return timingSafeEqual(givenSignature, expectedSignature);
}

/**
 * The body's hash is always computed: x-amz-content-sha256 is but a claim, and a signature over
 * UNSIGNED-PAYLOAD does not match.
 */
function canonicalRequest({ authorization, request }: Signed, url: string): string {
  const { signedHeaders, signedNames } = authorization;
  const { method, headers, body } = request;
  let canonical = `${method}\n${url}\n`;
  for (const name of signedNames) {
    canonical += `${name}:${canonicalValue(headers[name])}\n`;
  }
  return `${canonical}\n${signedHeaders}\n${hash('sha256', body)}`;
}

const blanks = /[ \t]{2,}|\t/;

function canonicalValue(value: string | string[] | undefined): string {
  const text = (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
  return blanks.test(text) ? text.replaceAll(/[ \t]+/g, ' ') : text;
}

/**
 * Keys that are derived from a secret for a day, region and service. The oldest give way to new
 * ones.
 */
class SigningKeys {
  readonly #keys = new Map<string, { readonly secret: string; readonly sign: Sign }>();

  find({ secretAccessKey }: Credential, authorization: Authorization): Sign {
    const { credential, day, region, service } = authorization;
    const known = this.#keys.get(credential);
    if (known?.secret === secretAccessKey) return known.sign;

    const sign = hmacWith(deriveKey(secretAccessKey, [day, region, service, terminator]));
    this.#keys.set(credential, { secret: secretAccessKey, sign });
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= maximumSigningKeys) break;
      this.#keys.delete(oldest);
    }
    return sign;
  }
}

function deriveKey(secret: string, scope: readonly string[]): Buffer {
  return scope.reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
}
