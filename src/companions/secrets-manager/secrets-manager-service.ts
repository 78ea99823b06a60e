/** Secrets Manager as the door serves it: as far as those who use ECS need it. */
import { partitionOf } from '../../domain/arn.ts';
import { SecretError } from '../../domain/secret/secret-error.ts';
import type { Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import { sdkOperation } from '../sdk-operation.ts';
import { createSecret } from './create-secret.ts';
import { deleteSecret } from './delete-secret.ts';
import { describeSecret } from './describe-secret.ts';
import { getRandomPassword } from './get-random-password.ts';
import { getResourcePolicy } from './get-resource-policy.ts';
import { getSecretValue } from './get-secret-value.ts';
import { listSecrets } from './list-secrets.ts';
import { listSecretVersionIds } from './list-secret-version-ids.ts';
import { putSecretValue } from './put-secret-value.ts';
import { restoreSecret } from './restore-secret.ts';
import type { SecretsContext } from './secrets-context.ts';
import { tagResource, untagResource } from './tag-secret.ts';
import { updateSecret } from './update-secret.ts';
import { updateSecretVersionStage } from './update-secret-version-stage.ts';

const secretsOperations = {
  CreateSecret: createSecret,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  GetRandomPassword: getRandomPassword,
  GetResourcePolicy: getResourcePolicy,
  GetSecretValue: getSecretValue,
  ListSecrets: listSecrets,
  ListSecretVersionIds: listSecretVersionIds,
  PutSecretValue: putSecretValue,
  RestoreSecret: restoreSecret,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateSecret: updateSecret,
  UpdateSecretVersionStage: updateSecretVersionStage,
} as const;

export type SecretsManagerParts = Pick<SecretsContext, 'state' | 'vault' | 'newSuffix'>;

export function secretsManagerService(parts: SecretsManagerParts): JsonService {
  const operations = Object.entries(secretsOperations).map(([name, handler]) =>
    operationOf(name, handler, parts),
  );
  return {
    targetPrefix: 'secretsmanager',
    signingName: 'secretsmanager',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unserved: (operation) =>
      `${operation} is not implemented in this release of Longshore. docs/secrets.md lists what is.`,
  };
}

/** Which errors a caller is told about. */
export function secretsFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof SecretError)) return undefined;
  return { code: error.code, message: error.message, members: {} };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: SecretsContext) => object;

function operationOf(name: string, handler: AnyHandler, parts: SecretsManagerParts): JsonOperation {
  const handle: JsonOperation['handle'] = (input, { region, accountId, requestId, now }) => {
    const scope = { partition: partitionOf(region), region, accountId };
    return handler(input as never, { ...parts, scope, requestId, now });
  };
  return sdkOperation('@aws-sdk/client-secrets-manager', name, handle);
}
