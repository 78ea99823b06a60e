import type { DeleteSecretRequest, DeleteSecretResponse } from '@aws-sdk/client-secrets-manager';
import { parseSecretRef, secretArn } from '../../domain/secret/secret-name.ts';
import { parseDeletion, type Secret } from '../../domain/secret/secret.ts';
import type { Transaction } from '../../state/state.ts';
import { requireLivingSecret } from './find-secret.ts';
import type { SecretsContext } from './secrets-context.ts';

export function deleteSecret(
  input: DeleteSecretRequest,
  ctx: SecretsContext,
): DeleteSecretResponse {
  const deletion = parseDeletion(input, ctx.now);
  const { arn, name } = ctx.state.transact((tx) =>
    input.ForceDeleteWithoutRecovery
      ? removeNow(tx, input, ctx)
      : schedule(tx, requireLivingSecret({ ...ctx, tables: tx }, input.SecretId)),
  );
  return { ARN: arn, Name: name, DeletionDate: new Date(deletion.goneAt) };

  function schedule(tx: Transaction, secret: Secret): Secret {
    tx.secrets.put({ ...secret, deletion });
    return secret;
  }
}

/** A secret that is not there is as good as deleted, and answered as if it had been there. */
function removeNow(
  tx: Transaction,
  input: DeleteSecretRequest,
  { scope, newSuffix }: SecretsContext,
): Pick<Secret, 'arn' | 'name'> {
  const { arn, name } = parseSecretRef(scope, input.SecretId);
  const secret = tx.secrets.findByRef(scope, { arn, name });
  if (!secret) return { arn: arn ?? secretArn(scope, name, newSuffix()), name };
  removeSecret(tx, secret);
  return secret;
}

/** Forgets a secret with all its values. */
export function removeSecret(tx: Transaction, secret: Secret): void {
  tx.secrets.delete(secret);
  tx.sealedValues.keepOnly(secret.arn, new Set());
}
