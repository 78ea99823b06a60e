import { S3, S3ServiceException } from '@aws-sdk/client-s3';
import type { AwsClientSettings } from './aws-endpoints.ts';

/**
 * Whether a bucket encrypts what is put into it (S3 API reference, "GetBucketEncryption").
 * @throws what the SDK throws
 */
export async function isBucketEncrypted(
  settings: AwsClientSettings,
  bucket: string,
): Promise<boolean> {
  const s3 = new S3({ ...settings, forcePathStyle: true });
  try {
    const { ServerSideEncryptionConfiguration: given } = await s3.getBucketEncryption({
      Bucket: bucket,
    });
    return (given?.Rules ?? []).length > 0;
  } catch (error) {
    const isNotSet =
      error instanceof S3ServiceException &&
      error.name === 'ServerSideEncryptionConfigurationNotFoundError';
    if (isNotSet) return false;
    throw error;
  } finally {
    s3.destroy();
  }
}
