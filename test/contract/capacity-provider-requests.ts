import type {
  CapacityProvider,
  CreateCapacityProviderRequest,
  CreateManagedInstancesProviderConfiguration,
  ECS,
  InstanceLaunchTemplate,
  ManagedScaling,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';

/** A request for a provider with an Auto Scaling group named after it, but for what is given. */
export function aGroupRequest(
  name: string,
  given: Partial<CreateCapacityProviderRequest['autoScalingGroupProvider']> = {},
): CreateCapacityProviderRequest {
  return {
    name,
    autoScalingGroupProvider: { autoScalingGroupArn: `${name}-group`, ...given },
  };
}

export const scaling: ManagedScaling = { status: 'ENABLED' };

const launchTemplate: InstanceLaunchTemplate = {
  ec2InstanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/instances',
  networkConfiguration: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-01234567'] },
};

/** The settings of Managed Instances that are accepted, but for what is given. */
export function managedInstances(
  given: Partial<CreateManagedInstancesProviderConfiguration> = {},
  template: Partial<InstanceLaunchTemplate> = {},
): CreateManagedInstancesProviderConfiguration {
  return {
    infrastructureRoleArn: 'arn:aws:iam::123456789012:role/infrastructure',
    instanceLaunchTemplate: { ...launchTemplate, ...template },
    ...given,
  };
}

/** A request for a Managed Instances provider of the default cluster. */
export function aManagedRequest(name: string): CreateCapacityProviderRequest {
  return { name, cluster: 'default', managedInstancesProvider: managedInstances() };
}

export async function describeProvider(
  ecs: ECS,
  name: string,
): Promise<CapacityProvider | undefined> {
  const { capacityProviders } = await ecs.describeCapacityProviders({ capacityProviders: [name] });
  return capacityProviders?.[0];
}

/** Waits, as tools do, until what was begun with a provider has come to its end. */
export async function settledProvider(
  ecs: ECS,
  name: string,
): Promise<CapacityProvider | undefined> {
  await expect
    .poll(async () => (await describeProvider(ecs, name))?.updateStatus ?? 'NONE')
    .not.toMatch(/_IN_PROGRESS$/);
  return describeProvider(ecs, name);
}

/** The same for the attachments of a cluster. */
export async function settledCluster(ecs: ECS, name = 'default') {
  const describe = async () => {
    const include = ['ATTACHMENTS' as const, 'TAGS' as const];
    return (await ecs.describeClusters({ clusters: [name], include })).clusters?.[0];
  };
  await expect
    .poll(async () => (await describe())?.attachmentsStatus)
    .not.toBe('UPDATE_IN_PROGRESS');
  return describe();
}
