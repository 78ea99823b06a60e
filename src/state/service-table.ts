import { lastPathElement, scopeOfArn, serviceArn } from '../domain/arn.ts';
import type { ClusterArn, ServiceArn, TaskDefinitionArn } from '../domain/arn.ts';
import { primaryOf, serviceGroup, type Service } from '../domain/service/service.ts';
import type { LaunchType } from '../domain/task/task.ts';
import { GroupIndex, MembershipIndex, Table, type Derivation, type Journal } from './table.ts';

type CountsByLaunchType = Readonly<Record<LaunchType, number>>;

/** Services of a cluster that are not INACTIVE, by launch type. */
export interface ServiceCounts {
  readonly active: CountsByLaunchType;
  readonly draining: CountsByLaunchType;
}

export class ServiceTable extends Table<Service> {
  readonly #active = this.derive(
    new GroupIndex<Service>(({ status, clusterArn }) =>
      status === 'ACTIVE' ? clusterArn : undefined,
    ),
  );
  readonly #counts = this.derive(new CountsOfClusters());
  readonly #daemons = this.derive(
    new GroupIndex<Service>(({ status, clusterArn, schedulingStrategy }) =>
      status === 'ACTIVE' && schedulingStrategy === 'DAEMON' ? clusterArn : undefined,
    ),
  );
  readonly #placeless = this.derive(
    new GroupIndex<Service>(({ status, clusterArn, deployments }) =>
      status === 'ACTIVE' && deployments.some(({ placeless }) => placeless !== undefined)
        ? clusterArn
        : undefined,
    ),
  );
  readonly #byDefinition = this.derive(new MembershipIndex<Service>(definitionsOf));
  readonly #byCapacityProvider = this.derive(new MembershipIndex<Service>(providersOf));

  constructor(journal: Journal) {
    super('service', (service) => service.arn, journal);
  }

  findByArn(arn: ServiceArn): Service | undefined {
    return this.find(arn);
  }

  /** The service whose tasks are of a group, where it is one of a service. */
  findByGroup(clusterArn: ClusterArn, group: string): Service | undefined {
    if (!group.startsWith(serviceGroup(''))) return undefined;
    const name = group.slice(serviceGroup('').length);
    return this.find(serviceArn(scopeOfArn(clusterArn), lastPathElement(clusterArn), name));
  }

  /** ACTIVE services of a cluster, by ARN. */
  list(clusterArn: ClusterArn, after: string | undefined): IterableIterator<Service> {
    return this.rowsOf(this.#active.of(clusterArn).after(after));
  }

  /** ACTIVE DAEMON services of a cluster: each of its instances may matter to them. */
  daemons(clusterArn: ClusterArn): IterableIterator<Service> {
    return this.rowsOf(this.#daemons.of(clusterArn).after(undefined));
  }

  /** ACTIVE services of a cluster that wait for room on its instances. */
  placeless(clusterArn: ClusterArn): IterableIterator<Service> {
    return this.rowsOf(this.#placeless.of(clusterArn).after(undefined));
  }

  countsOf(clusterArn: ClusterArn): ServiceCounts {
    return this.#counts.of(clusterArn);
  }

  /** Whether a deployment of a service may still start tasks from a definition. */
  usesDefinition(arn: TaskDefinitionArn): boolean {
    return this.#byDefinition.of(arn).size > 0;
  }

  usesCapacityProvider(clusterArn: ClusterArn, name: string): boolean {
    return this.#byCapacityProvider.of(`${clusterArn} ${name}`).size > 0;
  }
}

const zero = { EC2: 0, FARGATE: 0, EXTERNAL: 0, MANAGED_INSTANCES: 0 } as const;
const noServices: ServiceCounts = { active: zero, draining: zero };

class CountsOfClusters implements Derivation<Service> {
  readonly #clusters = new Map<string, ServiceCounts>();

  of(clusterArn: string): ServiceCounts {
    return this.#clusters.get(clusterArn) ?? noServices;
  }

  changed(_: string, before: Service | undefined, after: Service | undefined): void {
    if (before?.status === after?.status && launchTypeOf(before) === launchTypeOf(after)) return;
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  #add(service: Service, by: number): void {
    if (service.status === 'INACTIVE') return;
    const phase = service.status === 'ACTIVE' ? 'active' : 'draining';
    const { launchType } = primaryOf(service).revision;
    const counts = this.of(service.clusterArn);
    const next = {
      ...counts,
      [phase]: { ...counts[phase], [launchType]: counts[phase][launchType] + by },
    };
    if (isZero(next.active) && isZero(next.draining)) this.#clusters.delete(service.clusterArn);
    else this.#clusters.set(service.clusterArn, next);
  }
}

function isZero(counts: CountsByLaunchType): boolean {
  return Object.values(counts).every((count) => count === 0);
}

function launchTypeOf(service: Service | undefined): LaunchType | undefined {
  return service && primaryOf(service).revision.launchType;
}

function definitionsOf({ status, deployments }: Service): readonly string[] {
  if (status === 'INACTIVE') return [];
  return [...new Set(deployments.map(({ revision }) => revision.taskDefinitionArn))];
}

function providersOf({ status, clusterArn, deployments }: Service): readonly string[] {
  if (status === 'INACTIVE') return [];
  const names = deployments.flatMap(({ revision }) => revision.capacityProviderStrategy ?? []);
  return [...new Set(names.map((item) => `${clusterArn} ${item.capacityProvider}`))];
}
