import type { UpdateInstanceCustomHealthStatusRequest } from '@aws-sdk/client-servicediscovery';
import { withCustomHealth } from '../../domain/cloud-map/discovery-instance.ts';
import { oneOf } from '../../domain/cloud-map/members.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { requireDiscoveryService, requireInstance } from './require-record.ts';

/** It holds at once, where Cloud Map waits for half a minute. The revision of the instances stays. */
export function updateInstanceCustomHealthStatus(
  { ServiceId, InstanceId, Status }: UpdateInstanceCustomHealthStatusRequest,
  { state, scope }: CloudMapContext,
): object {
  const health = oneOf('status', Status, ['HEALTHY', 'UNHEALTHY']);
  state.transact((tx) => {
    const service = requireDiscoveryService(tx, scope, ServiceId);
    const instance = requireInstance(tx, service, InstanceId);
    tx.discoveryInstances.put(withCustomHealth(service, instance, health));
  });
  return {};
}
