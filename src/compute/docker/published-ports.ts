import type { NetworkBinding } from '../../domain/task/task.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { ContainerInspect } from './engine-types.ts';

type EnginePorts = ContainerInspect['NetworkSettings']['Ports'];

/** Every port that a task's containers listen on, as the Engine writes it: `80/tcp`. */
export function exposedPorts(specs: readonly ContainerSpec[]): readonly string[] {
  const all = specs.flatMap(({ definition }) => portsOf(definition).map(({ key }) => key));
  return [...new Set(all)];
}

/** Where a container's ports are reached on the host; none where they are not published. */
export function networkBindings(
  definition: ContainerDefinition,
  published: EnginePorts,
): readonly NetworkBinding[] {
  return portsOf(definition).flatMap(({ key, containerPort, protocol }) =>
    (published[key] ?? []).map(({ HostIp, HostPort }) => ({
      bindIP: HostIp,
      containerPort,
      hostPort: Number(HostPort),
      protocol,
    })),
  );
}

/** The single ports that a container's definition maps. */
export function portsOf(definition: ContainerDefinition) {
  return (definition.portMappings ?? []).flatMap(
    ({ containerPort, hostPort = 0, protocol = 'tcp' }) =>
      containerPort === undefined
        ? []
        : [{ key: `${containerPort}/${protocol}`, containerPort, hostPort, protocol }],
  );
}

/** Ports of a container that are mapped together. */
export interface PortRange {
  /** `9000-9003/tcp` */
  readonly key: string;
  readonly range: string;
  readonly ports: readonly number[];
  readonly protocol: 'tcp' | 'udp';
}

/** The ranges of ports that a container's definition maps. */
export function rangesOf(definition: ContainerDefinition): readonly PortRange[] {
  return definition.portMappings.flatMap(({ containerPortRange: range, protocol = 'tcp' }) => {
    if (!range) return [];
    const [first = 0, last = 0] = range.split('-').map(Number);
    const ports = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return [{ key: `${range}/${protocol}`, range, ports, protocol }];
  });
}
