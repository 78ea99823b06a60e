import type { ContainerDefinition } from '../task-definition/task-definition.ts';
import type { NetworkBinding } from './task.ts';

/** In host mode nothing is published: a container's ports are the host's own, as its definition has them. */
export function hostNetworkBindings({
  portMappings,
}: Pick<ContainerDefinition, 'portMappings'>): readonly NetworkBinding[] {
  return portMappings.flatMap(({ containerPort, protocol }) =>
    containerPort === undefined
      ? []
      : [
          {
            bindIP: '0.0.0.0',
            containerPort,
            hostPort: containerPort,
            protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
          },
        ],
  );
}
