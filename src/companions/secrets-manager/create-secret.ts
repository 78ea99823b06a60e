import type { CreateSecretRequest, CreateSecretResponse } from '@aws-sdk/client-secrets-manager';
import {
  notBuiltInSecrets,
  secretExists,
  SecretError,
  secretNameIsScheduled,
} from '../../domain/secret/secret-error.ts';
import { parseSecretName, secretArn } from '../../domain/secret/secret-name.ts';
import { currentStage, parseToken, type Secret } from '../../domain/secret/secret.ts';
import type { Transaction } from '../../state/state.ts';
import { addVersion, hasContent } from './add-version.ts';
import { removeSecret } from './delete-secret.ts';
import { isGone } from './find-secret.ts';
import { parseDescription } from './parse-description.ts';
import { parseSecretTags } from './secret-tags.ts';
import { parseContent, type SecretContent } from './secret-value.ts';
import type { SecretsContext } from './secrets-context.ts';

/** Secrets Manager's own limit, for an account in a region. */
const mostSecrets = 500_000;

export function createSecret(
  input: CreateSecretRequest,
  ctx: SecretsContext,
): CreateSecretResponse {
  const name = parseSecretName(input.Name);
  if (input.AddReplicaRegions?.length) throw notBuiltInSecrets('AddReplicaRegions');
  const content = parseContent(input);
  const id = parseToken(input.ClientRequestToken, ctx.requestId);
  const fresh = newSecret(input, name, ctx);

  const secret = ctx.state.transact((tx) => {
    const namesake = tx.secrets.findByRef(ctx.scope, { arn: undefined, name });
    if (namesake && !isGone(namesake, ctx.now)) {
      return sameRequest(tx, ctx, namesake, { id, content });
    }
    if (namesake) removeSecret(tx, namesake);
    if (tx.secrets.count(ctx.scope) >= mostSecrets) throw tooManySecrets();
    tx.secrets.put(fresh);
    if (content) return addVersion(tx, ctx, fresh, { id, content, stages: [currentStage] });
    return fresh;
  });

  return { ARN: secret.arn, Name: name, ...(content && { VersionId: id }) };
}

function newSecret(
  input: CreateSecretRequest,
  name: string,
  { scope, newSuffix, now }: SecretsContext,
): Secret {
  return {
    arn: secretArn(scope, name, newSuffix()),
    name,
    ...parseDescription(input.Description),
    ...(input.KmsKeyId !== undefined && { keyId: input.KmsKeyId }),
    tags: parseSecretTags(input.Tags),
    createdAt: now,
    changedAt: now,
    versions: [],
  };
}

/** A repeated request, or another one for a name that is taken. */
function sameRequest(
  tx: Transaction,
  { vault }: SecretsContext,
  secret: Secret,
  { id, content }: { readonly id: string; readonly content: SecretContent | undefined },
): Secret {
  if (secret.deletion) throw secretNameIsScheduled();
  if (content && hasContent(tx, vault, { arn: secret.arn, id, content })) return secret;
  throw secretExists(secret.name);
}

/** [inferred wording] */
function tooManySecrets(): SecretError {
  const message = `You have exceeded the limit of ${mostSecrets} secrets.`;
  return new SecretError('LimitExceededException', message);
}
