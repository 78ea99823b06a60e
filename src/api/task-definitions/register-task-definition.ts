import type {
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { newTaskDefinition } from '../../domain/task-definition/new-task-definition.ts';
import { parseTaskDefinition } from '../../domain/task-definition/parse-task-definition.ts';
import type { Encodable } from '../../protocol/fragment.ts';
import type { RequestContext } from '../operation.ts';
import { taskDefinitionView } from './task-definition-view.ts';

export function registerTaskDefinition(
  input: RegisterTaskDefinitionRequest,
  { state, scope, now, callerArn }: RequestContext,
): Encodable<RegisterTaskDefinitionResponse> {
  const parsed = parseTaskDefinition(input);

  const definition = state.transact((tx) => {
    const family = tx.families.findByName(scope, parsed.family);
    const latest = family?.latestRevision ?? 0;
    const registered = newTaskDefinition({
      scope,
      parsed,
      revision: latest + 1,
      previous: tx.taskDefinitions.findRevision(scope, parsed.family, latest),
      now,
      registeredBy: callerArn,
    });
    tx.taskDefinitions.put(registered);
    tx.families.put({ scope: scopeKey(scope), name: parsed.family, latestRevision: latest + 1 });
    return registered;
  });

  return {
    taskDefinition: taskDefinitionView(definition),
    ...(definition.tags.length > 0 && { tags: [...definition.tags] }),
  };
}
