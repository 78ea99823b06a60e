import { expect, test } from 'vitest';
import { principalOfCaller } from './principal.ts';

const account = 'arn:aws:iam::123456789012';

test.each([
  [`${account}:root`, 'root', `${account}:root`],
  [`${account}:user/ann`, 'user/ann', `${account}:user/ann`],
  [`${account}:user/staff/ann`, 'user/ann', `${account}:user/staff/ann`],
  [`${account}:role/ci/deploy`, 'role/deploy', `${account}:role/ci/deploy`],
  [
    'arn:aws:sts::123456789012:assumed-role/deploy/ann@example.com',
    'role/deploy',
    `${account}:role/deploy`,
  ],
  [
    'arn:aws-cn:sts::123456789012:assumed-role/deploy/x',
    'role/deploy',
    'arn:aws-cn:iam::123456789012:role/deploy',
  ],
])('%s has settings as %s', (callerArn, key, arn) => {
  expect(principalOfCaller(callerArn)).toEqual({ key, arn });
});

test.each([
  'arn:aws:sts::123456789012:federated-user/guest',
  `${account}:group/staff`,
  `${account}:user/`,
  'arn:aws:sts::123456789012:assumed-role',
  'arn:aws:iam',
  'nobody',
])('%s has no settings of its own', (callerArn) => {
  expect(principalOfCaller(callerArn)).toBeUndefined();
});
