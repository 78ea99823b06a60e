import { SSM } from '@aws-sdk/client-ssm';
import type { AwsClientSettings } from './aws-endpoints.ts';

export interface ReadParameter {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  /** `:VERSION`, or nothing. */
  readonly selector: string;
}

/** At most ten parameters, decrypted (Systems Manager API reference, "GetParameters"). */
export async function readParameters(
  settings: AwsClientSettings,
  names: readonly string[],
): Promise<readonly ReadParameter[]> {
  const ssm = new SSM(settings);
  try {
    const { Parameters = [] } = await ssm.getParameters({
      Names: [...names],
      WithDecryption: true,
    });
    return Parameters.map(({ Name = '', ARN = '', Value = '', Selector = '' }) => ({
      name: Name,
      arn: ARN,
      value: Value,
      selector: Selector,
    }));
  } finally {
    ssm.destroy();
  }
}
