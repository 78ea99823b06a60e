import { closestZones, type Zone } from '../domain/dns/zone.ts';
import type { PrivateDnsNamespace } from '../domain/namespace/namespace.ts';
import type { State } from '../state/state.ts';
import type { Sight } from './clients.ts';

/** The private namespaces that a name is in, as far as somebody may see them, the oldest first. */
export function zonesOf(name: string, sight: Sight, read: State['read']): readonly Zone[] {
  if (sight.kind === 'Outside') return [];
  const isSeen = ({ scope }: PrivateDnsNamespace) => sight.kind === 'All' || scope === sight.scope;
  const namespaces = closestZones(name, (suffix) =>
    [...read.namespaces.privateZones(suffix)].filter(isSeen),
  );
  return [...namespaces]
    .sort((one, other) => one.createdAt - other.createdAt)
    .map((namespace) => zoneOf(namespace, read));
}

function zoneOf(
  { arn, name, soaTtlSeconds }: PrivateDnsNamespace,
  { discoveryServices, discoveryInstances }: State['read'],
): Zone {
  return {
    name,
    soaTtlSeconds,
    findService: (serviceName) => {
      const service = discoveryServices.findByDnsName(arn, serviceName);
      if (!service) return undefined;
      return { service, instances: [...discoveryInstances.ofService(service.arn, undefined)] };
    },
    *serviceNames() {
      for (const { arn: serviceArn, name: own, dnsConfig } of discoveryServices.inNamespace(
        arn,
        undefined,
      )) {
        if (dnsConfig && discoveryInstances.countOf(serviceArn) > 0) yield own.toLowerCase();
      }
    },
  };
}
