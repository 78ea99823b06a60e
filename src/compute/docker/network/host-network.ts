import { hostNetworkBindings } from '../../../domain/task/host-network-bindings.ts';
import { ownNames } from './own-names.ts';
import type { TaskNetwork } from './task-network.ts';

/** The containers are in the namespace of the host itself. */
export const hostNetwork: TaskNetwork = {
  isShared: false,
  isPublished: false,
  bodyOf: ({ definition }) => {
    const { HostConfig, ...names } = ownNames(definition);
    return { ...names, HostConfig: { ...HostConfig, NetworkMode: 'host' } };
  },
  bindingsOf: hostNetworkBindings,
};
