import type { PlatformDevice, Resource } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { InstanceResources } from './container-instance.ts';

/** Longshore makes no interfaces in a VPC, and so has no limit of them. */
export const manyInterfaces = 1_000;

/**
 * Reads what an instance registers. An agent that is answered InvalidParameterException never tries again.
 * @throws EcsError InvalidParameterException
 */
export function parseResources(
  given: readonly Resource[] | undefined,
  devices: readonly PlatformDevice[] | undefined,
): InstanceResources {
  const byName = new Map((given ?? []).map((resource) => [resource.name, resource]));
  return {
    cpuUnits: integer(byName.get('CPU')),
    memoryMiB: integer(byName.get('MEMORY')),
    reservedPorts: ports(byName.get('PORTS')),
    reservedUdpPorts: ports(byName.get('PORTS_UDP')),
    gpuIds: (devices ?? []).filter(({ type }) => type === 'GPU').map(({ id = '' }) => id),
    networkInterfaces: manyInterfaces,
  };
}

/** [inferred text] */
function integer(resource: Resource | undefined): number {
  const value = resource?.integerValue ?? 0;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidParameter(`Invalid value of resource ${resource?.name ?? ''}.`);
}

function ports(resource: Resource | undefined): readonly number[] {
  return (resource?.stringSetValue ?? []).map(Number).filter((port) => port > 0 && port < 65_536);
}
