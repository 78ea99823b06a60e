import type {
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse,
} from '@aws-sdk/client-secrets-manager';
import { requireSecret } from './find-secret.ts';
import { invalidToken, parsePageSize } from './list-page.ts';
import type { SecretsContext } from './secrets-context.ts';

/** Versions without a stage are shown where they are asked for. */
export function listSecretVersionIds(
  input: ListSecretVersionIdsRequest,
  ctx: SecretsContext,
): ListSecretVersionIdsResponse {
  const size = parsePageSize(input.MaxResults);
  const secret = requireSecret({ ...ctx, tables: ctx.state.read }, input.SecretId);
  const shown = secret.versions.filter(
    ({ stages }) => input.IncludeDeprecated === true || stages.length > 0,
  );
  const start = shown.findIndex(({ id }) => id === input.NextToken) + 1;
  if (input.NextToken !== undefined && start === 0) throw invalidToken();
  const page = shown.slice(start, start + size);
  const last = start + size < shown.length ? page.at(-1) : undefined;
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: page.map(({ id, stages, createdAt }) => ({
      VersionId: id,
      VersionStages: [...stages],
      CreatedDate: new Date(createdAt),
    })),
    ...(last && { NextToken: last.id }),
  };
}
