import type {
  RegisterDaemonTaskDefinitionRequest,
  RegisterDaemonTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import {
  newDaemonTaskDefinition,
  parseDaemonTaskDefinition,
} from '../../domain/daemon-task-definition/parse-daemon-task-definition.ts';
import type { RequestContext } from '../operation.ts';

export function registerDaemonTaskDefinition(
  input: RegisterDaemonTaskDefinitionRequest,
  { state, scope, now, callerArn }: RequestContext,
): RegisterDaemonTaskDefinitionResponse {
  const parsed = parseDaemonTaskDefinition(input);

  const definition = state.transact((tx) => {
    const { family } = parsed;
    const latest = tx.daemonFamilies.findByName(scope, family)?.latestRevision ?? 0;
    const revision = latest + 1;
    const registered = newDaemonTaskDefinition({
      scope,
      parsed,
      revision,
      now,
      registeredBy: callerArn,
    });
    tx.daemonTaskDefinitions.put(registered);
    tx.daemonFamilies.put({ scope: scopeKey(scope), name: family, latestRevision: revision });
    return registered;
  });

  return { daemonTaskDefinitionArn: definition.arn };
}
