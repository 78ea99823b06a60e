import type {
  DeleteDaemonTaskDefinitionRequest,
  DeleteDaemonTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import {
  cannotDescribeDaemonTaskDefinition,
  deletionRequested,
} from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import {
  daemonTaskDefinitions,
  parseRevisionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { RequestContext } from '../operation.ts';
import { requireDaemonTaskDefinition } from './require-daemon-task-definition.ts';

/** It goes as soon as no daemon uses it; until then it is DELETE_IN_PROGRESS. */
export function deleteDaemonTaskDefinition(
  input: DeleteDaemonTaskDefinitionRequest,
  { state, scope, now }: RequestContext,
): DeleteDaemonTaskDefinitionResponse {
  const ref = parseRevisionRef(scope, input.daemonTaskDefinition, daemonTaskDefinitions);

  const definition = state.transact((tx) => {
    const found = requireDaemonTaskDefinition(tx, scope, ref, cannotDescribeDaemonTaskDefinition);
    const deleting = deletionRequested(found, now);
    tx.daemonTaskDefinitions.put(deleting);
    return deleting;
  });

  return { daemonTaskDefinitionArn: definition.arn };
}
