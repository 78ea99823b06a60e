import type {
  UpdateContainerAgentRequest,
  UpdateContainerAgentResponse,
} from '@aws-sdk/client-ecs';
import { updateRequested } from '../../domain/container-instance/agent-update.ts';
import { instanceNotFound } from '../../domain/container-instance/instance-life.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { containerInstanceView } from './container-instance-view.ts';
import { requireContainerInstance } from './require-container-instance.ts';

export function updateContainerAgent(
  input: UpdateContainerAgentRequest,
  { state, scope, agentRelease }: RequestContext,
): UpdateContainerAgentResponse {
  const instance = state.transact((tx) => {
    const cluster = requireLiveCluster(tx, scope, input.cluster);
    const found = requireContainerInstance(tx, cluster, input.containerInstance);
    if (found.status === 'INACTIVE') throw instanceNotFound(found.arn);
    const updating = updateRequested(found, agentRelease);
    tx.containerInstances.put(updating);
    return updating;
  });

  return { containerInstance: containerInstanceView(instance, state.read, {}) };
}
