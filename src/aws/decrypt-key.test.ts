import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingsAt } from '../../test/fixtures/aws-stand-in.ts';
import { KmsDouble } from '../../test/fixtures/kms-double.ts';
import type { AwsClientSettings } from './aws-endpoints.ts';
import { decryptKey } from './decrypt-key.ts';

const keyId = 'arn:aws:kms:us-east-1:123456789012:key/1';
const double = new KmsDouble(keyId);
const context = { 'aws:ssm:SessionId': 'session', 'aws:ssm:TargetId': 'ecs:c_t_r' };
let settings: AwsClientSettings;

beforeAll(async () => {
  settings = settingsAt(await double.open());
});
afterAll(() => double.close());

async function generated() {
  const kms = new KMS(settings);
  const made = await kms.generateDataKey({
    KeyId: keyId,
    NumberOfBytes: 64,
    EncryptionContext: context,
  });
  kms.destroy();
  return {
    plain: Buffer.from(made.Plaintext ?? []),
    cipherText: Buffer.from(made.CiphertextBlob ?? []),
  };
}

test('KMS decrypts a data key that it has made, for the same encryption context', async () => {
  const { plain, cipherText } = await generated();
  expect(plain).toHaveLength(64);
  expect(await decryptKey(settings, { keyId, cipherText, context })).toEqual(plain);
  expect(double.asked).toEqual([
    { operation: 'GenerateDataKey', accessKeyId: 'TASK' },
    { operation: 'Decrypt', accessKeyId: 'TASK' },
  ]);
});

test('KMS does not decrypt for another context, or with a key that it does not have', async () => {
  const { cipherText } = await generated();
  const other = { ...context, 'aws:ssm:SessionId': 'another' };
  const sent = decryptKey(settings, { keyId, cipherText, context: other });
  await expect(sent).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  const elsewhere = decryptKey(settings, { keyId: 'other', cipherText, context });
  await expect(elsewhere).rejects.toMatchObject({ name: 'NotFoundException' });
});
