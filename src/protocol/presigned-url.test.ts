import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { aCredential } from '../../test/fixtures/a-credential.ts';
import { Sha256 } from '../cli/sha-256.ts';
import type { Caller } from './caller.ts';
import { verifyWith } from './verify-signature.ts';

const signedAt = Date.UTC(2026, 8, 16, 9, 35, 0);
const known = aCredential();
const temporary = aCredential({
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: 'a token/with+signs==',
});
const authenticate = verifyWith({
  find: (accessKeyId) => [known, temporary].find((one) => one.accessKeyId === accessKeyId),
});

/** A URL as the SDK presigns it, for a minute. */
async function presign(credential = known, service = 'ecs'): Promise<string> {
  const credentials = credential;
  const signer = new SignatureV4({ credentials, region: 'eu-central-1', service, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: 'localhost',
      path: '/longshore/logs',
      query: { task: 'arn:aws:ecs:eu-central-1:123456789012:task/blue/1', follow: 'true' },
      headers: { host: 'localhost:4510' },
    },
    { signingDate: new Date(signedAt), expiresIn: 60 },
  );
  const parts = Object.entries(query).map(([name, value]) => {
    return `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
  });
  return `/longshore/logs?${parts.join('&')}`;
}

interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: number;
}

function send(url: string, { method = 'GET', headers, at = signedAt }: Sending = {}): Caller {
  const body = Buffer.alloc(0);
  const sent = { host: 'localhost:4510', ...headers };
  return authenticate({ method, url, headers: sent, body, signingName: 'ecs', now: at });
}

test('A URL that the SDK presigned is its key’s account’s until it expires', async () => {
  const url = await presign();
  const caller = { accountId: '123456789012', callerArn: known.callerArn, region: 'eu-central-1' };
  expect(send(url)).toMatchObject(caller);
  expect(send(url, { at: signedAt + 60_000 })).toMatchObject(caller);
});

test('The signature may stand anywhere in the URL', async () => {
  const [path = '', query = ''] = (await presign()).split('?');
  const parts = query.split('&');
  for (let turn = 0; turn < parts.length; turn += 1) {
    parts.push(parts.shift() ?? '');
    expect(send(`${path}?${parts.join('&')}`)).toMatchObject({ accountId: '123456789012' });
  }
});

test('Temporary credentials have their session token in the URL', async () => {
  const url = await presign(temporary);
  expect(send(url)).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
  const guessed = url.replace(/X-Amz-Security-Token=[^&]*/, 'X-Amz-Security-Token=guess');
  expect(() => send(guessed)).toThrow(
    expect.objectContaining({ code: 'UnrecognizedClientException' }),
  );
});

const mismatch = { code: 'InvalidSignatureException', text: expect.stringContaining('not match') };

test.each<{
  name: string;
  change?: (url: string) => string;
  sending?: Sending;
  service?: string;
  refusal: { code: string; text: unknown };
}>([
  {
    name: 'for another task',
    change: (url) => url.replace('blue', 'red'),
    refusal: mismatch,
  },
  {
    name: 'for another path',
    change: (url) => url.replace('/logs', '/other'),
    refusal: mismatch,
  },
  { name: 'with more in it', change: (url) => `${url}&container=app`, refusal: mismatch },
  {
    name: 'with a second signature',
    change: (url) => `${url}&X-Amz-Signature=${'0'.repeat(64)}`,
    refusal: mismatch,
  },
  {
    name: 'on another host',
    sending: { headers: { host: 'elsewhere' } },
    refusal: mismatch,
  },
  {
    name: 'that is said to be valid for longer',
    change: (url) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
    refusal: mismatch,
  },
  {
    name: 'that has expired',
    sending: { at: signedAt + 61_000 },
    refusal: {
      code: 'InvalidSignatureException',
      text: 'Signature expired: 20260916T093500Z is more than 60 s before 20260916T093601Z',
    },
  },
  {
    name: 'from the future',
    sending: { at: signedAt - 6 * 60_000 },
    refusal: {
      code: 'InvalidSignatureException',
      text: expect.stringContaining('Signature not yet current'),
    },
  },
  {
    name: 'for another service',
    service: 's3',
    refusal: {
      code: 'InvalidSignatureException',
      text: "Credential should be scoped to correct service: 'ecs'. ",
    },
  },
  {
    name: 'that may be used for longer than a week',
    change: (url) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'),
    refusal: {
      code: 'IncompleteSignatureException',
      text: 'X-Amz-Expires must be a number of seconds from 1 to 604800.',
    },
  },
  {
    name: 'without its date and signature',
    change: (url) => url.replaceAll(/X-Amz-(Date|Signature)=[^&]*/g, ''),
    refusal: {
      code: 'IncompleteSignatureException',
      text:
        "AWS query-string parameters must include 'X-Amz-Date', 'X-Amz-Signature'. " +
        'Re-examine the query-string parameters.',
    },
  },
  {
    name: 'of another algorithm',
    change: (url) => url.replace('AWS4-HMAC-SHA256', 'none'),
    refusal: {
      code: 'MissingAuthenticationTokenException',
      text: 'Missing Authentication Token',
    },
  },
  {
    name: 'that is posted to',
    sending: { method: 'POST' },
    refusal: {
      code: 'MissingAuthenticationTokenException',
      text: 'Missing Authentication Token',
    },
  },
  {
    name: 'beside a header that signs',
    sending: { headers: { authorization: 'Bearer of good news' } },
    refusal: { code: 'IncompleteSignatureException', text: expect.any(String) },
  },
])('A presigned URL $name is refused', async ({ change, sending, service, refusal }) => {
  const url = await presign(known, service);
  expect(() => send(change?.(url) ?? url, sending)).toThrow(
    expect.objectContaining({ status: 400, ...refusal }),
  );
});
