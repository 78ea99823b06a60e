import type {
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { newTaskDefinition } from '../../domain/task-definition/new-task-definition.ts';
import { parseTaskDefinition } from '../../domain/task-definition/parse-task-definition.ts';
import type { RequestContext } from '../operation.ts';
import { taskDefinitionView } from './task-definition-view.ts';

export function registerTaskDefinition(
  input: RegisterTaskDefinitionRequest,
  { state, scope, now, callerArn }: RequestContext,
): RegisterTaskDefinitionResponse {
  const parsed = parseTaskDefinition(input);

  const definition = state.transact((tx) => {
    const family = tx.families.findByName(scope, parsed.family);
    const revision = (family?.latestRevision ?? 0) + 1;
    const registered = newTaskDefinition({ scope, parsed, revision, now, registeredBy: callerArn });
    tx.taskDefinitions.put(registered);
    tx.families.put({ scope: scopeKey(scope), name: parsed.family, latestRevision: revision });
    return registered;
  });

  return {
    taskDefinition: taskDefinitionView(definition),
    ...(definition.tags.length > 0 && { tags: [...definition.tags] }),
  };
}
