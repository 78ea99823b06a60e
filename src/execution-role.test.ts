import { afterEach, expect, test, vi } from 'vitest';
import { AwsEndpoints } from './aws/aws-endpoints.ts';
import { taskArn } from './domain/arn.ts';
import { executionRole } from './execution-role.ts';
import { TaskRoles } from './task-roles.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const executionRoleArn = 'arn:aws:iam::123456789012:role/execution';
const asker = {
  scope,
  taskArn: taskArn(scope, 'default', '0123456789abcdef0123456789abcdef'),
  executionRoleArn,
};
const fixed = { accessKeyId: 'FIXED', secretAccessKey: 's', sessionToken: 't' };

const withoutFile = (awsEndpoints: AwsEndpoints) =>
  new TaskRoles({ credentials: undefined, awsEndpoints });

afterEach(() => {
  vi.unstubAllEnvs();
});

test('An execution role is what the credentials file says', async () => {
  const credentials = { roles: new Map([[executionRoleArn, fixed]]), find: () => undefined };
  const roles = new TaskRoles({ credentials, awsEndpoints: new AwsEndpoints() });
  expect(await executionRole(roles)(asker)).toEqual(fixed);
});

test('Without a role of the file and without an STS, the server asks as itself', async () => {
  const none = executionRole(withoutFile(new AwsEndpoints()));
  expect(await none(asker)).toBeUndefined();
  const roleless = { ...asker, executionRoleArn: undefined };
  expect(await none(roleless)).toBeUndefined();
});

test('An STS that is named is asked, and nobody else where it cannot be reached', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SERVER').stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  // Nothing ever listens on the first port.
  const awsEndpoints = new AwsEndpoints(new Map([['sts', 'http://127.0.0.1:1']]));
  await expect(executionRole(withoutFile(awsEndpoints))(asker)).rejects.toThrow('ECONNREFUSED');
});
