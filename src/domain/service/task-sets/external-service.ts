import type { CreateServiceRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { ServiceArn } from '../../arn.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { invalidParameter, type EcsError } from '../../errors.ts';
import type { Instant } from '../../instant.ts';
import { present } from '../../present.ts';
import { checkInstanceCount } from '../../service-discovery/parse-registries.ts';
import { parseTags, type Tag } from '../../tags.ts';
import { checkPlacement } from '../../task/placement-request.ts';
import {
  deletedServiceNotFound,
  roleWithoutBalancers,
  scaledAboveZero,
} from '../service-errors.ts';
import { parseChangedSettings, parseNewSettings } from '../service-settings.ts';
import { revisionsOf, type ExternalService, type ServiceSettings } from '../service.ts';
import {
  checkController,
  refuseConnectedTaskSets,
  refuseUnsupported,
} from '../unsupported-members.ts';
import { deploymentsAreActive } from './task-set-errors.ts';
import { drainingTaskSet } from './change-task-set.ts';

/** Where its tasks are is the business of task sets; ECS takes nothing for EC2. */
const withoutLaunch = { launchType: 'EC2' } as const;

/** A checked CreateService request for the deployment controller EXTERNAL. */
export interface ExternalServiceSpec {
  readonly settings: ServiceSettings;
  readonly tags: readonly Tag[];
}

/**
 * What tasks are started with is the business of task sets, and not of the service.
 * @throws EcsError
 */
export function parseExternalService(input: CreateServiceRequest): ExternalServiceSpec {
  if (input.taskDefinition) throw invalidParameter('TaskDefinition must be blank');
  if (input.schedulingStrategy === 'DAEMON') throw daemonIsExternal();
  const ofTaskSets = [
    ['LoadBalancers', input.loadBalancers],
    ['ServiceRegistries', input.serviceRegistries],
    ['CapacityProviderStrategy', input.capacityProviderStrategy],
    ['NetworkConfiguration', input.networkConfiguration],
    ['LaunchType', input.launchType],
    ['PlatformVersion', input.platformVersion],
    ['VolumeConfigurations', input.volumeConfigurations],
  ] as const;
  for (const [member, given] of ofTaskSets) if (isGiven(given)) throw mustBeEmpty(member);
  if (input.role) throw roleWithoutBalancers();
  checkConfiguration(input);
  refuseUnsupported(input);
  refuseConnectedTaskSets(input);
  refuseRebalancing(input.availabilityZoneRebalancing);
  checkPlacement(input, withoutLaunch.launchType);
  const { desiredCount = 0 } = input;
  const given = { ...input, desiredCount, availabilityZoneRebalancing: 'DISABLED' } as const;
  const settings = parseNewSettings(given, withoutLaunch);
  return { settings, tags: parseTags(input.tags) };
}

function isGiven(given: unknown): boolean {
  return Array.isArray(given) ? given.length > 0 : Boolean(given);
}

/** ECS's words for load balancers are known; those for other members follow them. [inferred texts] */
function mustBeEmpty(member: string): EcsError {
  return invalidParameter(`${member} must be empty or null`);
}

/** [inferred text] */
export function daemonIsExternal(): EcsError {
  return invalidParameter(
    'The daemon scheduling strategy is not supported for services that use the EXTERNAL deployment ' +
      'controller.',
  );
}

type Configured = Pick<UpdateServiceRequest, 'deploymentConfiguration'>;

/** [inferred texts] */
function checkConfiguration({ deploymentConfiguration: given = {} }: Configured): void {
  const { strategy = 'ROLLING', lifecycleHooks = [] } = given;
  const onlyEcs = [
    ['deployment circuit breaker', given.deploymentCircuitBreaker?.enable],
    ['deployment alarms', given.alarms?.enable],
    ['early success criteria', given.earlySuccessCriteria?.enable],
    ['deployment strategy', strategy !== 'ROLLING'],
    ['deployment lifecycle hooks', lifecycleHooks.length > 0],
  ] as const;
  for (const [what, isAsked] of onlyEcs) {
    if (!isAsked) continue;
    const verb = /s$|criteria$/.test(what) ? 'are' : 'is';
    throw invalidParameter(
      `The ${what} ${verb} only supported for services using the ECS deployment controller.`,
    );
  }
}

/** A task set stays where it is; a balance over zones would be its service's business. [inferred text] */
function refuseRebalancing(given: string | undefined): void {
  if (given !== 'ENABLED') return;
  throw invalidParameter(
    'Availability Zone Rebalancing does not support services with an EXTERNAL deployment controller.',
  );
}

export interface NewExternalService {
  readonly arn: ServiceArn;
  readonly name: string;
  readonly cluster: Cluster;
  readonly spec: ExternalServiceSpec;
  readonly createdBy: string;
  readonly clientToken: string | undefined;
  readonly requestDigest: string;
  readonly now: Instant;
}

/** An ACTIVE service without any task set. */
export function newExternalService(args: NewExternalService): ExternalService {
  const { arn, name, cluster, spec, createdBy, clientToken, requestDigest, now } = args;
  return {
    arn,
    name,
    clusterArn: cluster.arn,
    status: 'ACTIVE',
    ...spec.settings,
    taskSets: [],
    events: [],
    tags: spec.tags,
    createdAt: now,
    createdBy,
    createdWith: { requestDigest, ...present({ clientToken }) },
  };
}

/**
 * Changes what does not belong to task sets; the scheduler computes their counts anew.
 * @throws EcsError
 */
export function updatedExternalService(
  service: ExternalService,
  input: UpdateServiceRequest,
): ExternalService {
  const ofTaskSets = [
    ['task definition', input.taskDefinition],
    ['network parameters', input.networkConfiguration],
    ['platform version', input.platformVersion],
    ['load balancers', input.loadBalancers],
    ['service registries', input.serviceRegistries],
    ['capacity provider strategy', input.capacityProviderStrategy],
    ['volume configurations', input.volumeConfigurations],
  ] as const;
  for (const [what, given] of ofTaskSets) {
    if (given !== undefined) throw useTaskSets(`Unable to update ${what}`);
  }
  if (input.forceNewDeployment) throw useTaskSets('Cannot force a new deployment');
  checkController(input);
  checkConfiguration(input);
  refuseUnsupported(input);
  refuseConnectedTaskSets(input);
  refuseRebalancing(input.availabilityZoneRebalancing);
  checkPlacement(input, withoutLaunch.launchType);
  const settings = parseChangedSettings(input, service, withoutLaunch);
  for (const { serviceRegistries } of revisionsOf(service)) {
    checkInstanceCount(serviceRegistries, settings.desiredCount);
  }
  return { ...service, ...settings };
}

/** [inferred texts, after those for CODE_DEPLOY] */
function useTaskSets(what: string): EcsError {
  return invalidParameter(
    `${what} on services with an EXTERNAL deployment controller. Use the CreateTaskSet API to trigger ` +
      'a new deployment.',
  );
}

/**
 * The first step of a deletion; the scheduler stops the tasks.
 * @throws EcsError
 */
export function deletedExternalService(
  service: ExternalService,
  force: boolean,
  now: Instant,
): ExternalService {
  if (service.status === 'INACTIVE') throw deletedServiceNotFound();
  if (service.status === 'DRAINING') return service;
  if (service.desiredCount > 0 && !force) throw scaledAboveZero();
  const draining = service.taskSets.map((taskSet) => drainingTaskSet(taskSet, now));
  if (service.taskSets.length > 0 && !force) throw deploymentsAreActive();
  return { ...service, status: 'DRAINING', desiredCount: 0, taskSets: draining };
}
