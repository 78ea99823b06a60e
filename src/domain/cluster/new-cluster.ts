import type { CreateClusterRequest } from '@aws-sdk/client-ecs';
import { clusterArn, type Scope } from '../arn.ts';
import { parseAssociations } from '../capacity-provider/parse-associations.ts';
import { parseStrategy, type StrategyItem } from '../capacity-provider/strategy.ts';
import { parseNamespaceRef, type NamespaceRef } from '../namespace/namespace.ts';
import { parseTags } from '../tags.ts';
import type { Cluster, ContainerInsights, CreateArguments } from './cluster.ts';
import { parseNewClusterName } from './cluster-ref.ts';
import { inconsistentReplay } from './cluster-errors.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { parseSettings } from './parse-settings.ts';
import { withNamespace } from './service-connect.ts';

/** ECS's default quota; a bound on what one account and region may hold. */
export const maximumClusters = 10_000;

/** A checked CreateCluster request. */
export interface ClusterSpec {
  readonly name: string;
  readonly containerInsights: ContainerInsights;
  readonly capacityProviders: readonly string[];
  readonly strategy: readonly StrategyItem[];
  readonly namespace?: NamespaceRef;
  readonly given: CreateArguments;
}

/** @throws EcsError InvalidParameterException */
export function parseClusterSpec(
  input: CreateClusterRequest,
  containerInsightsDefault: ContainerInsights,
): ClusterSpec {
  const name = parseNewClusterName(input.clusterName);
  const tags = parseTags(input.tags);
  const containerInsights = parseSettings(input.settings, containerInsightsDefault);
  const configuration = parseConfiguration(input.configuration);
  const capacityProviders = parseAssociations(input.capacityProviders);
  const strategy = parseStrategy(input.defaultCapacityProviderStrategy ?? [], capacityProviders);
  const namespace = input.serviceConnectDefaults?.namespace;
  return {
    name,
    containerInsights,
    capacityProviders,
    strategy,
    ...(namespace ? { namespace: parseNamespaceRef(namespace) } : {}),
    given: {
      ...(input.tags && { tags }),
      ...(input.settings && {
        settings: [{ name: 'containerInsights', value: containerInsights }],
      }),
      ...(configuration && { configuration }),
      ...(input.capacityProviders && { capacityProviders }),
      ...(input.defaultCapacityProviderStrategy && { defaultCapacityProviderStrategy: strategy }),
      ...(input.serviceConnectDefaults && { serviceConnectDefaults: input.serviceConnectDefaults }),
    },
  };
}

export interface NewCluster {
  readonly scope: Scope;
  readonly spec: ClusterSpec;
  /** ARN of the namespace that `spec.namespace` stands for. */
  readonly namespaceArn: string | undefined;
  readonly attachmentId: string;
}

/** A cluster is ACTIVE at once, unless there is a namespace to attach first. */
export function newCluster({ scope, spec, namespaceArn, attachmentId }: NewCluster): Cluster {
  const { configuration, tags = [] } = spec.given;
  const cluster: Cluster = {
    arn: clusterArn(scope, spec.name),
    name: spec.name,
    status: 'ACTIVE',
    containerInsights: spec.containerInsights,
    ...(configuration && { configuration }),
    capacityProviders: spec.capacityProviders,
    defaultCapacityProviderStrategy: spec.strategy,
    attachments: [],
    tags,
    createdWith: spec.given,
  };
  if (namespaceArn === undefined) return cluster;
  return { ...withNamespace(cluster, namespaceArn, attachmentId), status: 'PROVISIONING' };
}

/**
 * CreateCluster is idempotent by name: members that are given must be what they were at creation,
 * members that are not given are not compared.
 * @throws EcsError InvalidParameterException
 */
export function checkReplay(cluster: Cluster, { given }: ClusterSpec): void {
  for (const [member, value] of Object.entries(given)) {
    const before = Object.entries(cluster.createdWith).find(([name]) => name === member)?.[1];
    if (canonical(value) !== canonical(before)) throw inconsistentReplay();
  }
}

/** JSON with sorted members, so that the order in which a client wrote them does not matter. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'absent'
  );
}
