import type {
  Attribute as WireAttribute,
  DeleteAttributesRequest,
  DeleteAttributesResponse,
} from '@aws-sdk/client-ecs';
import { parseAttributeName } from '../../domain/container-instance/attributes.ts';
import { changedInstance } from '../../domain/container-instance/container-instance.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireAttributes, requireTarget } from './attribute-targets.ts';

/** By name, whatever the value; a name that is not there is passed over. */
export function deleteAttributes(
  input: DeleteAttributesRequest,
  { state, scope }: RequestContext,
): DeleteAttributesResponse {
  const attributes = state.transact((tx) => {
    const cluster = requireLiveCluster(tx, scope, input.cluster);
    return requireAttributes(input.attributes).flatMap((given): WireAttribute[] => {
      const name = parseAttributeName(given.name);
      const instance = requireTarget(tx, cluster, given);
      const found = instance.attributes.find((attribute) => attribute.name === name);
      if (!found) return [];
      const kept = instance.attributes.filter((attribute) => attribute !== found);
      tx.containerInstances.put(changedInstance(instance, { attributes: kept }));
      return [{ ...found, targetId: instance.arn }];
    });
  });

  return { attributes };
}
