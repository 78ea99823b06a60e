import type {
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { deregistered } from '../../domain/task-definition/new-task-definition.ts';
import {
  cannotDescribeTaskDefinition,
  parseRevisionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { Encodable } from '../../protocol/fragment.ts';
import type { RequestContext } from '../operation.ts';
import { requireTaskDefinition } from './require-task-definition.ts';
import { taskDefinitionView } from './task-definition-view.ts';

export function deregisterTaskDefinition(
  input: DeregisterTaskDefinitionRequest,
  { state, scope, now }: RequestContext,
): Encodable<DeregisterTaskDefinitionResponse> {
  const ref = parseRevisionRef(scope, input.taskDefinition);

  const { before, after } = state.transact((tx) => {
    const found = requireTaskDefinition(tx, scope, ref, cannotDescribeTaskDefinition);
    const inactive = deregistered(found, now);
    tx.taskDefinitions.put(inactive);
    return { before: found, after: inactive };
  });

  const { deregisteredAt, ...others } = taskDefinitionView(after);
  // The first answer does not show the time yet; every later one does.
  return { taskDefinition: before.status === 'ACTIVE' ? others : { ...others, deregisteredAt } };
}
