import type { TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-secrets-manager';
import { withoutTags } from '../../domain/tags.ts';
import { requireLivingSecret } from './find-secret.ts';
import { parseSecretTags, withSecretTags } from './secret-tags.ts';
import type { SecretsContext } from './secrets-context.ts';

export function tagResource(input: TagResourceRequest, ctx: SecretsContext): object {
  const added = parseSecretTags(input.Tags);
  ctx.state.transact((tx) => {
    const secret = requireLivingSecret({ ...ctx, tables: tx }, input.SecretId);
    tx.secrets.put({ ...secret, tags: withSecretTags(secret.tags, added) });
  });
  return {};
}

export function untagResource(input: UntagResourceRequest, ctx: SecretsContext): object {
  ctx.state.transact((tx) => {
    const secret = requireLivingSecret({ ...ctx, tables: tx }, input.SecretId);
    tx.secrets.put({ ...secret, tags: withoutTags(secret.tags, input.TagKeys ?? []) });
  });
  return {};
}
