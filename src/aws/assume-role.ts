import { STS } from '@aws-sdk/client-sts';
import type { AwsClientSettings } from './aws-endpoints.ts';

export interface AssumedRole {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** In milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/**
 * Credentials of a role for a session (STS API reference, "AssumeRole").
 * @throws what the SDK throws, or an Error where the answer has no credentials
 */
export async function assumeRole(
  settings: AwsClientSettings,
  roleArn: string,
  sessionName: string,
): Promise<AssumedRole> {
  const sts = new STS(settings);
  try {
    const { Credentials: given } = await sts.assumeRole({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
    });
    if (!given?.AccessKeyId || !given.SecretAccessKey || !given.Expiration) {
      throw new Error(`STS gave no credentials for ${roleArn}.`);
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken ?? '',
      expiresAt: given.Expiration.getTime(),
    };
  } finally {
    sts.destroy();
  }
}
