import { parseCredential, type Authorization } from './authorization.ts';
import { incompletePresignedUrl, invalidExpiry } from './front-door-errors.ts';

/** A signature that came in a URL, which may be passed on and used for a while. */
export interface PresignedAuthorization extends Authorization {
  readonly validSeconds: number;
  readonly sessionToken: string | undefined;
  /** The URL that was signed: all of it but the signature. */
  readonly signedUrl: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const mostValidSeconds = 7 * 24 * 60 * 60;
const signatureParameter = /[?&]X-Amz-Signature=[^&]*/;
const required = [
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
] as const;

/**
 * Takes apart the signature in a URL (IAM User Guide, "Create a signed AWS API request").
 * @returns undefined where there is none
 * @throws FrontDoorError IncompleteSignatureException
 */
export function parsePresignedUrl(url: string): PresignedAuthorization | undefined {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  if (parameters.get('X-Amz-Algorithm') !== algorithm) return undefined;
  const missing = required.filter((name) => !parameters.get(name));
  if (missing.length > 0) throw incompletePresignedUrl(missing);

  const given = (name: (typeof required)[number]): string => parameters.get(name) ?? '';
  const signedHeaders = given('X-Amz-SignedHeaders');
  return {
    ...parseCredential(given('X-Amz-Credential')),
    signedHeaders,
    signedNames: signedHeaders.split(';'),
    signature: given('X-Amz-Signature'),
    date: given('X-Amz-Date'),
    validSeconds: parseExpiry(given('X-Amz-Expires')),
    sessionToken: parameters.get('X-Amz-Security-Token') ?? undefined,
    signedUrl: withoutSignature(url),
  };
}

function parseExpiry(text: string): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > mostValidSeconds) throw invalidExpiry(mostValidSeconds);
  return seconds;
}

/** Whatever follows the signature takes over the mark before it. */
function withoutSignature(url: string): string {
  return url.replace(signatureParameter, (found) => (found.startsWith('?') ? '?' : ''));
}
