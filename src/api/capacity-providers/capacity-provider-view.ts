import type { CapacityProvider as WireCapacityProvider } from '@aws-sdk/client-ecs';
import { capacityProviderArn, lastPathElement, type Scope } from '../../domain/arn.ts';
import type {
  AutoScalingGroupProvider,
  CapacityProvider,
} from '../../domain/capacity-provider/capacity-provider.ts';
import type { BuiltInCapacityProvider } from '../../domain/capacity-provider/provider-kind.ts';
import { present } from '../../domain/present.ts';

/** The API's shape of a capacity provider (API reference, "CapacityProvider"). */
export function capacityProviderView(
  provider: CapacityProvider,
  shown: { readonly tags: boolean },
): WireCapacityProvider {
  return {
    capacityProviderArn: provider.arn,
    name: provider.name,
    status: provider.status,
    tags: shown.tags ? [...provider.tags] : [],
    type: provider.type,
    ...kindView(provider),
    ...present({
      updateStatus: provider.updateStatus,
      updateStatusReason: provider.updateStatusReason,
    }),
  };
}

function kindView(provider: CapacityProvider): Partial<WireCapacityProvider> {
  if (provider.type === 'EC2_AUTOSCALING') {
    return { autoScalingGroupProvider: autoScalingGroupView(provider) };
  }
  const { clusterArn, settings } = provider;
  return { cluster: lastPathElement(clusterArn), managedInstancesProvider: settings };
}

function autoScalingGroupView({
  autoScalingGroup,
  settings,
}: AutoScalingGroupProvider): WireCapacityProvider['autoScalingGroupProvider'] {
  return { autoScalingGroupArn: autoScalingGroup, ...settings };
}

/** What every account has shows no more than this. */
export function builtInCapacityProviderView(
  scope: Scope,
  name: BuiltInCapacityProvider,
): WireCapacityProvider {
  return {
    capacityProviderArn: capacityProviderArn(scope, name),
    name,
    status: 'ACTIVE',
    tags: [],
    type: name,
  };
}
