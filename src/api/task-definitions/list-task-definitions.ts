import type { ListTaskDefinitionsRequest, ListTaskDefinitionsResponse } from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import type {
  TaskDefinition,
  TaskDefinitionStatus,
} from '../../domain/task-definition/task-definition.ts';
import type { RevisionCursor } from '../../state/task-definition-table.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';

export function listTaskDefinitions(
  input: ListTaskDefinitionsRequest,
  { state, scope }: RequestContext,
): ListTaskDefinitionsResponse {
  const status = parseStatus(input.status);
  const direction = parseSort(input.sort);
  const family = input.familyPrefix || undefined;
  const { taskDefinitions } = state.read;
  const { rows, nextToken } = pageOf<TaskDefinition>({
    request: input,
    list: ['ListTaskDefinitions', scopeKey(scope), status, direction, family],
    rowsAfter: (key) =>
      taskDefinitions.list({ scope, status, direction, family }, parseCursor(key)),
    keyOf: ({ family: name, revision }) => `${name}:${revision}`,
  });
  return { taskDefinitionArns: rows.map((row) => row.arn), ...present({ nextToken }) };
}

function parseCursor(key: string | undefined): RevisionCursor | undefined {
  if (key === undefined) return undefined;
  const colon = key.lastIndexOf(':');
  return { family: key.slice(0, colon), revision: Number(key.slice(colon + 1)) };
}

function parseStatus(status: string | undefined): TaskDefinitionStatus {
  switch (status) {
    case undefined:
    case '':
      return 'ACTIVE';
    case 'ACTIVE':
    case 'INACTIVE':
    case 'DELETE_IN_PROGRESS':
      return status;
    default:
      throw invalidParameter('status should be one of [ACTIVE,DELETE_IN_PROGRESS,INACTIVE]');
  }
}

function parseSort(sort: string | undefined): 'ASC' | 'DESC' {
  if (sort === undefined || sort === '' || sort === 'ASC') return 'ASC';
  if (sort === 'DESC') return sort;
  throw invalidParameter('sort should be one of [ASC,DESC]');
}
