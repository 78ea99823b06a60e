import type {
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  TaskDefinitionFamilyStatus,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import { isFamilyListed } from '../../domain/task-definition/list-task-definitions.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';

export function listTaskDefinitionFamilies(
  input: ListTaskDefinitionFamiliesRequest,
  { state, scope }: RequestContext,
): ListTaskDefinitionFamiliesResponse {
  const filter = parseStatus(input.status);
  const prefix = input.familyPrefix ?? '';
  const { rows, nextToken } = pageOf<string>({
    request: input,
    list: ['ListTaskDefinitionFamilies', scopeKey(scope), filter, prefix],
    rowsAfter: function* (key) {
      for (const [family, counts] of state.read.taskDefinitions.families(scope, prefix, key)) {
        if (isFamilyListed(filter, counts.ACTIVE)) yield family;
      }
    },
    keyOf: (family) => family,
  });
  return { families: rows, ...present({ nextToken }) };
}

function parseStatus(status: string | undefined): TaskDefinitionFamilyStatus {
  switch (status) {
    case undefined:
    case '':
      return 'ALL';
    case 'ACTIVE':
    case 'INACTIVE':
    case 'ALL':
      return status;
    default:
      throw invalidParameter('status should be one of [ACTIVE,ALL,INACTIVE]');
  }
}
