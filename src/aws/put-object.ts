import { S3 } from '@aws-sdk/client-s3';
import type { AwsClientSettings } from './aws-endpoints.ts';

export interface S3Object {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
}

/** Puts an object into a bucket (S3 API reference, "PutObject"), by the path: the endpoint may be no AWS's. */
export async function putObject(
  settings: AwsClientSettings,
  { bucket, key, body }: S3Object,
): Promise<void> {
  const s3 = new S3({ ...settings, forcePathStyle: true });
  try {
    await s3.putObject({ Bucket: bucket, Key: key, Body: body });
  } finally {
    s3.destroy();
  }
}
