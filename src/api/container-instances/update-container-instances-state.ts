import type {
  ContainerInstance as WireContainerInstance,
  Failure,
  UpdateContainerInstancesStateRequest,
  UpdateContainerInstancesStateResponse,
} from '@aws-sdk/client-ecs';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import {
  parseWantedStatus,
  statusObstacle,
  withStatus,
} from '../../domain/container-instance/instance-life.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { containerInstanceView } from './container-instance-view.ts';

const most = 10;

export function updateContainerInstancesState(
  input: UpdateContainerInstancesStateRequest,
  { state, scope }: RequestContext,
): UpdateContainerInstancesStateResponse {
  const containerInstances: WireContainerInstance[] = [];
  const failures: Failure[] = [];
  state.transact((tx) => {
    const cluster = requireLiveCluster(tx, scope, input.cluster);
    const refs = input.containerInstances ?? [];
    if (refs.length === 0) throw invalidParameter('Container instance cannot be empty.');
    if (refs.length > most) throw invalidParameter(`instanceIds can have at most ${most} items.`);
    const status = parseWantedStatus(input.status);
    for (const arn of new Set(refs.map((ref) => parseContainerInstanceRef(cluster.arn, ref)))) {
      const instance = tx.containerInstances.findByArn(arn);
      const reason = instance ? statusObstacle(instance) : 'MISSING';
      if (!instance || reason !== undefined) {
        failures.push({ arn, reason });
        continue;
      }
      const changed = withStatus(instance, status);
      tx.containerInstances.put(changed);
      containerInstances.push(containerInstanceView(changed, tx, {}));
    }
  });

  return { containerInstances, failures };
}
