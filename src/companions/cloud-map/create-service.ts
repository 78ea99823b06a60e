import type { CreateServiceRequest, CreateServiceResponse } from '@aws-sdk/client-servicediscovery';
import { invalidInput, limitReached } from '../../domain/cloud-map/cloud-map-error.ts';
import {
  newDiscoveryServiceArn,
  type DiscoveryService,
} from '../../domain/cloud-map/discovery-service.ts';
import {
  mostServicesInNamespace,
  newDiscoveryService,
  parseDiscoveryService,
  serviceExists,
  type ServiceSpec,
} from '../../domain/cloud-map/new-service.ts';
import type { Scope } from '../../domain/arn.ts';
import type { Namespace } from '../../domain/namespace/namespace.ts';
import type { Transaction } from '../../state/state.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { namespaceArnOf, requireNamespace } from './require-record.ts';
import { serviceView } from './service-view.ts';
import { parseCloudMapTags } from './tags.ts';

export function createService(
  input: CreateServiceRequest,
  ctx: CloudMapContext,
): CreateServiceResponse {
  const { state, scope, now, newId } = ctx;
  const service = state.transact((tx) => {
    const namespace = namespaceOfRequest(tx, scope, input);
    const spec = parseDiscoveryService(input, namespace);
    const tags = parseCloudMapTags(input.Tags, spec.name);
    const namesake = namesakeOf(tx, namespace, spec);
    if (namesake) throw serviceExists(namesake);
    if (tx.discoveryServices.countIn(namespace.arn) >= mostServicesInNamespace) {
      throw limitReached('services in the namespace');
    }
    const arn = newDiscoveryServiceArn(namespace.arn, newId());
    const created = newDiscoveryService({ spec, namespace, arn, tags, now });
    tx.discoveryServices.put(created);
    return created;
  });
  return { Service: serviceView(service, state.read) };
}

/** `DnsConfig` may name the namespace, as it had to before there were others than those of DNS. */
function namespaceOfRequest(
  tables: ReadonlyTables,
  scope: Scope,
  { NamespaceId, DnsConfig }: CreateServiceRequest,
): Namespace {
  const ids = [NamespaceId, DnsConfig?.NamespaceId].filter((id) => id !== undefined);
  const [first, second = first] = ids.map((id) => namespaceArnOf(scope, id));
  if (first !== second) {
    throw invalidInput('NamespaceId and the NamespaceId of DnsConfig are not the same.'); // [inferred text]
  }
  return requireNamespace(tables, scope, ids[0], 'namespaceId');
}

/** In DNS upper and lower case are the same, which matters between services that have names there. */
function namesakeOf(
  { discoveryServices }: Transaction,
  { arn }: Namespace,
  { name, dnsConfig }: ServiceSpec,
): DiscoveryService | undefined {
  return (
    discoveryServices.findByName(arn, name) ??
    (dnsConfig && discoveryServices.findByDnsName(arn, name))
  );
}
