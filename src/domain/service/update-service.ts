import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { StrategyItem } from '../capacity-provider/strategy.ts';
import type { Instant } from '../instant.ts';
import type { LaunchPlace } from '../task/launch.ts';
import { checkLeavesEcs, checkStrategyChange } from './controller-change.ts';
import { parseRevision, type RevisionContent, type RevisionRequest } from './new-revision.ts';
import { newDeployment } from './new-service.ts';
import {
  primaryOf,
  type Deployment,
  type Service,
  type ServiceRevision,
  type ServiceSettings,
} from './service.ts';
import { mustForceDeployment } from './service-errors.ts';
import { parseChangedSettings } from './service-settings.ts';
import {
  checkTarget,
  isSameBalancing,
  parseLoadBalancers,
  withFreeTargetGroups,
} from './strategies/load-balancers.ts';
import {
  checkController,
  refuseRollingBalancers,
  refuseShiftedConnect,
  refuseUnsupported,
} from './unsupported-members.ts';

/** What an UpdateService comes to. */
export interface ServiceUpdate {
  readonly service: Service;
  /** Present where a new deployment is to begin. */
  readonly revision: RevisionContent | undefined;
}

/** @throws EcsError */
export function parseUpdate(
  service: Service,
  input: UpdateServiceRequest,
  place: LaunchPlace,
  now: Instant,
): ServiceUpdate {
  const before = primaryOf(service).revision;
  const launch = parseRevision(revisionRequest(service, input, place), place, 'updated');
  checkLeavesEcs(service, input);
  checkController(input);
  const settings = parseChangedSettings(input, service, launch);
  checkStrategyChange(service, settings);
  refuseUnsupported(input);
  refuseShiftedConnect(settings.deploymentConfiguration, launch);
  const content = withLoadBalancers(launch, service, settings, input, place);
  const force = input.forceNewDeployment ?? false;
  if (!force && strategyChanges(before, content)) throw mustForceDeployment();
  const begins = force || !isSameRevision(before, content);
  const changed = { ...service, ...settings };
  const isTouched = settings.desiredCount !== service.desiredCount;
  return {
    service: isTouched && !begins ? withTouchedPrimary(changed, now) : changed,
    revision: begins ? content : undefined,
  };
}

/** Load balancers that are not given stay, for the new definition, too; an empty list takes them away. */
function withLoadBalancers(
  content: RevisionContent,
  service: Service,
  { deploymentConfiguration }: ServiceSettings,
  { loadBalancers: given }: UpdateServiceRequest,
  { definition }: LaunchPlace,
): RevisionContent {
  const { loadBalancers: before = [] } = primaryOf(service).revision;
  refuseRollingBalancers(deploymentConfiguration, given ?? before);
  for (const one of given ? [] : before) checkTarget(one, definition);
  const wanted = given ? parseLoadBalancers(given, definition) : before;
  if (wanted.length === 0) return content;
  return { ...content, loadBalancers: withFreeTargetGroups(wanted, service.deployments) };
}

/** A new count shows in the deployment when the scheduler gets there; only its `updatedAt` moves at once. */
function withTouchedPrimary(service: Service, updatedAt: Instant): Service {
  const [primary, ...others] = service.deployments;
  return { ...service, deployments: [{ ...primary, updatedAt }, ...others] };
}

/** What is not given stays; an empty strategy leads back to the launch type, and an empty list to no volumes. */
function revisionRequest(
  service: Service,
  input: UpdateServiceRequest,
  { definition }: LaunchPlace,
): RevisionRequest {
  const { revision } = primaryOf(service);
  const isAwsvpc = definition.content.networkMode === 'awsvpc';
  const network = isAwsvpc ? revision.network : undefined;
  const strategy = input.capacityProviderStrategy ?? [...(revision.capacityProviderStrategy ?? [])];
  return {
    enableExecuteCommand: input.enableExecuteCommand ?? service.enableExecuteCommand,
    networkConfiguration:
      input.networkConfiguration ?? (network && { awsvpcConfiguration: network }),
    placementConstraints: input.placementConstraints ?? [...service.placementConstraints],
    placementStrategy: input.placementStrategy ?? [...service.placementStrategy],
    platformVersion: input.platformVersion ?? platformBefore(revision),
    volumeConfigurations: volumesAfter(revision, input),
    serviceConnectConfiguration: connectAfter(revision, input),
    ...(strategy.length > 0
      ? { capacityProviderStrategy: strategy }
      : { launchType: revision.launchType }),
  };
}

function volumesAfter(
  { volumeConfigurations = [] }: ServiceRevision,
  input: UpdateServiceRequest,
): RevisionRequest['volumeConfigurations'] {
  return input.volumeConfigurations ?? [...volumeConfigurations];
}

function connectAfter(
  { serviceConnect }: ServiceRevision,
  input: UpdateServiceRequest,
): RevisionRequest['serviceConnectConfiguration'] {
  return input.serviceConnectConfiguration ?? serviceConnect?.configuration;
}

/** `LATEST` is what Fargate has by default, and all that another launch type can be brought to forget. */
function platformBefore({ requestedPlatformVersion: version }: ServiceRevision) {
  return version === 'LATEST' ? undefined : version;
}

function strategyChanges(before: RevisionContent, after: RevisionContent): boolean {
  return textOf(before.capacityProviderStrategy) !== textOf(after.capacityProviderStrategy);
}

function textOf(strategy: readonly StrategyItem[] = []): string {
  return JSON.stringify(strategy.map((item) => [item.capacityProvider, item.weight, item.base]));
}

function isSameRevision(before: RevisionContent, after: RevisionContent): boolean {
  return (
    before.taskDefinitionArn === after.taskDefinitionArn &&
    isSameBalancing(before.loadBalancers, after.loadBalancers) &&
    before.requestedPlatformVersion === after.requestedPlatformVersion &&
    JSON.stringify(before.network) === JSON.stringify(after.network) &&
    JSON.stringify(before.volumeConfigurations) === JSON.stringify(after.volumeConfigurations) &&
    JSON.stringify(before.serviceConnect?.configuration) ===
      JSON.stringify(after.serviceConnect?.configuration)
  );
}

/** The new revision's deployment is PRIMARY, and all former ones are to be replaced by it. */
export function withNewDeployment(service: Service, revision: ServiceRevision): Service {
  const former = service.deployments.map((deployment): Deployment => ({
    ...deployment,
    status: 'ACTIVE',
    updatedAt: revision.createdAt,
  }));
  const { steadyAt: _, ...unsteady } = service;
  return {
    ...unsteady,
    deployments: [newDeployment(revision, service.desiredCount), ...former],
  };
}
