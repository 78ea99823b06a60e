import type {
  UpdateContainerAgentRequest,
  UpdateContainerAgentResponse,
} from '@aws-sdk/client-ecs';
import { EcsError } from '../../domain/errors.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireContainerInstance } from './require-container-instance.ts';

/** Longshore distributes no agents, so that there is never another one to update to. */
export function updateContainerAgent(
  input: UpdateContainerAgentRequest,
  { state, scope }: RequestContext,
): UpdateContainerAgentResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  const { versionInfo } = requireContainerInstance(state.read, cluster, input.containerInstance);
  if (versionInfo.agentVersion === undefined) {
    // [inferred text]
    throw new EcsError('MissingVersionException', 'The version of the container agent is unknown.');
  }
  throw new EcsError(
    'NoUpdateAvailableException',
    'There is no update available for your container agent.',
  );
}
