import type {
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager';
import { withMovedStage } from '../../domain/secret/move-stage.ts';
import { requireLivingSecret } from './find-secret.ts';
import type { SecretsContext } from './secrets-context.ts';

export function updateSecretVersionStage(
  input: UpdateSecretVersionStageRequest,
  ctx: SecretsContext,
): UpdateSecretVersionStageResponse {
  const move = {
    stage: input.VersionStage ?? '',
    from: input.RemoveFromVersionId,
    to: input.MoveToVersionId,
  };
  const secret = ctx.state.transact((tx) => {
    const known = requireLivingSecret({ ...ctx, tables: tx }, input.SecretId);
    const moved = { ...withMovedStage(known, move), changedAt: ctx.now };
    tx.secrets.put(moved);
    return moved;
  });
  return { ARN: secret.arn, Name: secret.name };
}
