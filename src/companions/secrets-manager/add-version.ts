import { tokenIsUsed } from '../../domain/secret/secret-error.ts';
import { withVersion, type Secret } from '../../domain/secret/secret.ts';
import type { Transaction } from '../../state/state.ts';
import type { Vault } from '../../support/vault.ts';
import { openValue, putValue } from '../stored-values.ts';
import type { SecretContent } from './secret-value.ts';
import type { SecretsContext } from './secrets-context.ts';

export interface NewVersion {
  readonly id: string;
  readonly content: SecretContent;
  readonly stages: readonly string[];
}

/**
 * Gives a secret a version. The same token with the same value is the same request again.
 * @throws SecretError ResourceExistsException where the token has another value
 */
export function addVersion(
  tx: Transaction,
  { vault, now }: SecretsContext,
  secret: Secret,
  { id, content, stages }: NewVersion,
): Secret {
  const known = secret.versions.find((version) => version.id === id);
  if (known) {
    if (!hasContent(tx, vault, { arn: secret.arn, id, content })) {
      throw tokenIsUsed(id, secret.arn);
    }
    return secret;
  }
  const changed = withVersion(secret, { id, stages, createdAt: now });
  tx.secrets.put(changed);
  putValue(tx, vault, { owner: secret.arn, version: id, ...content });
  tx.sealedValues.keepOnly(secret.arn, new Set(changed.versions.map((version) => version.id)));
  return changed;
}

/** Whether a version that is there already has this value. */
export function hasContent(
  tx: Transaction,
  vault: Vault,
  given: { readonly arn: string; readonly id: string; readonly content: SecretContent },
): boolean {
  const stored = tx.sealedValues.findVersion(given.arn, given.id);
  if (!stored || (stored.isBinary ?? false) !== given.content.isBinary) return false;
  return openValue(vault, stored) === given.content.value;
}
