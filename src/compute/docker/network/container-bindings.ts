import type { NetworkBinding } from '../../../domain/task/task.ts';
import type { TaskOrder } from '../../compute.ts';
import type { ContainerSpec } from '../container-spec.ts';
import { EngineError } from '../engine.ts';
import type { Pause } from '../pauses.ts';
import type { TaskHost } from '../task-host.ts';
import { networkOf, type TaskNetwork } from './task-network.ts';

export interface StartedContainer {
  readonly order: TaskOrder;
  readonly spec: ContainerSpec;
  /** The Engine's id of it. */
  readonly id: string;
  /** What holds the namespace that it shares. */
  readonly pause: Pause | undefined;
}

/** Where the ports of a container that has started are reached. Those of its own only the Engine knows. */
export function containerBindings(
  host: TaskHost,
  { order, spec: { definition }, id, pause }: StartedContainer,
): readonly NetworkBinding[] | Promise<readonly NetworkBinding[]> {
  const network = networkOf(order);
  if (!network.isPublished) return network.bindingsOf(definition, pause?.ports ?? {});
  return definition.portMappings.length === 0 ? [] : inspected(host, network, definition, id);
}

async function inspected(
  host: TaskHost,
  network: TaskNetwork,
  definition: ContainerSpec['definition'],
  id: string,
): Promise<readonly NetworkBinding[]> {
  try {
    const { NetworkSettings } = await host.engine.inspectContainer(id);
    return network.bindingsOf(definition, NetworkSettings.Ports);
  } catch (error) {
    // One that is gone already has no ports. Where the Engine is away, a new look at it tells again.
    if (error instanceof EngineError) return [];
    host.lost(error);
    throw error;
  }
}
