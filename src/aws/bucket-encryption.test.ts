import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingsAt } from '../../test/fixtures/aws-stand-in.ts';
import { S3Double } from '../../test/fixtures/s3-double.ts';
import type { AwsClientSettings } from './aws-endpoints.ts';
import { isBucketEncrypted } from './bucket-encryption.ts';
import { putObject } from './put-object.ts';

const double = new S3Double();
let settings: AwsClientSettings;

beforeAll(async () => {
  settings = settingsAt(await double.open());
});
afterAll(() => double.close());

test('A bucket encrypts or not, and one that cannot be asked is neither', async () => {
  double.encryptedBuckets.add('vault');
  expect(await isBucketEncrypted(settings, 'vault')).toBe(true);
  expect(await isBucketEncrypted(settings, 'plain')).toBe(false);
  const nobody = { ...settings, endpoint: 'http://127.0.0.1:1' };
  await expect(isBucketEncrypted(nobody, 'vault')).rejects.toThrow('ECONNREFUSED');
});

test('An object is put by the path of its bucket and key', async () => {
  await putObject(settings, { bucket: 'audit', key: 'exec/a b.log', body: Buffer.from('one') });
  expect(double.objects.get('audit/exec/a b.log')?.toString()).toBe('one');
});
