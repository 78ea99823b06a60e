import type { GetParametersRequest, GetParametersResult } from '@aws-sdk/client-ssm';
import { readParameters } from './read-parameter.ts';
import { parseNames } from './parse-names.ts';
import type { SsmContext } from './ssm-context.ts';

export function getParameters(input: GetParametersRequest, ctx: SsmContext): GetParametersResult {
  const names = parseNames(input.Names);
  const { found, invalid } = readParameters(ctx, names, input.WithDecryption ?? false);
  return { Parameters: [...found], InvalidParameters: [...invalid] };
}
