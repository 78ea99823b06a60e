import { expect, test } from 'vitest';
import { acceptAnyone } from './caller.ts';

const date = '20260916T093500Z';

function request(headers: Readonly<Record<string, string>>) {
  return { method: 'POST', url: '/', headers, body: Buffer.of(), signingName: 'ecs', now: 0 };
}

function credential(scope: string): string {
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`;
}

test.each([
  { accessKeyId: '123456789012', accountId: '123456789012' },
  { accessKeyId: '12345678901', accountId: '012345678910' },
  { accessKeyId: 'test', accountId: '012345678910' },
  { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', accountId: '012345678910' },
])('Without credentials, the key $accessKeyId is account $accountId', (caller) => {
  const authorization = credential(`${caller.accessKeyId}/20260916/eu-west-1/ecs/aws4_request`);
  expect(acceptAnyone(request({ authorization, 'x-amz-date': date }))).toEqual({
    ...caller,
    callerArn: `arn:aws:iam::${caller.accountId}:root`,
    region: 'eu-west-1',
  });
});

test.each([
  { region: 'eu-west-1', is: 'eu-west-1' },
  { region: '', is: 'us-east-1' },
])('A scope for the region "$region" means $is', ({ region, is }) => {
  const authorization = credential(`test/20260916/${region}/ecs/aws4_request`);
  expect(acceptAnyone(request({ authorization, date }))).toMatchObject({ region: is });
});

test.each(['EU', 'a/b', 'eu:west', 'x'.repeat(33), 'ü'])(
  'A scope for the region %s is refused, as it may not become part of ARNs',
  (region) => {
    const authorization = credential(`test/20260916/${region}/ecs/aws4_request`);
    expect(() => acceptAnyone(request({ authorization, date }))).toThrow(
      expect.objectContaining({ status: 400 }),
    );
  },
);

const missing = {
  credential: "Authorization header requires 'Credential' parameter.",
  signature: "Authorization header requires 'Signature' parameter.",
  signedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
  date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};

test.each([
  { authorization: 'Basic YTpi', parts: Object.values(missing) },
  { authorization: 'AWS4-HMAC-SHA256', parts: Object.values(missing) },
  {
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20260916/us-east-1/ecs/aws4_request',
    parts: [missing.signature, missing.signedHeaders, missing.date],
  },
  {
    authorization: 'AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00',
    date,
    parts: [missing.credential],
  },
  { authorization: credential('test/20260916/us-east-1/ecs/aws4_request'), parts: [missing.date] },
])(
  'What is missing in "$authorization" is listed, and no more',
  ({ authorization, date: sent, parts }) => {
    const headers = sent === undefined ? { authorization } : { authorization, 'x-amz-date': sent };
    expect(() => acceptAnyone(request(headers))).toThrow(
      expect.objectContaining({
        status: 400,
        code: 'IncompleteSignatureException',
        text: `${parts.join(' ')} Authorization=${authorization}`,
      }),
    );
  },
);

test.each([
  'test',
  'test/20260916/us-east-1/ecs',
  '/20260916/us-east-1/ecs/aws4_request',
  'a/b/c/d/e/f',
])('The credential %s does not have five parts', (scope) => {
  expect(() => acceptAnyone(request({ authorization: credential(scope), date }))).toThrow(
    expect.objectContaining({
      code: 'IncompleteSignatureException',
      text:
        'Credential must have exactly 5 slash-delimited elements, ' +
        `e.g. keyid/date/region/service/term, got '${scope}'`,
    }),
  );
});

test.each([{}, { authorization: '' }])('A request without a signature is refused', (headers) => {
  expect(() => acceptAnyone(request(headers))).toThrow(
    expect.objectContaining({
      status: 400,
      code: 'MissingAuthenticationTokenException',
      text: 'Missing Authentication Token',
    }),
  );
});
