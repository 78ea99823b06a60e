import { lastPathElement, scopeOfArn, serviceArn } from '../domain/arn.ts';
import type { ClusterArn, ServiceArn, TaskDefinitionArn } from '../domain/arn.ts';
import {
  revisionsOf,
  serviceGroup,
  shownRevisionOf,
  type AnyService,
} from '../domain/service/service.ts';
import type { LaunchType } from '../domain/task/task.ts';
import { GroupIndex, MembershipIndex, Table, type Journal } from './table.ts';

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
  readonly #byKind = this.derive(new GroupIndex<AnyService>(kindOf));
  readonly #byDefinition = this.derive(new MembershipIndex<AnyService>(definitionsOf));
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

  countsOf(clusterArn: ClusterArn): ServiceCounts {
    const counts = (status: string): CountsByLaunchType => {
      const count = (launchType: LaunchType): number =>
        this.#byKind.of(`${clusterArn} ${status} ${launchType}`).size;
      return {
        EC2: count('EC2'),
        FARGATE: count('FARGATE'),
        EXTERNAL: count('EXTERNAL'),
        MANAGED_INSTANCES: count('MANAGED_INSTANCES'),
      };
    };
    return { active: counts('ACTIVE'), draining: counts('DRAINING') };
  }

  /** Whether a deployment of a service may still start tasks from a definition. */
  usesDefinition(arn: TaskDefinitionArn): boolean {
    return this.#byDefinition.of(arn).size > 0;
  }

  usesCapacityProvider(clusterArn: ClusterArn, name: string): boolean {
    return this.#byCapacityProvider.of(`${clusterArn} ${name}`).size > 0;
  }
}

/** An external service without a PRIMARY task set has no launch type, which ECS takes for EC2. */
function kindOf(service: AnyService): string | undefined {
  if (service.status === 'INACTIVE') return undefined;
  const launchType = shownRevisionOf(service)?.launchType ?? 'EC2';
  return `${service.clusterArn} ${service.status} ${launchType}`;
}

function definitionsOf(service: AnyService): readonly string[] {
  if (service.status === 'INACTIVE') return [];
  return [...new Set(revisionsOf(service).map((revision) => revision.taskDefinitionArn))];
}

function providersOf(service: AnyService): readonly string[] {
  if (service.status === 'INACTIVE') return [];
  const items = revisionsOf(service).flatMap((one) => one.capacityProviderStrategy ?? []);
  return [...new Set(items.map((item) => `${service.clusterArn} ${item.capacityProvider}`))];
}
