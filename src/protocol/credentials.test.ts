import { expect, test } from 'vitest';
import { parseCredentials } from './credentials.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG';
const entry = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, accountId: '123456789012' };

function parse(...credentials: unknown[]) {
  return parseCredentials(JSON.stringify({ credentials }));
}

test('A key belongs to its account, as the root unless an ARN says more', () => {
  const arn = 'arn:aws:iam::123456789012:user/ann';
  const credentials = parse(entry, { ...entry, accessKeyId: 'OTHER', arn });
  expect(credentials.find('AKIDEXAMPLE')).toEqual({
    ...entry,
    callerArn: 'arn:aws:iam::123456789012:root',
  });
  expect(credentials.find('OTHER')).toMatchObject({ callerArn: arn });
  expect(credentials.find('NOBODY')).toBeUndefined();
});

test.each([
  { text: `{"secret": ${secret}`, complaint: 'it is not valid JSON' },
  { text: '[]', complaint: 'it must hold a JSON object' },
  { text: '{}', complaint: 'credentials must be a list with at least one entry' },
  { text: '{"credentials":[]}', complaint: 'credentials must be a list with at least one entry' },
  {
    text: JSON.stringify({ credentials: [entry], more: secret }),
    complaint: 'credentials and roles must be its only members',
  },
])('A credentials file is refused: $complaint', ({ text, complaint }) => {
  expect(() => parseCredentials(text)).toThrow(
    new Error(`The credentials file is not valid: ${complaint}.`),
  );
});

test.each([
  { entry: secret, complaint: 'credentials[0] must be an object' },
  {
    entry: { ...entry, secret },
    complaint:
      'credentials[0] may only have the members accessKeyId, secretAccessKey, accountId, arn',
  },
  {
    entry: { ...entry, accessKeyId: 'a/b' },
    complaint: 'credentials[0].accessKeyId must be 1 to 128 letters, digits, or any of _ . -',
  },
  {
    entry: { ...entry, secretAccessKey: `${secret}\n` },
    complaint: 'credentials[0].secretAccessKey must be 1 to 256 visible ASCII characters',
  },
  {
    entry: { ...entry, secretAccessKey: '' },
    complaint: 'credentials[0].secretAccessKey must be 1 to 256 visible ASCII characters',
  },
  {
    entry: { ...entry, accountId: 123456789012 },
    complaint: 'credentials[0].accountId must be a string of 12 digits',
  },
  { entry: { ...entry, arn: 'ann' }, complaint: 'credentials[0].arn must be an ARN' },
])('An entry is refused: $complaint', ({ entry: given, complaint }) => {
  expect(() => parse(given)).toThrow(new Error(`The credentials file is not valid: ${complaint}.`));
});

test('A key may be listed once', () => {
  expect(() => parse(entry, { ...entry, secretAccessKey: 'x' })).toThrow(
    'credentials[1].accessKeyId is the same as an earlier one',
  );
});

test('Roles have the keys that their tasks are given', () => {
  const { accountId: _, ...key } = entry;
  const roleArn = 'arn:aws:iam::123456789012:role/app';
  const { roles } = parseCredentials(
    JSON.stringify({ credentials: [entry], roles: [{ ...key, roleArn }] }),
  );
  expect([...roles]).toEqual([[roleArn, { ...key, sessionToken: '' }]]);
});

test.each([
  { roles: {}, complaint: 'roles must be a list' },
  {
    roles: [{ ...entry, roleArn: 'app' }],
    complaint: 'roles[0] must be an object with the members',
  },
  {
    roles: [{ accessKeyId: 'A', secretAccessKey: secret, roleArn: 'app' }],
    complaint: 'roles[0].roleArn must be an ARN',
  },
  {
    roles: [{ accessKeyId: 'A', secretAccessKey: '', roleArn: 'arn:aws:iam::1:role/a' }],
    complaint: 'roles[0].secretAccessKey must be 1 to 256 visible ASCII characters',
  },
])('Roles are refused: $complaint', ({ roles, complaint }) => {
  const refusal = () => parseCredentials(JSON.stringify({ credentials: [entry], roles }));
  expect(refusal).toThrow(complaint);
  expect(refusal).not.toThrow(secret);
});
