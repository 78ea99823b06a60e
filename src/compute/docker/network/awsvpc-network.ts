import { networkBindings } from '../published-ports.ts';
import type { TaskNetwork } from './task-network.ts';

/** One namespace for the task, with an address of its own: its pause container has all settings. */
export const awsvpcNetwork: TaskNetwork = {
  isShared: true,
  isPublished: false,
  bodyOf: (_, { pauseId }) => ({ HostConfig: { NetworkMode: `container:${pauseId}` } }),
  bindingsOf: networkBindings,
};
