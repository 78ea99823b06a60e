import type {
  DeleteParameterRequest,
  DeleteParametersRequest,
  DeleteParametersResult,
} from '@aws-sdk/client-ssm';
import { parameterArn } from '../../domain/parameter/parameter-name.ts';
import { noSuchParameter } from '../../domain/parameter/ssm-error.ts';
import { parseNames } from './parse-names.ts';
import type { SsmContext } from './ssm-context.ts';

export function deleteParameter(input: DeleteParameterRequest, ctx: SsmContext): object {
  const [name = ''] = parseNames(input.Name === undefined ? undefined : [input.Name]);
  if (!remove(ctx, name)) throw noSuchParameter();
  return {};
}

export function deleteParameters(
  input: DeleteParametersRequest,
  ctx: SsmContext,
): DeleteParametersResult {
  const names = [...new Set(parseNames(input.Names))];
  const deleted = names.filter((name) => remove(ctx, name));
  return {
    DeletedParameters: deleted,
    InvalidParameters: names.filter((name) => !deleted.includes(name)),
  };
}

/** Tells whether there was one. */
function remove({ state, scope }: SsmContext, name: string): boolean {
  return state.transact((tx) => {
    const parameter = tx.parameters.find(parameterArn(scope, name));
    if (!parameter) return false;
    tx.parameters.delete(parameter);
    tx.sealedValues.keepOnly(parameter.arn, new Set());
    return true;
  });
}
