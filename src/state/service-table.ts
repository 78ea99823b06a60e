import { lastPathElement, scopeOfArn, serviceArn } from '../domain/arn.ts';
import type { ClusterArn, ServiceArn, TaskDefinitionArn } from '../domain/arn.ts';
import {
  deploymentsOf,
  revisionsOf,
  serviceGroup,
  shownRevisionOf,
  type AnyService,
} from '../domain/service/service.ts';
import type { LaunchType } from '../domain/task/task.ts';
import { GroupIndex, MembershipIndex, Table, type Derivation, type Journal } from './table.ts';

type CountsByLaunchType = Readonly<Record<LaunchType, number>>;

/** Services of a cluster that are not INACTIVE, by launch type. */
export interface ServiceCounts {
  readonly active: CountsByLaunchType;
  readonly draining: CountsByLaunchType;
}

export class ServiceTable extends Table<AnyService> {
  readonly #active = this.derive(
    new GroupIndex<AnyService>(({ status, clusterArn }) =>
      status === 'ACTIVE' ? clusterArn : undefined,
    ),
  );
  readonly #counts = this.derive(new CountsOfClusters());
  readonly #daemons = this.derive(
    new GroupIndex<AnyService>(({ status, clusterArn, schedulingStrategy }) =>
      status === 'ACTIVE' && schedulingStrategy === 'DAEMON' ? clusterArn : undefined,
    ),
  );
  readonly #placeless = this.derive(
    new GroupIndex<AnyService>((service) =>
      service.status === 'ACTIVE' &&
      deploymentsOf(service).some(({ placeless }) => placeless !== undefined)
        ? service.clusterArn
        : undefined,
    ),
  );
  readonly #byDefinition = this.derive(new MembershipIndex<AnyService>(definitionsOf));
  readonly #byNamespace = this.derive(new MembershipIndex<AnyService>(namespacesOf));
  readonly #byCapacityProvider = this.derive(new MembershipIndex<AnyService>(providersOf));

  constructor(journal: Journal) {
    super('service', (service) => service.arn, journal);
  }

  findByArn(arn: ServiceArn): AnyService | undefined {
    return this.find(arn);
  }

  /** The service whose tasks are of a group, where it is one of a service. */
  findByGroup(clusterArn: ClusterArn, group: string): AnyService | undefined {
    if (!group.startsWith(serviceGroup(''))) return undefined;
    const name = group.slice(serviceGroup('').length);
    return this.find(serviceArn(scopeOfArn(clusterArn), lastPathElement(clusterArn), name));
  }

  /** ACTIVE services of a cluster, by ARN. */
  list(clusterArn: ClusterArn, after: string | undefined): IterableIterator<AnyService> {
    return this.rowsOf(this.#active.of(clusterArn).after(after));
  }

  /** ACTIVE DAEMON services of a cluster: each of its instances may matter to them. */
  daemons(clusterArn: ClusterArn): IterableIterator<AnyService> {
    return this.rowsOf(this.#daemons.of(clusterArn).after(undefined));
  }

  /** ACTIVE services of a cluster that wait for room on its instances. */
  placeless(clusterArn: ClusterArn): IterableIterator<AnyService> {
    return this.rowsOf(this.#placeless.of(clusterArn).after(undefined));
  }

  countsOf(clusterArn: ClusterArn): ServiceCounts {
    return this.#counts.of(clusterArn);
  }

  /** Whether a deployment of a service may still start tasks from a definition. */
  usesDefinition(arn: TaskDefinitionArn): boolean {
    return this.#byDefinition.of(arn).size > 0;
  }

  /** ACTIVE services that Service Connect has in a namespace, by ARN. */
  inNamespace(namespaceArn: string, after: string | undefined): IterableIterator<AnyService> {
    return this.rowsOf(this.#byNamespace.of(namespaceArn).after(after));
  }

  usesCapacityProvider(clusterArn: ClusterArn, name: string): boolean {
    return this.#byCapacityProvider.of(`${clusterArn} ${name}`).size > 0;
  }
}

const zero = { EC2: 0, FARGATE: 0, EXTERNAL: 0, MANAGED_INSTANCES: 0 } as const;
const noServices: ServiceCounts = { active: zero, draining: zero };

class CountsOfClusters implements Derivation<AnyService> {
  readonly #clusters = new Map<string, ServiceCounts>();

  of(clusterArn: string): ServiceCounts {
    return this.#clusters.get(clusterArn) ?? noServices;
  }

  changed(_: string, before: AnyService | undefined, after: AnyService | undefined): void {
    if (before?.status === after?.status && launchTypeOf(before) === launchTypeOf(after)) return;
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  #add(service: AnyService, by: number): void {
    if (service.status === 'INACTIVE') return;
    const phase = service.status === 'ACTIVE' ? 'active' : 'draining';
    const launchType = launchTypeOf(service) ?? 'EC2';
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

/** An external service without a PRIMARY task set has no launch type, which ECS takes for EC2. */
function launchTypeOf(service: AnyService | undefined): LaunchType | undefined {
  return service && (shownRevisionOf(service)?.launchType ?? 'EC2');
}

function definitionsOf(service: AnyService): readonly string[] {
  if (service.status === 'INACTIVE') return [];
  return [...new Set(revisionsOf(service).map((revision) => revision.taskDefinitionArn))];
}

function namespacesOf(service: AnyService): readonly string[] {
  const connect =
    service.status === 'ACTIVE' ? shownRevisionOf(service)?.serviceConnect : undefined;
  return connect ? [connect.namespaceArn] : [];
}

function providersOf(service: AnyService): readonly string[] {
  if (service.status === 'INACTIVE') return [];
  const items = revisionsOf(service).flatMap((one) => one.capacityProviderStrategy ?? []);
  return [...new Set(items.map((item) => `${service.clusterArn} ${item.capacityProvider}`))];
}
