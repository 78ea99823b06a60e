import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { shownStrategy } from '../placement/placement-strategy.ts';
import { defaultConfiguration, parseDeploymentConfiguration } from './deployment-configuration.ts';
import { checkDaemon, parseSchedulingStrategy } from './scheduling-strategy.ts';
import type { PropagateTags, ServiceRevision, ServiceSettings } from './service.ts';
import { tooManyTasks } from './service-errors.ts';
import { checkRebalancing, newRebalancing, parseRebalancing } from './zone-rebalancing.ts';

const mostTasks = 5000;

/** How the tasks of a revision are launched. */
type RevisionLaunch = Pick<ServiceRevision, 'capacityProviderStrategy' | 'launchType'>;

/** @throws EcsError */
export function parseNewSettings(
  input: CreateServiceRequest,
  revision: RevisionLaunch,
): ServiceSettings {
  const schedulingStrategy = parseSchedulingStrategy(input, revision);
  const isDaemon = schedulingStrategy === 'DAEMON';
  const settings = {
    schedulingStrategy,
    desiredCount: isDaemon ? 0 : parseNewCount(input.desiredCount),
    placementConstraints: input.placementConstraints ?? [],
    placementStrategy: shownStrategy(input.placementStrategy ?? []),
    deploymentConfiguration: parseDeploymentConfiguration(
      input.deploymentConfiguration,
      defaultConfiguration(schedulingStrategy),
      schedulingStrategy,
    ),
    healthCheckGracePeriodSeconds: parseGracePeriod(input.healthCheckGracePeriodSeconds ?? 0),
    propagateTags: parsePropagateTags(input.propagateTags ?? 'NONE'),
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
  };
  const terms = { ...settings, launchType: revision.launchType };
  return {
    ...settings,
    availabilityZoneRebalancing: newRebalancing(input.availabilityZoneRebalancing, terms),
  };
}

/**
 * What UpdateService leaves out stays as it was; an empty list takes away what was there.
 * @throws EcsError
 */
export function parseChangedSettings(
  input: UpdateServiceRequest,
  before: ServiceSettings,
  revision: RevisionLaunch,
): ServiceSettings {
  const { schedulingStrategy } = before;
  if (schedulingStrategy === 'DAEMON') checkDaemon(input, revision);
  const rebalancing = parseRebalancing(input.availabilityZoneRebalancing);
  const changed: ServiceSettings = {
    schedulingStrategy,
    desiredCount: parseChangedCount(input.desiredCount ?? before.desiredCount),
    placementConstraints: input.placementConstraints ?? before.placementConstraints,
    placementStrategy: shownStrategy(input.placementStrategy ?? before.placementStrategy),
    deploymentConfiguration: parseDeploymentConfiguration(
      input.deploymentConfiguration,
      before.deploymentConfiguration,
      schedulingStrategy,
    ),
    healthCheckGracePeriodSeconds: parseGracePeriod(
      input.healthCheckGracePeriodSeconds ?? before.healthCheckGracePeriodSeconds,
    ),
    availabilityZoneRebalancing: rebalancing ?? before.availabilityZoneRebalancing,
    propagateTags: parsePropagateTags(input.propagateTags ?? before.propagateTags),
    enableECSManagedTags: input.enableECSManagedTags ?? before.enableECSManagedTags,
    enableExecuteCommand: input.enableExecuteCommand ?? before.enableExecuteCommand,
  };
  if (changed.availabilityZoneRebalancing === 'ENABLED') {
    checkRebalancing({ ...changed, launchType: revision.launchType }, 'updated');
  }
  return changed;
}

function parseNewCount(count: number | undefined): number {
  if (count === undefined) throw invalidParameter('DesiredCount is missing');
  if (count < 0) throw invalidParameter('DesiredCount can not be lesser than 0');
  return checkLimit(count);
}

function parseChangedCount(count: number): number {
  if (count < 0) throw invalidParameter('Task count can not be lesser than 0');
  return checkLimit(count);
}

function checkLimit(count: number): number {
  if (count > mostTasks) throw tooManyTasks(mostTasks);
  return Math.trunc(count);
}

/** [inferred text] */
function parseGracePeriod(seconds: number): number {
  if (seconds >= 0 && seconds <= 2_147_483_647) return seconds;
  throw invalidParameter('healthCheckGracePeriodSeconds must be between 0 and 2147483647');
}

function parsePropagateTags(given: string): PropagateTags {
  if (given === 'NONE' || given === 'SERVICE' || given === 'TASK_DEFINITION') return given;
  throw invalidParameter('Propagate tags should be one of [NONE,SERVICE,TASK_DEFINITION]');
}
