import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { requireSecret } from './find-secret.ts';
import { secretView, stagesView } from './secret-view.ts';
import type { SecretsContext } from './secrets-context.ts';

export function describeSecret(
  input: DescribeSecretRequest,
  ctx: SecretsContext,
): DescribeSecretResponse {
  const secret = requireSecret({ ...ctx, tables: ctx.state.read }, input.SecretId);
  const stages = stagesView(secret);
  return { ...secretView(secret), ...(stages && { VersionIdsToStages: stages }) };
}
