import type { ContainerResolver } from '../container-resolver.ts';
import { EngineError, type Engine } from './engine.ts';

/** Lets the resolver listen, and know whom it has on the default bridge of an Engine on this machine. */
export async function openResolver(resolver: ContainerResolver, engine: Engine): Promise<void> {
  const [subnet] = await Promise.all([
    engine.isLocal ? subnetOfBridge(engine) : undefined,
    resolver.listen(),
  ]);
  resolver.bridgeSubnet = subnet;
}

/** An Engine can be told to have no such bridge. */
async function subnetOfBridge(engine: Engine): Promise<string | undefined> {
  try {
    const { IPAM } = await engine.inspectNetwork('bridge');
    return IPAM.Config?.[0]?.Subnet;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
