import type {
  DescribeDaemonTaskDefinitionRequest,
  DescribeDaemonTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { cannotDescribeDaemonTaskDefinition } from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import {
  daemonTaskDefinitions,
  describedTaskDefinitionBlank,
  parseTaskDefinitionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { RequestContext } from '../operation.ts';
import { daemonTaskDefinitionView } from './daemon-task-definition-view.ts';
import { requireDaemonTaskDefinition } from './require-daemon-task-definition.ts';

export function describeDaemonTaskDefinition(
  input: DescribeDaemonTaskDefinitionRequest,
  { state, scope }: RequestContext,
): DescribeDaemonTaskDefinitionResponse {
  const ref = parseTaskDefinitionRef(
    scope,
    input.daemonTaskDefinition,
    describedTaskDefinitionBlank,
    daemonTaskDefinitions,
  );
  const definition = requireDaemonTaskDefinition(
    state.read,
    scope,
    ref,
    cannotDescribeDaemonTaskDefinition,
  );
  return { daemonTaskDefinition: daemonTaskDefinitionView(definition) };
}
