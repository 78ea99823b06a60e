import type {
  DeleteTaskDefinitionsRequest,
  DeleteTaskDefinitionsResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { taskDefinitionArn } from '../../domain/arn.ts';
import {
  deleteRequested,
  deletionRefusal,
} from '../../domain/task-definition/new-task-definition.ts';
import {
  cannotDescribeTaskDefinition,
  parseRevisionRefs,
  type RevisionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import type { Encodable } from '../../protocol/fragment.ts';
import type { RequestContext } from '../operation.ts';
import { taskDefinitionView } from './task-definition-view.ts';

/** A definition goes as soon as nothing uses it; until then it is DELETE_IN_PROGRESS. */
export function deleteTaskDefinitions(
  input: DeleteTaskDefinitionsRequest,
  { state, scope }: RequestContext,
): Encodable<DeleteTaskDefinitionsResponse> {
  const refs = parseRevisionRefs(scope, input.taskDefinitions);

  return state.transact((tx) => {
    const deleting: TaskDefinition[] = [];
    const failures: Failure[] = [];
    for (const { family, revision } of distinct(refs)) {
      const definition = tx.taskDefinitions.findRevision(scope, family, revision);
      const reason = deletionRefusal(definition);
      if (reason !== undefined) {
        failures.push({ arn: taskDefinitionArn(scope, family, revision), reason });
        continue;
      }
      if (!definition) throw cannotDescribeTaskDefinition();
      const deleted = deleteRequested(definition);
      tx.taskDefinitions.put(deleted);
      deleting.push(deleted);
    }
    return { taskDefinitions: deleting.map(taskDefinitionView), failures };
  });
}

function distinct(refs: readonly RevisionRef[]): Iterable<RevisionRef> {
  return new Map(refs.map((ref) => [`${ref.family}:${ref.revision}`, ref])).values();
}
