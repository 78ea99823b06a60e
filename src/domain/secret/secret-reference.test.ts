import { expect, test } from 'vitest';
import { parseSecretReference } from './secret-reference.ts';

const own = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const secret = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-AbCdEf';
const whole = {
  kind: 'Secret',
  region: 'eu-west-1',
  id: secret,
  jsonKey: '',
  versionStage: '',
  versionId: '',
};

test.each([
  ['colour', { kind: 'Parameter', region: 'us-east-1', name: 'colour' }],
  ['/app/colour', { kind: 'Parameter', region: 'us-east-1', name: '/app/colour' }],
  [
    'arn:aws:ssm:eu-west-1:123456789012:parameter/app/colour',
    { kind: 'Parameter', region: 'eu-west-1', name: '/app/colour' },
  ],
  [
    'arn:aws:ssm:us-east-1:123456789012:parameter/colour:3',
    { kind: 'Parameter', region: 'us-east-1', name: 'colour:3' },
  ],
  [
    'arn:aws:ssm:us-east-1:999999999999:parameter/colour',
    {
      kind: 'Parameter',
      region: 'us-east-1',
      name: 'arn:aws:ssm:us-east-1:999999999999:parameter/colour',
    },
  ],
  [secret, whole],
  [`${secret}:password::`, { ...whole, jsonKey: 'password' }],
  [`${secret}::AWSPREVIOUS:`, { ...whole, versionStage: 'AWSPREVIOUS' }],
  [`${secret}:::0123`, { ...whole, versionId: '0123' }],
])('%s names a value', (valueFrom, reference) => {
  expect(parseSecretReference(own, valueFrom)).toEqual(reference);
});

test.each([
  [
    `${secret}:password`,
    /^trying to retrieve secret with value .* resulted in error: an invalid ARN/,
  ],
  [`${secret}:::::`, /Specify a valid ARN and try again\.$/],
  [
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:',
    /^could not find a secretsmanager secretID from value arn/,
  ],
])('%s names none', (valueFrom, words) => {
  expect(parseSecretReference(own, valueFrom)).toEqual({
    kind: 'Invalid',
    reason: expect.stringMatching(words),
  });
});
