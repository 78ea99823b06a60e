import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { parseDeploymentConfiguration } from './deployment-configuration.ts';
import type { DeploymentConfiguration, PropagateTags, ServiceSettings } from './service.ts';
import { tooManyTasks } from './service-errors.ts';

const mostTasks = 5000;

/** @throws EcsError */
export function parseNewSettings(input: CreateServiceRequest): ServiceSettings {
  const deploymentConfiguration = parseDeploymentConfiguration(input.deploymentConfiguration);
  return {
    desiredCount: parseNewCount(input.desiredCount),
    deploymentConfiguration,
    healthCheckGracePeriodSeconds: parseGracePeriod(input.healthCheckGracePeriodSeconds ?? 0),
    availabilityZoneRebalancing: newRebalancing(
      input.availabilityZoneRebalancing,
      deploymentConfiguration,
    ),
    propagateTags: parsePropagateTags(input.propagateTags ?? 'NONE'),
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
  };
}

/**
 * What UpdateService leaves out stays as it was.
 * @throws EcsError
 */
export function parseChangedSettings(
  input: UpdateServiceRequest,
  before: ServiceSettings,
): ServiceSettings {
  const rebalancing = parseRebalancing(input.availabilityZoneRebalancing);
  const changed: ServiceSettings = {
    desiredCount: parseChangedCount(input.desiredCount ?? before.desiredCount),
    deploymentConfiguration: parseDeploymentConfiguration(
      input.deploymentConfiguration,
      before.deploymentConfiguration,
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
    checkRebalancing(changed.deploymentConfiguration, 'updated');
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

type Rebalancing = ServiceSettings['availabilityZoneRebalancing'];

/** [inferred text] */
function parseRebalancing(given: string | undefined): Rebalancing | undefined {
  if (given === undefined || given === 'ENABLED' || given === 'DISABLED') return given;
  throw invalidParameter('Availability zone rebalancing should be one of [DISABLED,ENABLED]');
}

/** Where nobody asks for it, a service that cannot be rebalanced is made without it. */
function newRebalancing(
  given: string | undefined,
  configuration: DeploymentConfiguration,
): Rebalancing {
  const asked = parseRebalancing(given);
  if (asked === 'ENABLED') checkRebalancing(configuration, 'created');
  return asked ?? (configuration.maximumPercent > 100 ? 'ENABLED' : 'DISABLED');
}

function checkRebalancing(
  { maximumPercent }: DeploymentConfiguration,
  done: 'created' | 'updated',
): void {
  if (maximumPercent > 100) return;
  throw invalidParameter(
    `The service couldn't be ${done} because Availability Zone Rebalancing does not support ` +
      'maximumPercent <= 100 % as deployment configuration. Update deployment configuration and try again.',
  );
}
