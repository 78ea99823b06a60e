import type { Scope } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import { noSuchSecret, secretIsDeleted } from '../../domain/secret/secret-error.ts';
import { parseSecretRef } from '../../domain/secret/secret-name.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export interface SecretQuery {
  readonly tables: ReadonlyTables;
  readonly scope: Scope;
  readonly now: Instant;
}

/**
 * A secret by its name or ARN, also one that is marked for deletion.
 * @throws SecretError ResourceNotFoundException
 */
export function requireSecret(query: SecretQuery, id: string | undefined): Secret {
  const { tables, scope, now } = query;
  const secret = tables.secrets.findByRef(scope, parseSecretRef(scope, id));
  if (!secret || isGone(secret, now)) throw noSuchSecret();
  return secret;
}

/** @throws SecretError ResourceNotFoundException; InvalidRequestException where it is marked for deletion */
export function requireLivingSecret(query: SecretQuery, id: string | undefined): Secret {
  const secret = requireSecret(query, id);
  if (secret.deletion) throw secretIsDeleted();
  return secret;
}

/** The window is over, though the record may still be there. */
export function isGone({ deletion }: Secret, now: Instant): boolean {
  return deletion !== undefined && deletion.goneAt <= now;
}
