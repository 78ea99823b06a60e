import type { DiscoveryInstance } from './discovery-instance.ts';
import type { DiscoveryService } from './discovery-service.ts';

export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export const healthFilters = ['HEALTHY', 'UNHEALTHY', 'ALL', 'HEALTHY_OR_ELSE_ALL'] as const;
export type HealthFilter = (typeof healthFilters)[number];

export interface DiscoveryFilter {
  readonly health: HealthFilter;
  /** Attributes that an instance must have. */
  readonly query: Readonly<Record<string, string>>;
  /** Attributes that it should have: where none has them too, they do not matter. */
  readonly optional: Readonly<Record<string, string>>;
}

/** How an instance is. Nobody makes the health checks of Route 53, so that what they would say is not known. */
export function healthOf({ customHealth }: DiscoveryInstance): HealthStatus {
  return customHealth ?? 'UNKNOWN';
}

/** The instances of a service that are asked for (DiscoverInstances). */
export function discover(
  service: DiscoveryService,
  instances: Iterable<DiscoveryInstance>,
  { health, query, optional }: DiscoveryFilter,
): readonly DiscoveryInstance[] {
  const matching = [...instances].filter((instance) => hasAttributes(instance, query));
  const preferred = matching.filter((instance) => hasAttributes(instance, optional));
  const candidates = preferred.length > 0 ? preferred : matching;
  if (!service.customHealthCheck) return candidates;
  return ofHealth(candidates, health);
}

/**
 * The instances that DNS answers with: those that are healthy, or all where none is (Developer Guide, "Health check
 * settings").
 */
export function routableInstances(
  instances: Iterable<DiscoveryInstance>,
): readonly DiscoveryInstance[] {
  return ofHealth([...instances], 'HEALTHY_OR_ELSE_ALL');
}

function ofHealth(
  instances: readonly DiscoveryInstance[],
  wanted: HealthFilter,
): readonly DiscoveryInstance[] {
  const those = (health: HealthStatus) => instances.filter((one) => healthOf(one) === health);
  switch (wanted) {
    case 'ALL':
      return instances;
    case 'HEALTHY':
    case 'UNHEALTHY':
      return those(wanted);
    case 'HEALTHY_OR_ELSE_ALL': {
      const healthy = those('HEALTHY');
      return healthy.length > 0 ? healthy : instances;
    }
  }
}

function hasAttributes(
  { attributes }: DiscoveryInstance,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => attributes[key] === value);
}
