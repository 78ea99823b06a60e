import type {
  Attribute as WireAttribute,
  PutAttributesRequest,
  PutAttributesResponse,
} from '@aws-sdk/client-ecs';
import { parseCustomAttribute, withAttribute } from '../../domain/container-instance/attributes.ts';
import { changedInstance } from '../../domain/container-instance/container-instance.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireAttributes, requireTarget } from './attribute-targets.ts';

/** All of them, or none. */
export function putAttributes(
  input: PutAttributesRequest,
  { state, scope }: RequestContext,
): PutAttributesResponse {
  const attributes = state.transact((tx) => {
    const cluster = requireLiveCluster(tx, scope, input.cluster);
    return requireAttributes(input.attributes).map((given): WireAttribute => {
      const attribute = parseCustomAttribute(given);
      const instance = requireTarget(tx, cluster, given);
      const changed = withAttribute(instance.attributes, attribute);
      tx.containerInstances.put(changedInstance(instance, { attributes: changed }));
      return { ...attribute, targetId: instance.arn };
    });
  });

  return { attributes };
}
