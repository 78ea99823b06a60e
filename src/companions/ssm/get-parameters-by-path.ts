import type { GetParametersByPathRequest, GetParametersByPathResult } from '@aws-sdk/client-ssm';
import { latestOf } from '../../domain/parameter/parameter.ts';
import { parameterPrefix } from '../../domain/parameter/parameter-name.ts';
import { ssmValidation } from '../../domain/parameter/ssm-error.ts';
import { pageOf } from '../name-page.ts';
import { parameterFilter, isBelow, parseToken } from './filter-parameters.ts';
import { parsePageSize } from './parse-names.ts';
import { versionView } from './read-parameter.ts';
import type { SsmContext } from './ssm-context.ts';

const mostResults = 10;

export function getParametersByPath(
  input: GetParametersByPathRequest,
  ctx: SsmContext,
): GetParametersByPathResult {
  const path: string = input.Path ?? '';
  if (!path.startsWith('/')) throw invalidPath(path);
  const size = parsePageSize(input.MaxResults, mostResults);
  const isWanted = parameterFilter(input.ParameterFilters, ['Type', 'KeyId']);
  const below = path.endsWith('/') ? path : `${path}/`;
  const prefix = `${parameterPrefix(ctx.scope)}${below}`;

  const after = parseToken(input.NextToken);
  const { items, nextToken } = pageOf(
    ctx.state.read.parameters.list(ctx.scope, prefix, after),
    size,
    (one) => isBelow(one.name, below, input.Recursive ?? false) && isWanted(one),
  );
  const decrypts = input.WithDecryption ?? false;
  return {
    Parameters: items.map((item) => versionView(ctx, item, latestOf(item), decrypts)),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

/** [inferred wording] */
function invalidPath(path: string): Error {
  return ssmValidation(
    `The parameter path ${path} isn't valid: it must begin with a forward slash (/).`,
  );
}
