import type { GetParameterRequest, GetParameterResult } from '@aws-sdk/client-ssm';
import { ssmConstraint } from '../../domain/parameter/ssm-error.ts';
import { readParameter } from './read-parameter.ts';
import type { SsmContext } from './ssm-context.ts';

export function getParameter(input: GetParameterRequest, ctx: SsmContext): GetParameterResult {
  const name: string | undefined = input.Name;
  if (!name) throw ssmConstraint('name', name, 'have length greater than or equal to 1');
  return { Parameter: readParameter(ctx, name, input.WithDecryption ?? false) };
}
