import type { ExecuteCommandConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { parseConfiguration } from './parse-configuration.ts';

test.each<ExecuteCommandConfiguration>([
  {},
  { logging: 'NONE', kmsKeyId: 'k' },
  { logging: 'OVERRIDE', logConfiguration: { s3BucketName: 'b', s3EncryptionEnabled: true } },
  { logging: 'OVERRIDE', logConfiguration: { cloudWatchLogGroupName: 'g' } },
])('%j is kept as it is', (executeCommandConfiguration) => {
  const given = { executeCommandConfiguration };
  expect(parseConfiguration(given)).toEqual(given);
});

const missing = "You must supply a log configuration when you set logging to 'OVERRIDE'";

test.each<[object, string]>([
  [{ logging: 'SOME' }, 'logging should be one of [DEFAULT,NONE,OVERRIDE]'],
  [
    { logging: 'DEFAULT', logConfiguration: {} },
    "You must set logging to 'OVERRIDE' when you supply a log configuration",
  ],
  [
    { logConfiguration: { s3BucketName: 'b' } },
    "You must set logging to 'OVERRIDE' when you supply a log configuration",
  ],
  [{ logging: 'OVERRIDE' }, missing],
  [{ logging: 'OVERRIDE', logConfiguration: {} }, missing],
  [
    { logging: 'OVERRIDE', logConfiguration: { cloudWatchEncryptionEnabled: true } },
    "You must supply 'cloudWatchLogGroupName' when you set 'cloudWatchEncryptionEnabled'",
  ],
  [
    { logging: 'OVERRIDE', logConfiguration: { s3EncryptionEnabled: true } },
    "You must supply 's3BucketName' when you set 's3EncryptionEnabled'",
  ],
])('%j is refused', (executeCommandConfiguration, message) => {
  expect(refusalOf(() => parseConfiguration({ executeCommandConfiguration }))).toBe(
    `InvalidParameterException: ${message}`,
  );
});
