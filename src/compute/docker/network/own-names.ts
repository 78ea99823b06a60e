import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { NetworkBody } from './task-network.ts';

/** The names that a container has and finds where it does not share them with its task. */
export function ownNames(definition: ContainerDefinition): NetworkBody {
  const { dnsSearchDomains, dnsServers, extraHosts, hostname } = definition;
  return {
    ...(hostname ? { Hostname: hostname } : {}),
    ...(definition.disableNetworking ? { NetworkDisabled: true } : {}),
    HostConfig: {
      NetworkMode: 'default',
      ...(dnsServers?.length ? { Dns: dnsServers } : {}),
      ...(dnsSearchDomains?.length ? { DnsSearch: dnsSearchDomains } : {}),
      ...(extraHosts?.length
        ? { ExtraHosts: extraHosts.map(({ hostname: name, ipAddress }) => `${name}:${ipAddress}`) }
        : {}),
    },
  };
}
