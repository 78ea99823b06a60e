import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import { dockerName } from '../names.ts';
import { portsOf } from '../published-ports.ts';
import { ownNames } from './own-names.ts';
import type { NetworkContext, TaskNetwork } from './task-network.ts';

/** Each container has a namespace on Docker's default bridge; its ports are published on the host. */
export const bridgeNetwork: TaskNetwork = {
  isShared: false,
  isPublished: true,
  bodyOf: ({ definition }, context) => {
    const { HostConfig, ...names } = ownNames(definition);
    const ports = portsOf(definition);
    return {
      ...names,
      ExposedPorts: Object.fromEntries(ports.map(({ key }) => [key, {}])),
      HostConfig: {
        ...HostConfig,
        NetworkMode: 'bridge',
        PortBindings: portBindings(definition),
        Links: links(definition, context),
      },
    };
  },
  bindingsOf: (definition, published) => {
    const ports = new Map(portsOf(definition).map((port) => [port.key, port]));
    return [...ports.values()].flatMap(({ key, containerPort, protocol }) =>
      (published[key] ?? [])
        // An Engine with IPv6 binds each port twice; the official agent tells of IPv4 alone.
        .filter(({ HostIp }) => !HostIp.includes(':'))
        .map(({ HostIp, HostPort }) => ({
          bindIP: HostIp || '0.0.0.0',
          containerPort,
          hostPort: Number(HostPort),
          protocol,
        })),
    );
  },
};

/** A port of the host that is not named is chosen by the Engine when the container starts. */
function portBindings(definition: ContainerDefinition) {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { key, hostPort } of portsOf(definition)) {
    const binding = { HostIp: '', HostPort: hostPort > 0 ? String(hostPort) : '' };
    bindings[key] = [...(bindings[key] ?? []), binding];
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
