import { expect, test } from 'vitest';
import { IssuedCredentials } from './issued-credentials.ts';

const file = { find: () => undefined };
const session = {
  accountId: '123456789012',
  roleArn: 'arn:aws:iam::123456789012:role/app/reader',
  sessionName: 'task-1',
};
const hour = 60 * 60 * 1000;

test('a role is issued credentials that the door knows for six hours', () => {
  let now = 0;
  const credentials = new IssuedCredentials(file, () => now);
  const issued = credentials.issue(session);
  expect(issued.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(issued).toMatchObject({
    accountId: '123456789012',
    callerArn: 'arn:aws:sts::123456789012:assumed-role/reader/task-1',
    expiresAt: 6 * hour,
  });
  expect(credentials.find(issued.accessKeyId)).toEqual(issued);

  now = 7 * hour;
  const next = credentials.issue(session);
  expect(credentials.find(issued.accessKeyId)).toBeUndefined();
  expect(credentials.find(next.accessKeyId)).toEqual(next);
});

test('where everyone is let in, the key of a role is its account', () => {
  const credentials = new IssuedCredentials(undefined, () => 0);
  expect(credentials.issue(session).accessKeyId).toBe('123456789012');
});
