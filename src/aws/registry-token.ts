import { ECR } from '@aws-sdk/client-ecr';
import type { AwsClientSettings } from './aws-endpoints.ts';
import { AnswerMissing } from './call-failure.ts';

export interface RegistryToken {
  readonly username: string;
  readonly password: string;
  /** In milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/**
 * What lets an account's registry be pulled from (ECR API reference, "GetAuthorizationToken").
 * @throws AnswerMissing; what the SDK throws
 */
export async function registryToken(
  settings: AwsClientSettings,
  registryId: string,
): Promise<RegistryToken> {
  const ecr = new ECR(settings);
  try {
    const { authorizationData } = await ecr.getAuthorizationToken({ registryIds: [registryId] });
    const { authorizationToken = '', expiresAt } = authorizationData?.[0] ?? {};
    const [username = '', ...password] = Buffer.from(authorizationToken, 'base64')
      .toString()
      .split(':');
    if (username === '' || password.length === 0 || !expiresAt) throw new AnswerMissing(noToken);
    return { username, password: password.join(':'), expiresAt: expiresAt.getTime() };
  } finally {
    ecr.destroy();
  }
}

const noToken = 'ecr auth: missing AuthorizationData in ECR response';
