import type {
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
} from '@aws-sdk/client-secrets-manager';
import { requireSecret } from './find-secret.ts';
import type { SecretsContext } from './secrets-context.ts';

/** No secret has a policy here: PutResourcePolicy is not served. */
export function getResourcePolicy(
  input: GetResourcePolicyRequest,
  ctx: SecretsContext,
): GetResourcePolicyResponse {
  const { arn, name } = requireSecret({ ...ctx, tables: ctx.state.read }, input.SecretId);
  return { ARN: arn, Name: name };
}
