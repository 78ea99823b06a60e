import type {
  CreateManagedInstancesProviderConfiguration,
  InstanceLaunchTemplate,
  ManagedInstancesNetworkConfiguration,
  ManagedInstancesProvider,
  UpdateManagedInstancesProviderConfiguration,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { Tag } from '../tags.ts';
import { checkInstanceRequirements } from './check-instance-requirements.ts';

/**
 * Checks a new Managed Instances provider and fills in the one default that ECS shows (Developer
 * Guide, "Amazon ECS Managed Instances errors"). Roles, subnets and groups are taken to exist.
 * @throws EcsError InvalidParameterException
 */
export function parseManagedInstances(
  given: CreateManagedInstancesProviderConfiguration,
): ManagedInstancesProvider {
  const { instanceLaunchTemplate: template } = given;
  const settings = {
    ...given,
    ...(template && { instanceLaunchTemplate: { capacityOptionType: onDemand, ...template } }),
  };
  checkSettings(settings);
  return settings;
}

const onDemand = 'ON_DEMAND' as const;

/**
 * The members that are given in place of the former ones. They apply to instances to come.
 * @throws EcsError InvalidParameterException
 */
export function updateManagedInstances(
  before: ManagedInstancesProvider,
  given: UpdateManagedInstancesProviderConfiguration,
): ManagedInstancesProvider {
  const { instanceLaunchTemplate: former } = before;
  const { instanceLaunchTemplate: template, ...rest } = given;
  const settings = {
    ...before,
    ...rest,
    ...(former && { instanceLaunchTemplate: { ...former, ...template } }),
  };
  checkSettings(settings);
  return settings;
}

/** Instances carry tags of ECS's own besides those that are propagated. */
const maximumTags = 45;

/** @throws EcsError InvalidParameterException */
export function checkManagedInstancesTags(tags: readonly Tag[]): void {
  if (tags.length <= maximumTags) return;
  throw invalidParameter(
    `${managedInstances} cannot have number of tags exceeding maximum allowed value`,
  );
}

const managedInstances = 'Amazon ECS Managed Instances capacity provider';

function checkSettings(settings: ManagedInstancesProvider): void {
  const { infrastructureRoleArn, instanceLaunchTemplate, propagateTags } = settings;
  if (!infrastructureRoleArn) throw mustSpecify('an InfrastructureRole');
  if (!/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(infrastructureRoleArn)) {
    throw invalidParameter('The specified infrastructure role arn is invalid');
  }
  checkTemplate(instanceLaunchTemplate);
  if (propagateTags !== undefined && !['CAPACITY_PROVIDER', 'NONE'].includes(propagateTags)) {
    throw invalidParameter('Invalid value for propagateTags');
  }
  const { scaleInAfter } = settings.infrastructureOptimization ?? {};
  checkFigure('scaleInAfter', scaleInAfter, [-1, 3600]);
  const { actionsStatus } = settings.autoRepairConfiguration ?? {};
  checkEnumeration('actionsStatus', actionsStatus, ['DISABLED', 'ENABLED']);
}

function checkTemplate(template: Partial<InstanceLaunchTemplate> = {}): void {
  const { ec2InstanceProfileArn, networkConfiguration, storageConfiguration } = template;
  if (!ec2InstanceProfileArn) throw mustSpecify('an instance profile');
  if (!/^arn:[\w-]+:iam::\d{12}:instance-profile\/[\w+=,.@/-]+$/.test(ec2InstanceProfileArn)) {
    throw invalidParameter('The specified instance profile role arn is invalid');
  }
  checkNetwork(networkConfiguration);
  checkFigure('storageSizeGiB', storageConfiguration?.storageSizeGiB, [30, 16_384]);
  checkEnumeration('monitoring', template.monitoring, ['BASIC', 'DETAILED']);
  const options = ['ON_DEMAND', 'RESERVED', 'SPOT'];
  checkEnumeration('capacityOptionType', template.capacityOptionType, options);
  const { reservationPreference } = template.capacityReservations ?? {};
  const preferences = ['RESERVATIONS_EXCLUDED', 'RESERVATIONS_FIRST', 'RESERVATIONS_ONLY'];
  checkEnumeration('reservationPreference', reservationPreference, preferences);
  if (template.instanceRequirements) {
    checkInstanceRequirements(template.instanceRequirements, noneSatisfies);
  }
}

function checkNetwork(network: ManagedInstancesNetworkConfiguration | undefined): void {
  if (!network) throw mustSpecify('a Network Configuration');
  const { subnets = [], securityGroups = [] } = network;
  if (subnets.length === 0) throw mustSpecify('a Network Configuration with non empty subnets');
  if (!subnets.every((subnet) => /^subnet-(?:[a-z0-9]{8}|[a-z0-9]{17})$/.test(subnet))) {
    throw invalidParameter('The specified subnet id is invalid');
  }
  if (!securityGroups.every((group) => /^sg-(?:[a-z0-9]{8}|[a-z0-9]{17})$/.test(group))) {
    throw invalidParameter('The specified security group id is invalid');
  }
}

function noneSatisfies(): Error {
  return invalidParameter(
    `No instance types satisfy the instance requirements specified in the ${managedInstances}`,
  );
}

function mustSpecify(part: string): Error {
  return invalidParameter(`${managedInstances} must specify ${part}`);
}

/** [inferred text] */
function checkFigure(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw invalidParameter(`${name} must be between ${least} and ${most}`);
}

/** [inferred text] */
function checkEnumeration(
  name: string,
  value: string | undefined,
  values: readonly string[],
): void {
  if (value === undefined || values.includes(value)) return;
  throw invalidParameter(`${name} should be one of [${values.join(',')}]`);
}
