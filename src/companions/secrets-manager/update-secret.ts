import type { UpdateSecretRequest, UpdateSecretResponse } from '@aws-sdk/client-secrets-manager';
import { currentStage, parseToken } from '../../domain/secret/secret.ts';
import { addVersion } from './add-version.ts';
import { requireLivingSecret } from './find-secret.ts';
import { parseDescription } from './parse-description.ts';
import { parseContent } from './secret-value.ts';
import type { SecretsContext } from './secrets-context.ts';

export function updateSecret(
  input: UpdateSecretRequest,
  ctx: SecretsContext,
): UpdateSecretResponse {
  const content = parseContent(input);
  const described = parseDescription(input.Description);
  const id = parseToken(input.ClientRequestToken, ctx.requestId);

  const secret = ctx.state.transact((tx) => {
    const known = requireLivingSecret({ ...ctx, tables: tx }, input.SecretId);
    const changed = {
      ...known,
      ...described,
      ...(input.KmsKeyId !== undefined && { keyId: input.KmsKeyId }),
      changedAt: ctx.now,
    };
    tx.secrets.put(changed);
    if (!content) return changed;
    return addVersion(tx, ctx, changed, { id, content, stages: [currentStage] });
  });

  return { ARN: secret.arn, Name: secret.name, ...(content && { VersionId: id }) };
}
