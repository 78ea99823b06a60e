/** A refusal before, or instead of, an operation. Not every one has a message. */
export class FrontDoorError extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: string | undefined;

  constructor(status: number, code: string, text?: string) {
    super(text ?? code);
    this.name = code;
    this.status = status;
    this.code = code;
    this.text = text;
  }
}

// Codes and texts of the front end that AWS's JSON services share. Its own wording where that is
// known; what AWS has no word for (wrong media type, foreign origin, size) says plainly what to
// change.

export function unknownOperation(status: 400 | 404 | 405 = 400): FrontDoorError {
  return new FrontDoorError(status, 'UnknownOperationException');
}

/** An operation of a service of which only a part is served. */
export function unservedOperation(text: string): FrontDoorError {
  return new FrontDoorError(400, 'UnknownOperationException', text);
}

export function unsupportedMediaType(): FrontDoorError {
  return new FrontDoorError(
    415,
    'UnsupportedMediaTypeException',
    'Content-Type must be application/x-amz-json-1.1',
  );
}

export function unsupportedEncoding(): FrontDoorError {
  return new FrontDoorError(
    415,
    'UnsupportedMediaTypeException',
    'Content-Encoding must be gzip or identity',
  );
}

export function requestTooLarge(maximumBytes: number): FrontDoorError {
  return new FrontDoorError(
    413,
    'RequestEntityTooLargeException',
    `Request body must not exceed ${maximumBytes} bytes`,
  );
}

export function throttled(): FrontDoorError {
  return new FrontDoorError(400, 'ThrottlingException', 'Rate exceeded');
}

export function foreignHost(): FrontDoorError {
  return new FrontDoorError(
    403,
    'AccessDeniedException',
    'Without a credentials file, the Host header must name a loopback host such as localhost',
  );
}

export function foreignOrigin(): FrontDoorError {
  return new FrontDoorError(
    403,
    'AccessDeniedException',
    'Without a credentials file, requests of web pages from elsewhere are refused',
  );
}

/** A body that is no JSON object; AWS says no more than that. */
export function malformedBody(): FrontDoorError {
  return new FrontDoorError(400, 'SerializationException');
}

export function nestedTooDeep(): FrontDoorError {
  return new FrontDoorError(400, 'SerializationException', 'Request body is nested too deeply');
}

export function malformedGzip(): FrontDoorError {
  return new FrontDoorError(400, 'SerializationException', 'Request body is not valid gzip');
}

export function missingAuthenticationToken(): FrontDoorError {
  return new FrontDoorError(
    400,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  );
}

/** Names the parts of a signature that are missing. */
export function incompleteSignature(
  missing: readonly string[],
  authorization: string,
): FrontDoorError {
  return new FrontDoorError(
    400,
    'IncompleteSignatureException',
    [...missing, `Authorization=${authorization}`].join(' '),
  );
}

export function incompletePresignedUrl(missing: readonly string[]): FrontDoorError {
  return new FrontDoorError(
    400,
    'IncompleteSignatureException',
    `AWS query-string parameters must include ${missing.map((name) => `'${name}'`).join(', ')}. ` +
      'Re-examine the query-string parameters.',
  );
}

/** [inferred text] */
export function invalidExpiry(mostSeconds: number): FrontDoorError {
  return new FrontDoorError(
    400,
    'IncompleteSignatureException',
    `X-Amz-Expires must be a number of seconds from 1 to ${mostSeconds}.`,
  );
}

export function malformedCredential(credential: string): FrontDoorError {
  return new FrontDoorError(
    400,
    'IncompleteSignatureException',
    'Credential must have exactly 5 slash-delimited elements, ' +
      `e.g. keyid/date/region/service/term, got '${credential}'`,
  );
}

export function malformedDate(date: string): FrontDoorError {
  return new FrontDoorError(
    400,
    'IncompleteSignatureException',
    `Date must be in ISO-8601 'basic format'. Got '${date}'. ` +
      'See http://en.wikipedia.org/wiki/ISO_8601',
  );
}

export function unrecognizedClient(): FrontDoorError {
  return new FrontDoorError(
    400,
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

export function expiredToken(): FrontDoorError {
  return new FrontDoorError(
    400,
    'ExpiredTokenException',
    'The security token included in the request is expired',
  );
}

/** Says all that is wrong with a signature's scope; AWS ends each sentence with a blank. */
export function wrongScope(sentences: readonly string[]): FrontDoorError {
  return invalidSignature(sentences.map((sentence) => `${sentence} `).join(''));
}

export function signatureMismatch(): FrontDoorError {
  return invalidSignature(
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. ' +
      'Consult the service documentation for details.',
  );
}

export function unsignedHost(): FrontDoorError {
  return invalidSignature(
    `'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`,
  );
}

export function unsignedHeaders(names: readonly string[]): FrontDoorError {
  return invalidSignature(
    `There were headers present in the request which were not signed: ${names.join(', ')}`,
  );
}

/** The three dates are in SigV4's form; `earliest` is `now` minus the tolerance. */
export function signatureExpired(date: string, earliest: string, now: string): FrontDoorError {
  return invalidSignature(
    `Signature expired: ${date} is now earlier than ${earliest} (${now} - 5 min.)`,
  );
}

/** The dates are in SigV4's form. [inferred text] */
export function presignedUrlExpired(date: string, seconds: number, now: string): FrontDoorError {
  return invalidSignature(`Signature expired: ${date} is more than ${seconds} s before ${now}`);
}

/** The three dates are in SigV4's form; `latest` is `now` plus the tolerance. */
export function signatureNotYetCurrent(date: string, latest: string, now: string): FrontDoorError {
  return invalidSignature(
    `Signature not yet current: ${date} is still later than ${latest} (${now} + 5 min.)`,
  );
}

export function serverFailure(): FrontDoorError {
  return new FrontDoorError(500, 'ServerException', 'Service Unavailable. Please try again later.');
}

function invalidSignature(text: string): FrontDoorError {
  return new FrontDoorError(400, 'InvalidSignatureException', text);
}
