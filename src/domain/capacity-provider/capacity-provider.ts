import type { ManagedInstancesProvider } from '@aws-sdk/client-ecs';
import type { CapacityProviderArn, ClusterArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

export type CapacityProviderStatus = 'PROVISIONING' | 'ACTIVE' | 'DEPROVISIONING' | 'INACTIVE';

/** How far the newest change of a provider has come. */
export type UpdateStatus =
  `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`;

export type Switch = 'ENABLED' | 'DISABLED';

export interface ManagedScaling {
  readonly status: Switch;
  readonly targetCapacity: number;
  readonly minimumScalingStepSize: number;
  readonly maximumScalingStepSize: number;
  readonly instanceWarmupPeriod: number;
}

/** What of an Auto Scaling group provider can be updated. */
export interface AutoScalingSettings {
  readonly managedScaling: ManagedScaling;
  readonly managedTerminationProtection: Switch;
  readonly managedDraining: Switch;
}

interface ProviderRecord {
  readonly arn: CapacityProviderArn;
  readonly name: string;
  readonly status: CapacityProviderStatus;
  readonly updateStatus?: UpdateStatus;
  /** Kept until the next change. */
  readonly updateStatusReason?: string;
  readonly tags: readonly Tag[];
  /** When it became INACTIVE. It stays describable for a while. */
  readonly inactiveAt?: Instant;
}

export interface AutoScalingGroupProvider extends ProviderRecord {
  readonly type: 'EC2_AUTOSCALING';
  /** An ARN or a name, as it was given. */
  readonly autoScalingGroup: string;
  readonly settings: AutoScalingSettings;
  /** What the settings are to become; ECS shows the former ones until then. */
  readonly updatedSettings?: AutoScalingSettings;
}

/** Belongs to one cluster, from its creation on. */
export interface ManagedInstancesCapacityProvider extends ProviderRecord {
  readonly type: 'MANAGED_INSTANCES';
  readonly clusterArn: ClusterArn;
  /** In the API's own shape, with defaults filled in. */
  readonly settings: ManagedInstancesProvider;
  readonly updatedSettings?: ManagedInstancesProvider;
}

/** A provider that someone created; FARGATE and FARGATE_SPOT exist without a record. */
export type CapacityProvider = AutoScalingGroupProvider | ManagedInstancesCapacityProvider;

/** An Auto Scaling group's settings as they are, or are about to be. */
function settingsToBe(provider: AutoScalingGroupProvider): AutoScalingSettings {
  return provider.updatedSettings ?? provider.settings;
}

/** With managed scaling a group serves one cluster at a time. */
export function isScaled(provider: AutoScalingGroupProvider): boolean {
  return [provider.settings, settingsToBe(provider)].some(
    ({ managedScaling }) => managedScaling.status === 'ENABLED',
  );
}
