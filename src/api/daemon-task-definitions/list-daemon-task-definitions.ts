import type {
  ListDaemonTaskDefinitionsRequest,
  ListDaemonTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey, type Scope } from '../../domain/arn.ts';
import type { DaemonTaskDefinition } from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import {
  parseDaemonTaskDefinitionFilter,
  type DaemonTaskDefinitionFilter,
} from '../../domain/daemon-task-definition/list-daemon-task-definitions.ts';
import { present } from '../../domain/present.ts';
import type { RevisionCursor } from '../../state/task-definition-table.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { daemonTaskDefinitionSummary } from './daemon-task-definition-view.ts';

export function listDaemonTaskDefinitions(
  input: ListDaemonTaskDefinitionsRequest,
  { state, scope }: RequestContext,
): ListDaemonTaskDefinitionsResponse {
  const filter = parseDaemonTaskDefinitionFilter(input);
  const { rows, nextToken } = pageOf<DaemonTaskDefinition>({
    request: input,
    list: ['ListDaemonTaskDefinitions', scopeKey(scope), JSON.stringify(filter)],
    rowsAfter: (key) => matching(state.read, scope, filter, parseCursor(key)),
    keyOf: ({ family, revision }) => `${family}:${revision}`,
  });
  return {
    daemonTaskDefinitions: rows.map(daemonTaskDefinitionSummary),
    ...present({ nextToken }),
  };
}

function* matching(
  { daemonTaskDefinitions, daemonFamilies }: ReadonlyTables,
  scope: Scope,
  { lastRegistered, ...query }: DaemonTaskDefinitionFilter,
  from: RevisionCursor | undefined,
): IterableIterator<DaemonTaskDefinition> {
  for (const row of daemonTaskDefinitions.list({ scope, ...query }, from)) {
    const latest = daemonFamilies.findByName(scope, row.family)?.latestRevision;
    if (!lastRegistered || row.revision === latest) yield row;
  }
}

function parseCursor(key: string | undefined): RevisionCursor | undefined {
  if (key === undefined) return undefined;
  const colon = key.lastIndexOf(':');
  return { family: key.slice(0, colon), revision: Number(key.slice(colon + 1)) };
}
