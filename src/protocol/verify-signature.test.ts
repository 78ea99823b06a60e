import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { aCredential } from '../../test/fixtures/a-credential.ts';
import { Sha256 } from '../cli/sha-256.ts';
import type { SignedRequest } from './caller.ts';
import type { Credential } from './credentials.ts';
import { verifyWith } from './verify-signature.ts';

const now = Date.UTC(2026, 8, 16, 9, 35, 0);
const body = Buffer.from('{"cluster":"blue"}');
const known = aCredential();
const temporary = aCredential({
  accessKeyId: 'ASIAEXAMPLE',
  sessionToken: 'token',
  expiresAt: now + 1000,
});

const authenticate = verifyWith({
  find: (accessKeyId) => [known, temporary].find((one) => one.accessKeyId === accessKeyId),
});

interface Signing {
  readonly credential?: Credential;
  readonly signedAt?: number;
  readonly region?: string;
  readonly service?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signs a request as the SDK does. */
async function sign(signing: Signing = {}): Promise<SignedRequest> {
  const { credential = known, region = 'eu-central-1', service = 'ecs' } = signing;
  const signer = new SignatureV4({ credentials: credential, region, service, sha256: Sha256 });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: 'localhost',
      path: '/',
      headers: {
        host: 'localhost:4510',
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters',
        ...signing.headers,
      },
      body,
    },
    { signingDate: new Date(signing.signedAt ?? now) },
  );
  return { method: 'POST', url: '/', headers: signed.headers, body, signingName: 'ecs', now };
}

function withHeaders(request: SignedRequest, headers: Record<string, string | undefined>) {
  return { ...request, headers: { ...request.headers, ...headers } };
}

function withAuthorization(request: SignedRequest, from: RegExp | string, to: string) {
  const authorization = request.headers.authorization?.replace(from, to);
  return withHeaders(request, { authorization });
}

test('A request that the SDK signed is its key’s account’s', async () => {
  expect(authenticate(await sign())).toEqual({
    accessKeyId: 'AKIDEXAMPLE',
    accountId: '123456789012',
    callerArn: 'arn:aws:iam::123456789012:user/ann',
    region: 'eu-central-1',
  });
});

test('Signing keys are told apart by day, region and secret', async () => {
  const day = 24 * 3600 * 1000;
  for (const region of ['us-east-1', 'us-west-2', 'us-east-1']) {
    expect(authenticate(await sign({ region }))).toMatchObject({ region });
  }
  const tomorrow = { ...(await sign({ signedAt: now + day })), now: now + day };
  expect(authenticate(tomorrow)).toMatchObject({ accountId: '123456789012' });

  let current = known;
  const rotating = verifyWith({ find: () => current });
  expect(rotating(await sign())).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
  current = { ...known, secretAccessKey: 'new' };
  expect(rotating(await sign({ credential: current }))).toMatchObject({ region: 'eu-central-1' });
});

test('Many regions push old signing keys out without harm', async () => {
  const first = await sign({ region: 'r-0' });
  for (let index = 0; index < 1100; index += 1) {
    const request = await sign({ region: `r-${index}` });
    expect(authenticate(request)).toMatchObject({ region: `r-${index}` });
  }
  expect(authenticate(first)).toMatchObject({ region: 'r-0' });
});

test('Blanks inside a signed header count once', async () => {
  const request = await sign({ headers: { 'x-note': ' a   b\tc ' } });
  expect(authenticate(request)).toMatchObject({ accountId: '123456789012' });
});

test('Temporary credentials need their session token', async () => {
  const request = await sign({ credential: temporary });
  expect(authenticate(request)).toMatchObject({ accessKeyId: 'ASIAEXAMPLE' });
});

test('A scope without a region means us-east-1', async () => {
  const request = await sign({ region: '' });
  expect(authenticate(request)).toMatchObject({ region: 'us-east-1' });
});

