import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { taskSetArn } from '../arn.ts';
import { invalidParameter, type EcsError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import {
  primaryOf,
  type Deployment,
  type DeploymentConfiguration,
  type ExternalService,
  type Service,
  type ServiceSettings,
  type TaskSet,
} from './service.ts';
import { daemonIsExternal, updatedExternalService } from './task-sets/external-service.ts';
import { refuseRollingBalancers } from './unsupported-members.ts';
import type { Deployable } from './update-service.ts';

/**
 * A rolling deployment cannot become one of another kind half-way, and a service between two kinds has no
 * single revision that serves.
 * @throws EcsError InvalidParameterException [inferred text]
 */
export function checkStrategyChange(
  primary: Deployment | undefined,
  before: ServiceSettings,
  { deploymentConfiguration: { shift } }: ServiceSettings,
): void {
  if (!shift || before.deploymentConfiguration.shift) return;
  if (primary?.rolloutState !== 'IN_PROGRESS') return;
  throw invalidParameter(
    `The deployment strategy cannot be changed from ROLLING to ${shift.strategy} while a service ` +
      'deployment is in progress. Wait for it to complete and try again.',
  );
}

/**
 * UpdateService from the deployment controller ECS to EXTERNAL. What runs becomes the PRIMARY task set, under its own id,
 * and the tasks go on. The rest of the request is one for an external service.
 * @throws EcsError where ECS keeps the service (Developer Guide, "Update Amazon ECS service parameters")
 */
export function leaveEcs(
  service: Service,
  input: UpdateServiceRequest,
  now: Instant,
): ExternalService {
  const { deployments, rebalancing: _, ...record } = service;
  const primary = primaryOf(service);
  if (deployments.length > 1 || primary.rolloutState === 'IN_PROGRESS') throw isUnderWay();
  if (service.schedulingStrategy === 'DAEMON') throw daemonIsExternal();
  const external: ExternalService = {
    ...record,
    availabilityZoneRebalancing: 'DISABLED',
    taskSets: [asTaskSet(service, primary, now)],
    hasLeftEcs: true,
  };
  const updated = updatedExternalService(external, input);
  if (primary.revision.serviceConnect) throw cannotChange('of a service that uses Service Connect');
  checkNothingKeeps(updated.deploymentConfiguration);
  refuseRollingBalancers(updated.deploymentConfiguration, primary.revision.loadBalancers);
  return updated;
}

/** Only deployments of ECS's own have these. */
function checkNothingKeeps(configuration: DeploymentConfiguration): void {
  const { circuitBreaker, alarms, shift, earlySuccess } = configuration;
  if (circuitBreaker.enable) throw cannotChange('of a service that uses the circuit breaker');
  if (alarms?.enable) throw cannotChange('of a service that uses deployment alarms');
  if (shift) throw cannotChange(`of a service with the deployment strategy ${shift.strategy}`);
  if (earlySuccess) throw cannotChange('of a service that uses early success criteria');
}

/** A deployment that has failed is none any more: whoever controls the service now wants its tasks. */
function asTaskSet({ arn }: Service, deployment: Deployment, now: Instant): TaskSet {
  const { rolloutState, rolloutStateReason } = deployment;
  const hasFailed = rolloutState === 'FAILED';
  return {
    arn: taskSetArn(arn, deployment.id),
    status: 'PRIMARY',
    scalePercent: 100,
    deployment: {
      ...deployment,
      rolloutState: 'COMPLETED',
      rolloutStateReason: hasFailed ? '' : rolloutStateReason,
    },
    stabilityStatus: 'STABILIZING',
    stabilityStatusAt: now,
    tags: [],
    createdWith: { requestDigest: '' },
  };
}

/**
 * The first step of UpdateService from EXTERNAL to ECS: task sets become deployments under their own ids. The PRIMARY
 * one stays PRIMARY, and all others are to be replaced by it.
 * @throws EcsError while one of them is being deleted
 */
export function enterEcs(external: ExternalService, now: Instant): Deployable {
  const { taskSets, hasLeftEcs: _, ...record } = external;
  if (taskSets.some(({ status }) => status === 'DRAINING')) throw isUnderWay();
  const newestFirst = taskSets.toReversed();
  const deployments = [
    ...newestFirst.filter(({ status }) => status === 'PRIMARY'),
    ...newestFirst.filter(({ status }) => status !== 'PRIMARY'),
  ].map((taskSet) => asDeployment(taskSet, now));
  return { ...record, deployments };
}

/** What a task set runs is what its service may go back to. */
function asDeployment({ status, deployment }: TaskSet, now: Instant): Deployment {
  return {
    ...deployment,
    status: status === 'PRIMARY' ? 'PRIMARY' : 'ACTIVE',
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${deployment.id} completed.`,
    updatedAt: now,
  };
}

function isUnderWay(): EcsError {
  return cannotChange('while a service deployment is in progress');
}

/** [inferred texts] */
function cannotChange(why: string): EcsError {
  return invalidParameter(`Unable to change the deployment controller ${why}.`);
}
