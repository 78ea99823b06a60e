import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { StrategyItem } from '../capacity-provider/strategy.ts';
import type { Instant } from '../instant.ts';
import type { LaunchPlace } from '../task/launch.ts';
import { parseRevision, type RevisionContent, type RevisionRequest } from './new-revision.ts';
import { newDeployment } from './new-service.ts';
import { primaryOf, type Deployment, type Service, type ServiceRevision } from './service.ts';
import { mustForceDeployment } from './service-errors.ts';
import { parseChangedSettings } from './service-settings.ts';
import { checkController, refuseUnsupported } from './unsupported-members.ts';

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
  const content = parseRevision(revisionRequest(service, input, place), place, 'updated');
  checkController(input);
  const settings = parseChangedSettings(input, service, content);
  refuseUnsupported(input);
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
    before.requestedPlatformVersion === after.requestedPlatformVersion &&
    JSON.stringify(before.network) === JSON.stringify(after.network) &&
    JSON.stringify(before.volumeConfigurations) === JSON.stringify(after.volumeConfigurations)
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