/** Signs headers by hand; `signedUrl` is path and query on a line each. */
function signByHand(
  headers: Readonly<Record<string, string>>,
  { method, url, body: content }: Pick<SignedRequest, 'method' | 'url' | 'body'>,
  signedUrl: string,
): SignedRequest {
  const scope = '20260916/us-east-1/ecs/aws4_request';
  const sha256 = (text: Buffer | string) => createHash('sha256').update(text).digest('hex');
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `${method}\n${signedUrl}\n${lines.join('')}\n${names}\n${sha256(content)}`;
  const key = scope
    .split('/')
    .reduce<Buffer | string>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${known.secretAccessKey}`,
    );
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n20260916T093500Z\n${scope}\n${sha256(canonical)}`)
    .digest('hex');
  const authorization =
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope},` +
    `SignedHeaders=${names},Signature=${signature}`;
  const signed = { ...headers, authorization };
  return { method, url, headers: signed, body: content, signingName: 'ecs', now };
}

test('A Date header stands in for X-Amz-Date', () => {
  const headers = { date: 'Wed, 16 Sep 2026 09:35:00 GMT', host: 'localhost' };
  const request = signByHand(headers, { method: 'POST', url: '/', body }, '/\n');
  expect(authenticate(request)).toMatchObject({ accountId: '123456789012' });
});

test('A query may be signed as it is sent, as curl did before release 8', () => {
  const headers = { host: 'localhost', 'x-amz-date': '20260916T093500Z' };
  const get = { method: 'GET', url: '/logs?task=b:1&container=a', body: Buffer.alloc(0) };
  const asSent = signByHand(headers, get, '/logs\ntask=b:1&container=a');
  expect(authenticate(asSent)).toMatchObject({ accountId: '123456789012' });
  const canonical = signByHand(headers, get, '/logs\ncontainer=a&task=b%3A1');
  expect(authenticate(canonical)).toMatchObject({ accountId: '123456789012' });
  const other = signByHand(headers, get, '/logs\ntask=b:2&container=a');
  expect(() => authenticate(other)).toThrow(expect.objectContaining(mismatch));
});

const minute = 60_000;
const mismatch = {
  code: 'InvalidSignatureException',
  text:
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your AWS Secret Access Key and signing method. ' +
    'Consult the service documentation for details.',
};
const unrecognized = {
  code: 'UnrecognizedClientException',
  text: 'The security token included in the request is invalid.',
};

test.each<{
  name: string;
  signing?: Signing;
  change?: (request: SignedRequest) => SignedRequest;
  refusal: { code: string; text: string };
}>([
  {
    name: 'with another secret',
    signing: { credential: { ...known, secretAccessKey: 'guess' } },
    refusal: mismatch,
  },
  {
    name: 'with another body',
    change: (request) => ({ ...request, body: Buffer.from('{"cluster":"red"}') }),
    refusal: mismatch,
  },
  {
    name: 'with another target',
    change: (request) => withHeaders(request, { 'x-amz-target': 'X.DeleteCluster' }),
    refusal: mismatch,
  },
  {
    name: 'without a signed header',
    change: (request) => withHeaders(request, { 'content-type': undefined }),
    refusal: mismatch,
  },
  {
    name: 'with a short signature',
    change: (request) => withAuthorization(request, /Signature=.*/, 'Signature=00'),
    refusal: mismatch,
  },
  {
    name: 'that leaves its payload unsigned',
    signing: { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
    refusal: mismatch,
  },
  {
    name: 'with an unknown key',
    signing: { credential: { ...known, accessKeyId: 'NOBODY' } },
    refusal: unrecognized,
  },
  {
    name: 'with an account id for a key',
    signing: { credential: { ...known, accessKeyId: '123456789012' } },
    refusal: unrecognized,
  },
  {
    name: 'with a session token that belongs to no key',
    signing: { credential: { ...known, sessionToken: 'guess' } },
    refusal: unrecognized,
  },
  {
    name: 'with another session token',
    signing: { credential: { ...temporary, sessionToken: 'guess' } },
    refusal: unrecognized,
  },
  {
    name: 'without the session token of temporary credentials',
    signing: { credential: { ...known, accessKeyId: 'ASIAEXAMPLE' } },
    refusal: unrecognized,
  },
  {
    name: 'with expired temporary credentials',
    signing: { credential: temporary },
    change: (request) => ({ ...request, now: now + 1000 }),
    refusal: {
      code: 'ExpiredTokenException',
      text: 'The security token included in the request is expired',
    },
  },
  {
    name: 'from too long ago',
    signing: { signedAt: now - 35 * minute },
    refusal: {
      code: 'InvalidSignatureException',
      text:
        'Signature expired: 20260916T090000Z is now earlier than ' +
        '20260916T093000Z (20260916T093500Z - 5 min.)',
    },
  },
  {
    name: 'from the future',
    signing: { signedAt: now + 6 * minute },
    refusal: {
      code: 'InvalidSignatureException',
      text:
        'Signature not yet current: 20260916T094100Z is still later than ' +
        '20260916T094000Z (20260916T093500Z + 5 min.)',
    },
  },
  {
    name: 'for another service',
    signing: { service: 's3' },
    refusal: {
      code: 'InvalidSignatureException',
      text: "Credential should be scoped to correct service: 'ecs'. ",
    },
  },
  {
    name: 'for no region at all and another service',
    signing: { region: 'EU_CENTRAL', service: 's3' },
    refusal: {
      code: 'InvalidSignatureException',
      text:
        'Credential should be scoped to a valid region. ' +
        "Credential should be scoped to correct service: 'ecs'. ",
    },
  },
  {
    name: 'with another terminator',
    change: (request) => withAuthorization(request, 'aws4_request', 'aws5_request'),
    refusal: {
      code: 'InvalidSignatureException',
      text: "Credential should be scoped with a valid terminator: 'aws4_request'. ",
    },
  },
  {
    name: 'with another day in its scope',
    change: (request) => withAuthorization(request, '/20260916/', '/20260915/'),
    refusal: {
      code: 'InvalidSignatureException',
      text:
        'Date in Credential scope does not match YYYYMMDD from ' +
        'ISO-8601 version of date from HTTP: ' +
        "'20260915' != '20260916', from '20260916T093500Z'. ",
    },
  },
  {
    name: 'with a date of another form',
    change: (request) => withHeaders(request, { 'x-amz-date': '2026-09-16' }),
    refusal: {
      code: 'IncompleteSignatureException',
      text:
        "Date must be in ISO-8601 'basic format'. Got '2026-09-16'. " +
        'See http://en.wikipedia.org/wiki/ISO_8601',
    },
  },
  {
    name: 'on a day that does not exist',
    change: (request) => withHeaders(request, { 'x-amz-date': '20261332T000000Z' }),
    refusal: {
      code: 'IncompleteSignatureException',
      text:
        "Date must be in ISO-8601 'basic format'. Got '20261332T000000Z'. " +
        'See http://en.wikipedia.org/wiki/ISO_8601',
    },
  },
  {
    name: 'that does not cover the host',
    change: (request) => withAuthorization(request, ';host;', ';'),
    refusal: {
      code: 'InvalidSignatureException',
      text: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    },
  },
  {
    name: 'that does not cover the target',
    change: (request) => withAuthorization(request, ';x-amz-target', ''),
    refusal: {
      code: 'InvalidSignatureException',
      text: 'There were headers present in the request which were not signed: x-amz-target',
    },
  },
])('A request $name is refused with $refusal.code', async ({ signing, change, refusal }) => {
  const request = await sign(signing);
  const sent = change?.(request) ?? request;
  expect(() => authenticate(sent)).toThrow(expect.objectContaining({ status: 400, ...refusal }));
});
