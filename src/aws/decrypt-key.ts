import { KMS } from '@aws-sdk/client-kms';
import type { AwsClientSettings } from './aws-endpoints.ts';

export interface EncryptedKey {
  readonly keyId: string;
  readonly cipherText: Buffer;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * A data key in the clear (KMS API reference, "Decrypt").
 * @throws what the SDK throws
 */
export async function decryptKey(
  settings: AwsClientSettings,
  { keyId, cipherText, context }: EncryptedKey,
): Promise<Buffer> {
  const kms = new KMS(settings);
  try {
    const { Plaintext: key = new Uint8Array() } = await kms.decrypt({
      KeyId: keyId,
      CiphertextBlob: cipherText,
      EncryptionContext: { ...context },
    });
    return Buffer.from(key);
  } finally {
    kms.destroy();
  }
}
