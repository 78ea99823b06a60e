import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { AwsClientSettings } from './aws-endpoints.ts';

export interface SecretQuery {
  readonly id: string;
  /** Empty where it does not matter, as the id. */
  readonly versionStage: string;
  readonly versionId: string;
}

/** A secret's text (Secrets Manager API reference, "GetSecretValue"); undefined where it is binary. */
export async function readSecret(
  settings: AwsClientSettings,
  { id, versionStage, versionId }: SecretQuery,
): Promise<string | undefined> {
  const secrets = new SecretsManager(settings);
  try {
    const { SecretString } = await secrets.getSecretValue({
      SecretId: id,
      ...(versionStage !== '' && { VersionStage: versionStage }),
      ...(versionId !== '' && { VersionId: versionId }),
    });
    return SecretString;
  } finally {
    secrets.destroy();
  }
}
