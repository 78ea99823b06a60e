import { ownNames } from './own-names.ts';
import type { TaskNetwork } from './task-network.ts';

/** Each container has nothing but its own loopback interface. */
export const noNetwork: TaskNetwork = {
  isShared: false,
  isPublished: false,
  bodyOf: ({ definition }) => {
    const { HostConfig, ...names } = ownNames(definition);
    return { ...names, HostConfig: { ...HostConfig, NetworkMode: 'none' } };
  },
  bindingsOf: () => [],
};
