import type {
  AutoScalingGroupProvider as WireProvider,
  AutoScalingGroupProviderUpdate,
  ManagedScaling as WireManagedScaling,
} from '@aws-sdk/client-ecs';
import type { Scope } from '../arn.ts';
import { clientError, invalidParameter, type EcsError } from '../errors.ts';
import type { AutoScalingSettings, ManagedScaling, Switch } from './capacity-provider.ts';

const defaults: AutoScalingSettings = {
  managedScaling: {
    status: 'DISABLED',
    targetCapacity: 100,
    minimumScalingStepSize: 1,
    maximumScalingStepSize: 10_000,
    instanceWarmupPeriod: 300,
  },
  managedTerminationProtection: 'DISABLED',
  managedDraining: 'ENABLED',
};

export interface AutoScalingGroupSpec {
  readonly autoScalingGroup: string;
  readonly settings: AutoScalingSettings;
}

/**
 * Checks a new provider's Auto Scaling group. Longshore knows no such groups: any well-formed name
 * or ARN of one is taken to exist.
 * @throws EcsError
 */
export function parseAutoScalingGroup(
  scope: Scope,
  given: WireProvider,
  isUsed: (groupName: string) => boolean,
): AutoScalingGroupSpec {
  const { autoScalingGroupArn: autoScalingGroup = '' } = given;
  const name = groupName(scope, autoScalingGroup);
  if (name === undefined) throw invalidGroup();
  if (isUsed(name)) throw groupInUse();
  return { autoScalingGroup, settings: updateAutoScaling(defaults, given) };
}

/**
 * The name of the group that a name or an ARN stands for.
 * @returns undefined where no group of this account and region can be meant
 */
export function groupName(scope: Scope, nameOrArn: string): string | undefined {
  const { partition, region, accountId } = scope;
  const prefix = `arn:${partition}:autoscaling:${region}:${accountId}:autoScalingGroup:`;
  const name = nameOrArn.startsWith(prefix)
    ? /^[\w-]+:autoScalingGroupName\/(?<name>.*)$/.exec(nameOrArn.slice(prefix.length))?.[1]
    : nameOrArn;
  return name !== undefined && /^[^:\p{Cc}]{1,255}$/u.test(name) ? name : undefined;
}

/**
 * Settings with the members that are given in place of the former ones.
 * @throws EcsError
 */
export function updateAutoScaling(
  before: AutoScalingSettings,
  given: AutoScalingGroupProviderUpdate,
): AutoScalingSettings {
  const settings = {
    managedScaling: updateManagedScaling(before.managedScaling, given.managedScaling ?? {}),
    managedTerminationProtection: parseSwitch(
      'managedTerminationProtection',
      given.managedTerminationProtection ?? before.managedTerminationProtection,
    ),
    managedDraining: parseSwitch(
      'managedDraining',
      given.managedDraining ?? before.managedDraining,
    ),
  };
  const { managedTerminationProtection, managedScaling } = settings;
  if (managedTerminationProtection === 'ENABLED' && managedScaling.status !== 'ENABLED') {
    throw protectionWithoutScaling();
  }
  return settings;
}

function updateManagedScaling(before: ManagedScaling, given: WireManagedScaling): ManagedScaling {
  const figure = (name: keyof typeof ranges): number => {
    const value = given[name] ?? before[name];
    const [least, most] = ranges[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    // [inferred text]
    throw invalidParameter(`${name} must be between ${least} and ${most}`);
  };
  const scaling = {
    status: parseSwitch('managedScaling status', given.status ?? before.status),
    targetCapacity: figure('targetCapacity'),
    minimumScalingStepSize: figure('minimumScalingStepSize'),
    maximumScalingStepSize: figure('maximumScalingStepSize'),
    instanceWarmupPeriod: figure('instanceWarmupPeriod'),
  };
  if (scaling.minimumScalingStepSize > scaling.maximumScalingStepSize) throw crossedStepSizes();
  return scaling;
}

const ranges = {
  targetCapacity: [1, 100],
  minimumScalingStepSize: [1, 10_000],
  maximumScalingStepSize: [1, 10_000],
  instanceWarmupPeriod: [0, 10_000],
} as const;

/** [inferred text] */
function parseSwitch(name: string, value: string): Switch {
  if (value === 'ENABLED' || value === 'DISABLED') return value;
  throw invalidParameter(`${name} should be one of [DISABLED,ENABLED]`);
}

/** [inferred text] */
function invalidGroup(): EcsError {
  return clientError(
    'The specified Auto Scaling group ARN is invalid. Specify a valid Auto Scaling group ARN and try again.',
  );
}

function groupInUse(): EcsError {
  return clientError(
    'The specified Auto Scaling group ARN is already being used by another capacity provider. Specify ' +
      'a unique Auto Scaling group ARN and try again.',
  );
}

/** [inferred text] */
function protectionWithoutScaling(): EcsError {
  return clientError(
    'The managed termination protection setting for the capacity provider is invalid. To enable ' +
      'managed termination protection for a capacity provider, managed scaling must be enabled.',
  );
}

/** [inferred text] */
function crossedStepSizes(): EcsError {
  return invalidParameter(
    'minimumScalingStepSize must be less than or equal to maximumScalingStepSize',
  );
}
