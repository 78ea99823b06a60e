import type {
  DescribeParametersRequest,
  DescribeParametersResult,
  ParameterMetadata,
} from '@aws-sdk/client-ssm';
import { latestOf, type Parameter } from '../../domain/parameter/parameter.ts';
import { parameterPrefix } from '../../domain/parameter/parameter-name.ts';
import { notBuiltInSsm } from '../../domain/parameter/ssm-error.ts';
import { pageOf } from '../name-page.ts';
import { parameterFilter, parseToken } from './filter-parameters.ts';
import { parsePageSize } from './parse-names.ts';
import type { SsmContext } from './ssm-context.ts';

const mostResults = 50;

export function describeParameters(
  input: DescribeParametersRequest,
  ctx: SsmContext,
): DescribeParametersResult {
  if (input.Filters?.length) throw notBuiltInSsm('Filters, which ParameterFilters replace,');
  const size = parsePageSize(input.MaxResults, mostResults);
  const isWanted = parameterFilter(input.ParameterFilters, [
    'Name',
    'Type',
    'KeyId',
    'Tier',
    'Path',
  ]);
  const after = parseToken(input.NextToken);
  const all = ctx.state.read.parameters.list(ctx.scope, `${parameterPrefix(ctx.scope)}/`, after);
  const { items, nextToken } = pageOf(all, size, isWanted);
  return {
    Parameters: items.map(metadataView),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

function metadataView(parameter: Parameter): ParameterMetadata {
  const { arn, name, type, tier, keyId, description } = parameter;
  const { version, modifiedAt, modifiedBy } = latestOf(parameter);
  return {
    ARN: arn,
    Name: name,
    Type: type,
    Tier: tier,
    Version: version,
    LastModifiedDate: new Date(modifiedAt),
    LastModifiedUser: modifiedBy,
    DataType: 'text',
    Policies: [],
    ...(keyId !== undefined && { KeyId: keyId }),
    ...(description !== undefined && { Description: description }),
  };
}
