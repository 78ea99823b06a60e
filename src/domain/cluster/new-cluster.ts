import type { CreateClusterRequest } from '@aws-sdk/client-ecs';
import { clusterArn, type Scope } from '../arn.ts';
import {
  checkAssociations,
  parseAssociations,
  type CapacityProviders,
} from '../capacity-provider/parse-associations.ts';
import { checkStrategy, parseStrategy, type StrategyItem } from '../capacity-provider/strategy.ts';
import { parseNamespaceRef, type NamespaceRef } from '../namespace/namespace.ts';
import { parseTags } from '../tags.ts';
import { withProviderAttachments } from './attachments.ts';
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
  scope: Scope,
  input: CreateClusterRequest,
  containerInsightsDefault: ContainerInsights,
): ClusterSpec {
  const name = parseNewClusterName(input.clusterName);
  const tags = parseTags(input.tags);
  const containerInsights = parseSettings(input.settings, containerInsightsDefault);
  const configuration = parseConfiguration(input.configuration);
  const capacityProviders = parseAssociations(scope, input.capacityProviders);
  const strategy = parseStrategy(scope, input.defaultCapacityProviderStrategy ?? []);
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
  readonly providers: CapacityProviders;
  readonly newUuid: () => string;
}

/**
 * A cluster is ACTIVE at once, unless there is something to attach first.
 * @throws EcsError InvalidParameterException for capacity providers that it cannot have
 */
export function newCluster(request: NewCluster): Cluster {
  const { scope, spec, namespaceArn, providers, newUuid } = request;
  const { configuration, tags = [] } = spec.given;
  checkAssociations(spec.capacityProviders, clusterArn(scope, spec.name), providers);
  checkStrategy(spec.strategy, spec.capacityProviders, providers.find);
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
  const associated = withProviderAttachments(cluster, providers.find, newUuid);
  const complete =
    namespaceArn === undefined ? associated : withNamespace(associated, namespaceArn, newUuid());
  const isBusy = complete.attachmentsStatus === 'UPDATE_IN_PROGRESS';
  return isBusy ? { ...complete, status: 'PROVISIONING' } : complete;
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
