import { S3 } from '@aws-sdk/client-s3';
import type { S3Location } from '../domain/task/environment-file.ts';
import type { AwsClientSettings } from './aws-endpoints.ts';
import { ObjectTooLarge } from './call-failure.ts';

/**
 * The text of an object (S3 API reference, "GetObject"), by the path: the endpoint may be no AWS's.
 * @throws ObjectTooLarge; what the SDK throws
 */
export async function readObject(
  settings: AwsClientSettings,
  { bucket, key }: S3Location,
  mostBytes: number,
): Promise<string> {
  const s3 = new S3({ ...settings, forcePathStyle: true });
  try {
    const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > mostBytes) throw new ObjectTooLarge(`It has more than ${mostBytes} bytes.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } finally {
    s3.destroy();
  }
}
