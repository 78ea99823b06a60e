import type { RestoreSecretRequest, RestoreSecretResponse } from '@aws-sdk/client-secrets-manager';
import { requireSecret } from './find-secret.ts';
import type { SecretsContext } from './secrets-context.ts';

export function restoreSecret(
  input: RestoreSecretRequest,
  ctx: SecretsContext,
): RestoreSecretResponse {
  const { arn, name } = ctx.state.transact((tx) => {
    const { deletion: _, ...secret } = requireSecret({ ...ctx, tables: tx }, input.SecretId);
    tx.secrets.put(secret);
    return secret;
  });
  return { ARN: arn, Name: name };
}
