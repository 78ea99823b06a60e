import type { ServiceArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { endpointService } from '../../domain/service-connect/endpoint-services.ts';
import {
  namespaceMissing,
  newServiceConnect,
} from '../../domain/service-connect/new-service-connect.ts';
import type { ServiceConnectSpec } from '../../domain/service-connect/parse-service-connect.ts';
import type { ServiceConnect } from '../../domain/service-connect/service-connect.ts';
import { shownRevisionOf } from '../../domain/service/service.ts';
import type { Transaction } from '../../state/state.ts';
import type { RequestContext } from '../operation.ts';
import { requireExistingNamespace } from './existing-namespace.ts';

/**
 * What Service Connect comes to for a deployment that is about to begin; undefined where there is none. The services of
 * Cloud Map that stand for its endpoints are there from now on.
 * @throws EcsError NamespaceNotFoundException, InvalidParameterException
 */
export function connectService(
  tx: Transaction,
  { scope, newId, now }: RequestContext,
  spec: ServiceConnectSpec | undefined,
  { cluster, serviceArn }: { readonly cluster: Cluster; readonly serviceArn: ServiceArn },
): ServiceConnect | undefined {
  if (!spec) return undefined;
  const named = spec.configuration.namespace || cluster.serviceConnectNamespaceArn;
  if (named === undefined) throw namespaceMissing();
  const namespace = requireExistingNamespace(tx, scope, named);
  const connected = [...tx.services.inNamespace(namespace.arn, undefined)].map((service) => ({
    isItself: service.arn === serviceArn,
    connect: shownRevisionOf(service)?.serviceConnect,
  }));
  const serviceConnect = newServiceConnect({
    spec,
    namespace,
    before: connected.find(({ isItself }) => isItself)?.connect,
    others: connected.flatMap(({ isItself, connect }) => (connect && !isItself ? [connect] : [])),
    findDiscovery: (name) => tx.discoveryServices.findByName(namespace.arn, name),
    serviceArn,
    newId,
  });
  for (const endpoint of serviceConnect.endpoints) {
    if (tx.discoveryServices.findByArn(endpoint.discoveryArn)) continue;
    tx.discoveryServices.put(
      endpointService(endpoint, { namespace, ownerServiceArn: serviceArn, now }),
    );
  }
  return serviceConnect;
}
