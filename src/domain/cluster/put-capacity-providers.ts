import type { PutClusterCapacityProvidersRequest } from '@aws-sdk/client-ecs';
import { scopeOfArn } from '../arn.ts';
import { capacityProviderInUse } from '../capacity-provider/capacity-provider-errors.ts';
import {
  checkAssociationCount,
  checkAssociations,
  parseAssociations,
  type CapacityProviders,
} from '../capacity-provider/parse-associations.ts';
import { checkStrategy, parseStrategy } from '../capacity-provider/strategy.ts';
import { invalidParameter } from '../errors.ts';
import { withProviderAttachments } from './attachments.ts';
import { attachmentsBusy } from './cluster-errors.ts';
import type { Cluster } from './cluster.ts';

export interface PutProviders {
  readonly cluster: Cluster;
  readonly input: PutClusterCapacityProvidersRequest;
  readonly providers: CapacityProviders;
  /** Whether something in the cluster that has not ended was launched on a provider. */
  readonly isUsed: (name: string) => boolean;
  readonly newUuid: () => string;
}

/**
 * Replaces a cluster's capacity providers and its default strategy. Providers of Managed Instances
 * stay for as long as they exist.
 * @throws EcsError
 */
export function putCapacityProviders(request: PutProviders): Cluster {
  const { cluster, input, providers, isUsed, newUuid } = request;
  if (cluster.attachmentsStatus === 'UPDATE_IN_PROGRESS') throw attachmentsBusy();
  const { capacityProviders: given, defaultCapacityProviderStrategy: givenStrategy } = input;
  if (!given) throw missing('capacityProviders');
  if (!givenStrategy) throw missing('defaultCapacityProviderStrategy');

  const scope = scopeOfArn(cluster.arn);
  const named = parseAssociations(scope, given);
  const before = cluster.capacityProviders;
  // ECS counts what is removed in the same call as well.
  checkAssociationCount(new Set([...before, ...named]).size);
  checkAssociations(named, cluster.arn, providers);
  const owned = before.filter((name) => providers.find(name)?.type === 'MANAGED_INSTANCES');
  const capacityProviders = [...new Set([...named, ...owned])];
  const strategy = parseStrategy(scope, givenStrategy);
  checkStrategy(strategy, capacityProviders, providers.find);
  const removed = before.filter((name) => !capacityProviders.includes(name));
  if (removed.some(isUsed)) throw capacityProviderInUse();

  const updated = { ...cluster, capacityProviders, defaultCapacityProviderStrategy: strategy };
  return withProviderAttachments(updated, providers.find, newUuid);
}

/** [inferred text] */
function missing(member: string): Error {
  return invalidParameter(`${member} can not be null.`);
}

/** What a cluster is without a provider of its own that is no more. */
export function withoutCapacityProvider(cluster: Cluster, name: string): Cluster {
  return {
    ...cluster,
    capacityProviders: cluster.capacityProviders.filter((other) => other !== name),
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy.filter(
      (item) => item.capacityProvider !== name,
    ),
  };
}

/**
 * A provider of Managed Instances is with its cluster from its creation on.
 * @throws EcsError InvalidParameterException where the cluster has too many already
 */
export function withCapacityProvider(cluster: Cluster, name: string): Cluster {
  const capacityProviders = [...new Set([...cluster.capacityProviders, name])];
  checkAssociationCount(capacityProviders.length);
  return { ...cluster, capacityProviders };
}
