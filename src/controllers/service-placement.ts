import type { Cluster } from '../domain/cluster/cluster.ts';
import type { PlacementSpec } from '../domain/placement/placement-spec.ts';
import { servicePlacement, serviceTaskSpec } from '../domain/service/service-task-spec.ts';
import type { SuitedInstance } from '../domain/service/service-plan.ts';
import type { FoundPlace, StartAction } from '../domain/service/start-service-tasks.ts';
import { primaryOf, type Service, type ServiceRevision } from '../domain/service/service.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { RunTaskSpec } from '../domain/task/run-task-request.ts';
import type { Transaction } from '../state/state.ts';

/** What tasks of a service are started from. */
export interface Origin {
  readonly service: Service;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
}

interface Worked {
  readonly constraints: Service['placementConstraints'];
  readonly strategy: Service['placementStrategy'];
  readonly wanted: PlacementSpec;
  /** For a capacity provider, and for an Availability Zone. */
  readonly narrowed: Map<string, PlacementSpec>;
}

/** Finds places for tasks of services; what it asks of instances is worked out once for each revision. */
export class ServicePlacement {
  readonly #worked = new WeakMap<ServiceRevision, Worked>();

  find(
    tx: Transaction,
    { service, cluster, definition }: Origin,
    { deployment, on, zone }: StartAction,
  ): (spec: RunTaskSpec, turn: number, provider: string | undefined) => FoundPlace {
    if (deployment.revision.launchType === 'FARGATE') return () => undefined;
    return (spec, turn, provider) => {
      const worked = this.#workOut(service, deployment.revision, spec, definition);
      const wanted = narrowed(worked, provider, zone);
      const arn = on?.[turn];
      const place =
        arn === undefined
          ? tx.placements.find(cluster.arn, wanted)
          : tx.placements.findOn(cluster.arn, arn, wanted);
      return place;
    };
  }

  /** Which instances suit the tasks of a service, whatever room they have. */
  suited(tx: Transaction, { service, cluster, definition }: Origin): readonly SuitedInstance[] {
    const deployment = primaryOf(service);
    const { revision } = deployment;
    const spec = serviceTaskSpec(service, deployment, cluster, definition);
    const worked = this.#workOut(service, revision, spec, definition);
    const providers = revision.capacityProviderStrategy?.map((item) => item.capacityProvider);
    return (providers ?? [undefined])
      .flatMap((provider) =>
        tx.placements.suited(cluster.arn, narrowed(worked, provider, undefined)),
      )
      .map(({ arn, agentConnected }) => ({ arn, agentConnected }));
  }

  #workOut(
    service: Service,
    revision: ServiceRevision,
    spec: RunTaskSpec,
    definition: TaskDefinition,
  ): Worked {
    const { placementConstraints: constraints, placementStrategy: strategy } = service;
    const known = this.#worked.get(revision);
    if (known?.constraints === constraints && known.strategy === strategy) return known;
    const wanted = servicePlacement(service, spec, definition);
    const worked = { constraints, strategy, wanted, narrowed: new Map() };
    this.#worked.set(revision, worked);
    return worked;
  }
}

function narrowed(
  { wanted, narrowed: known }: Worked,
  capacityProviderName: string | undefined,
  zone: string | undefined,
): PlacementSpec {
  if (capacityProviderName === undefined && zone === undefined) return wanted;
  const key = `${capacityProviderName} ${zone}`;
  const spec = known.get(key) ?? {
    ...wanted,
    ...(capacityProviderName !== undefined && { capacityProviderName }),
    ...(zone !== undefined && { availabilityZones: [zone] }),
  };
  known.set(key, spec);
  return spec;
}
