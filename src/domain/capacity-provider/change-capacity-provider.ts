import type { UpdateCapacityProviderRequest } from '@aws-sdk/client-ecs';
import type { ClusterArn } from '../arn.ts';
import { clientError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import {
  capacityProviderBusy,
  capacityProviderInUse,
  existsElsewhere,
  existsWithClusterScope,
  oneKindOfProvider,
  scaledForSeveralClusters,
} from './capacity-provider-errors.ts';
import {
  isScaled,
  type CapacityProvider,
  type AutoScalingGroupProvider,
  type ManagedInstancesCapacityProvider,
} from './capacity-provider.ts';
import { updateAutoScaling } from './parse-auto-scaling-group.ts';
import { updateManagedInstances } from './parse-managed-instances.ts';

/**
 * A provider of one cluster is updated and deleted with its cluster named, others without one.
 * @throws EcsError ClientException
 */
export function checkScope(provider: CapacityProvider, clusterArn: ClusterArn | undefined): void {
  if (provider.type === 'EC2_AUTOSCALING') {
    if (clusterArn !== undefined) throw existsElsewhere();
  } else if (clusterArn === undefined) {
    throw existsWithClusterScope();
  } else if (clusterArn !== provider.clusterArn) {
    throw clientError(
      'Capacity provider active cluster name does not match the cluster name in the request',
    );
  }
}

/**
 * Begins an update: the settings stay what they were until it has completed.
 * @param associations how many clusters the provider is associated with
 * @throws EcsError
 */
export function updatedCapacityProvider(
  provider: CapacityProvider,
  input: UpdateCapacityProviderRequest,
  associations: number,
): CapacityProvider {
  const { autoScalingGroupProvider, managedInstancesProvider } = input;
  if (!autoScalingGroupProvider === !managedInstancesProvider) throw oneKindOfProvider();
  if (isBusy(provider)) throw capacityProviderBusy();
  const { updateStatusReason: _, ...before } = provider;
  const updateStatus = 'UPDATE_IN_PROGRESS';
  if (before.type === 'EC2_AUTOSCALING') {
    if (!autoScalingGroupProvider) throw isNotManagedInstances();
    const updatedSettings = updateAutoScaling(before.settings, autoScalingGroupProvider);
    const updated: AutoScalingGroupProvider = { ...before, updateStatus, updatedSettings };
    if (associations > 1 && isScaled(updated)) throw scaledForSeveralClusters();
    return updated;
  }
  if (!managedInstancesProvider) throw isManagedInstances();
  const updatedSettings = updateManagedInstances(before.settings, managedInstancesProvider);
  return { ...before, updateStatus, updatedSettings };
}

/** What holds a provider. */
export interface ProviderUse {
  /** Names of the clusters that an Auto Scaling group's provider is associated with. */
  readonly clusterNames: readonly string[];
  /** Whether a task that has not STOPPED runs on it. */
  readonly isUsed: boolean;
}

/**
 * Begins a deletion. ECS does not refuse that of an associated provider: it lets it fail.
 * @throws EcsError
 */
export function deletedCapacityProvider(
  provider: CapacityProvider,
  { clusterNames, isUsed }: ProviderUse,
): CapacityProvider {
  if (provider.status === 'DEPROVISIONING' || provider.status === 'INACTIVE') return provider;
  if (isBusy(provider)) throw capacityProviderBusy();
  const [clusterName] = clusterNames;
  if (provider.type === 'EC2_AUTOSCALING' && clusterName !== undefined) {
    return {
      ...provider,
      updateStatus: 'DELETE_FAILED',
      updateStatusReason:
        `The capacity provider cannot be deleted because it is associated with cluster: ${clusterName}. ` +
        'Remove the capacity provider from the cluster and try again.',
    };
  }
  if (isUsed) throw capacityProviderInUse();
  const { updateStatusReason: _, ...before } = provider;
  return { ...before, status: 'DEPROVISIONING', updateStatus: 'DELETE_IN_PROGRESS' };
}

function isBusy({ updateStatus }: CapacityProvider): boolean {
  return (
    updateStatus === 'CREATE_IN_PROGRESS' ||
    updateStatus === 'UPDATE_IN_PROGRESS' ||
    updateStatus === 'DELETE_IN_PROGRESS'
  );
}

/** What was begun has come to its end. */
export function settledCapacityProvider(
  provider: CapacityProvider,
  now: Instant,
): CapacityProvider {
  switch (provider.updateStatus) {
    case 'CREATE_IN_PROGRESS':
      return { ...provider, status: 'ACTIVE', updateStatus: 'CREATE_COMPLETE' };
    case 'UPDATE_IN_PROGRESS':
      return withUpdatedSettings(provider);
    case 'DELETE_IN_PROGRESS':
      return { ...provider, status: 'INACTIVE', updateStatus: 'DELETE_COMPLETE', inactiveAt: now };
    default:
      return provider;
  }
}

function withUpdatedSettings(provider: CapacityProvider): CapacityProvider {
  const updateStatus = 'UPDATE_COMPLETE';
  if (provider.type === 'EC2_AUTOSCALING') {
    const { updatedSettings, ...rest }: AutoScalingGroupProvider = provider;
    return { ...rest, updateStatus, settings: updatedSettings ?? rest.settings };
  }
  const { updatedSettings, ...rest }: ManagedInstancesCapacityProvider = provider;
  return { ...rest, updateStatus, settings: updatedSettings ?? rest.settings };
}

function isNotManagedInstances(): Error {
  return clientError('Capacity provider is not Amazon ECS Managed Instances capacity provider');
}

/** [inferred text] */
function isManagedInstances(): Error {
  return clientError('Capacity provider is not an Auto Scaling group capacity provider');
}
