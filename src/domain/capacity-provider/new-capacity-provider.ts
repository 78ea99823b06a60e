import type { CreateCapacityProviderRequest } from '@aws-sdk/client-ecs';
import { capacityProviderArn, type ClusterArn, type Scope } from '../arn.ts';
import { invalidParameter } from '../errors.ts';
import { parseTags, type Tag } from '../tags.ts';
import {
  capacityProviderExists,
  existsElsewhere,
  existsWithClusterScope,
  oneKindOfProvider,
  tooManyCapacityProviders,
} from './capacity-provider-errors.ts';
import type {
  AutoScalingGroupProvider,
  CapacityProvider,
  ManagedInstancesCapacityProvider,
} from './capacity-provider.ts';
import { parseAutoScalingGroup } from './parse-auto-scaling-group.ts';
import { checkManagedInstancesTags, parseManagedInstances } from './parse-managed-instances.ts';

/** A bound on what one account and region may hold; ECS has one, but does not name it. */
const maximumCapacityProviders = 10_000;

/** @throws EcsError LimitExceededException */
export function checkQuota(count: number): void {
  if (count >= maximumCapacityProviders) throw tooManyCapacityProviders();
}

export interface NewCapacityProvider {
  readonly scope: Scope;
  readonly name: string;
  readonly input: CreateCapacityProviderRequest;
  /** What `input.cluster` stands for. */
  readonly clusterArn: ClusterArn | undefined;
  /** Whether an Auto Scaling group has a provider already. */
  readonly isGroupUsed: (groupName: string) => boolean;
}

/** @throws EcsError */
export function newCapacityProvider(request: NewCapacityProvider): CapacityProvider {
  const { input, clusterArn } = request;
  const tags = parseTags(input.tags);
  if (input.autoScalingGroupProvider && input.managedInstancesProvider) throw oneKindOfProvider();
  if (input.managedInstancesProvider) {
    if (clusterArn === undefined) throw withoutCluster();
    return managedInstancesProvider(request, clusterArn, tags);
  }
  if (clusterArn !== undefined) throw withoutDetails();
  return autoScalingGroupProvider(request, tags);
}

/** ACTIVE at once: nothing is set up for it before a cluster is associated. */
function autoScalingGroupProvider(
  { scope, name, input, isGroupUsed }: NewCapacityProvider,
  tags: readonly Tag[],
): AutoScalingGroupProvider {
  const { autoScalingGroupProvider: given } = input;
  if (!given) throw oneKindOfProvider();
  const arn = capacityProviderArn(scope, name);
  const spec = parseAutoScalingGroup(scope, given, isGroupUsed);
  return { type: 'EC2_AUTOSCALING', arn, name, status: 'ACTIVE', tags, ...spec };
}

function managedInstancesProvider(
  { scope, name, input: { managedInstancesProvider: given } }: NewCapacityProvider,
  clusterArn: ClusterArn,
  tags: readonly Tag[],
): ManagedInstancesCapacityProvider {
  if (!given) throw withoutDetails();
  checkManagedInstancesTags(tags);
  return {
    type: 'MANAGED_INSTANCES',
    arn: capacityProviderArn(scope, name),
    name,
    clusterArn,
    status: 'PROVISIONING',
    updateStatus: 'CREATE_IN_PROGRESS',
    settings: parseManagedInstances(given),
    tags,
  };
}

/**
 * A name is taken until its provider is INACTIVE. Even an identical request is refused.
 * @throws EcsError ClientException
 */
export function checkNameIsFree(
  existing: CapacityProvider | undefined,
  clusterArn: ClusterArn | undefined,
): void {
  if (!existing || existing.status === 'INACTIVE') return;
  const itsCluster = existing.type === 'MANAGED_INSTANCES' ? existing.clusterArn : undefined;
  if (itsCluster === clusterArn) throw capacityProviderExists();
  throw clusterArn === undefined ? existsWithClusterScope() : existsElsewhere();
}

function withoutCluster(): Error {
  return invalidParameter(
    'Amazon ECS Managed Instances Provider is not supported without a Cluster Name',
  );
}

function withoutDetails(): Error {
  return invalidParameter(
    'The Amazon ECS Managed Instances provider details are required when creating a Amazon ECS ' +
      'Managed Instances capacity provider',
  );
}
