import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { NetworkBinding } from '../../../domain/task/task.ts';
import { dockerName } from '../names.ts';
import { portsOf, rangesOf } from '../published-ports.ts';
import { ownNames } from './own-names.ts';
import type { EnginePorts, NetworkContext, TaskNetwork } from './task-network.ts';

/** Each container has a namespace on Docker's default bridge; its ports are published on the host. */
export const bridgeNetwork: TaskNetwork = {
  isShared: false,
  isPublished: true,
  bodyOf: ({ definition }, context) => {
    const { HostConfig, ...names } = ownNames(definition);
    const bindings = portBindings(definition, context);
    const { nameServers } = context;
    return {
      ...names,
      ExposedPorts: Object.fromEntries(Object.keys(bindings).map((key) => [key, {}])),
      HostConfig: {
        ...(nameServers.length > 0 ? { Dns: nameServers } : {}),
        ...HostConfig,
        NetworkMode: 'bridge',
        PortBindings: bindings,
        Links: links(definition, context),
      },
    };
  },
  bindingsOf: (definition, published) => [
    ...singleBindings(definition, published),
    ...rangeBindings(definition, published),
  ],
};

function singleBindings(definition: ContainerDefinition, published: EnginePorts): NetworkBinding[] {
  const ports = new Map(portsOf(definition).map((port) => [port.key, port]));
  return [...ports.values()].flatMap(({ key, containerPort, protocol }) =>
    boundTo(published, key).map(({ HostIp, HostPort }) => ({
      bindIP: HostIp || '0.0.0.0',
      containerPort,
      hostPort: Number(HostPort),
      protocol,
    })),
  );
}

/** A range is bound to as many ports of the host, so that the first of them tells the others. */
function rangeBindings(definition: ContainerDefinition, published: EnginePorts): NetworkBinding[] {
  return rangesOf(definition).flatMap(({ ports, range, protocol }) =>
    boundTo(published, `${ports[0]}/${protocol}`).map(({ HostIp, HostPort }) => ({
      bindIP: HostIp || '0.0.0.0',
      containerPortRange: range,
      hostPortRange: `${HostPort}-${Number(HostPort) + ports.length - 1}`,
      protocol,
    })),
  );
}

/** An Engine with IPv6 binds each port twice; the official agent tells of IPv4 alone. */
function boundTo(published: EnginePorts, key: string) {
  return (published[key] ?? []).filter(({ HostIp }) => !HostIp.includes(':'));
}

/** A port of the host that is not named is chosen by the Engine when the container starts. */
function portBindings(definition: ContainerDefinition, { hostRanges }: NetworkContext) {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { key, hostPort } of portsOf(definition)) {
    const binding = { HostIp: '', HostPort: hostPort > 0 ? String(hostPort) : '' };
    bindings[key] = [...(bindings[key] ?? []), binding];
  }
  for (const { key, ports, protocol } of rangesOf(definition)) {
    const first = hostRanges.get(key) ?? 0;
    for (const [index, port] of ports.entries()) {
      bindings[`${port}/${protocol}`] = [{ HostIp: '', HostPort: String(first + index) }];
    }
  }
  return bindings;
}

/** `container:alias`, or a container by its own name. */
function links({ links: given = [] }: ContainerDefinition, { order }: NetworkContext) {
  return given.map((link) => {
    const [container = '', alias = container] = link.split(':');
    return `${dockerName(order, container)}:${alias}`;
  });
}
