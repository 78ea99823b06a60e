import type {
  PutSecretValueRequest,
  PutSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { invalidSecretRequest } from '../../domain/secret/secret-error.ts';
import { parseStages, parseToken } from '../../domain/secret/secret.ts';
import { addVersion } from './add-version.ts';
import { requireLivingSecret } from './find-secret.ts';
import { parseContent } from './secret-value.ts';
import type { SecretsContext } from './secrets-context.ts';

export function putSecretValue(
  input: PutSecretValueRequest,
  ctx: SecretsContext,
): PutSecretValueResponse {
  const content = parseContent(input);
  if (!content) {
    throw invalidSecretRequest('You must provide either SecretString or SecretBinary.');
  }
  const stages = parseStages(input.VersionStages);
  const id = parseToken(input.ClientRequestToken, ctx.requestId);

  const secret = ctx.state.transact((tx) => {
    const known = requireLivingSecret({ ...ctx, tables: tx }, input.SecretId);
    return addVersion(tx, ctx, known, { id, content, stages });
  });

  const version = secret.versions.find((one) => one.id === id);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: id,
    VersionStages: [...(version?.stages ?? [])],
  };
}
