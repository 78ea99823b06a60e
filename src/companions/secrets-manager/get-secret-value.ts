import type {
  GetSecretValueRequest,
  GetSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { noSuchSecretValue } from '../../domain/secret/secret-error.ts';
import { currentStage, findVersion } from '../../domain/secret/secret.ts';
import type { State } from '../../state/state.ts';
import type { Vault } from '../../support/vault.ts';
import { openValue } from '../stored-values.ts';
import { requireLivingSecret, type SecretQuery } from './find-secret.ts';

/** Where secrets are read, by a handler or for a task. */
export type SecretReading = Omit<SecretQuery, 'tables'> & {
  readonly state: State;
  readonly vault: Vault;
};

export function getSecretValue(
  input: GetSecretValueRequest,
  { state, vault, scope, now }: SecretReading,
): GetSecretValueResponse {
  const { arn, name, versions } = requireLivingSecret(
    { tables: state.read, scope, now },
    input.SecretId,
  );
  const { VersionId: id, VersionStage: stage } = input;
  const version = findVersion({ versions }, { id, stage });
  const stored = version && state.read.sealedValues.findVersion(arn, version.id);
  if (!version || !stored) {
    throw noSuchSecretValue(
      id === undefined ? `staging label: ${stage ?? currentStage}` : `VersionId: ${id}`,
    );
  }
  const value = openValue(vault, stored);
  return {
    ARN: arn,
    Name: name,
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdAt),
    ...(stored.isBinary ? { SecretBinary: Buffer.from(value, 'base64') } : { SecretString: value }),
  };
}
