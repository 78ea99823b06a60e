import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { StrategyItem } from '../capacity-provider/strategy.ts';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import {
  checkInstanceCount,
  parseRegistries,
  refuseClassicBalancers,
  type RegistryPlace,
} from '../service-discovery/parse-registries.ts';
import type { LaunchPlace } from '../task/launch.ts';
import { checkStrategyChange } from './controller-change.ts';
import { parseRevision, type RevisionContent, type RevisionRequest } from './new-revision.ts';
import { newDeployment } from './new-service.ts';
import type {
  Deployment,
  Service,
  ServiceRecord,
  ServiceRevision,
  ServiceSettings,
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

/** A service that a deployment can begin in. One that ECS takes over need not have any before. */
export type Deployable = ServiceRecord & { readonly deployments: readonly Deployment[] };

/** What an UpdateService comes to: with a revision where a new deployment is to begin. */
export type ServiceUpdate =
  | { readonly service: Service; readonly revision: undefined }
  | { readonly service: Deployable; readonly revision: RevisionContent };

/** @throws EcsError */
export function parseUpdate(
  service: Deployable,
  input: UpdateServiceRequest,
  place: LaunchPlace & RegistryPlace,
  now: Instant,
): ServiceUpdate {
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  const before = primary?.revision;
  const launch = parseRevision(
    revisionRequest(service, before ?? {}, input, place),
    place,
    'updated',
  );
  checkPlatformFamily(before, launch);
  checkController(input);
  const settings = parseChangedSettings(input, service, launch);
  checkStrategyChange(primary, service, settings);
  refuseUnsupported(input);
  refuseShiftedConnect(settings.deploymentConfiguration, launch);
  const serviceRegistries = registriesAfter(before, input, place);
  checkInstanceCount(serviceRegistries, settings.desiredCount);
  refuseClassicBalancers(serviceRegistries, input.loadBalancers);
  const balanced = withLoadBalancers(launch, service, settings, input, place);
  const content = { ...balanced, ...present({ serviceRegistries }) };
  const force = input.forceNewDeployment ?? false;
  if (!force && before && strategyChanges(before, content)) throw mustForceDeployment();
  const changed = { ...service, ...settings };
  if (force || !primary || !isSameRevision(primary.revision, content)) {
    return { service: changed, revision: content };
  }
  const [, ...others] = service.deployments;
  const isTouched = settings.desiredCount !== service.desiredCount;
  // A new count shows in the deployment when the scheduler gets there; only its `updatedAt` moves at once.
  const kept = isTouched ? { ...primary, updatedAt: now } : primary;
  return { service: { ...changed, deployments: [kept, ...others] }, revision: undefined };
}

/** A service does not go from Linux to Windows, or back. [inferred text] */
function checkPlatformFamily(
  before: ServiceRevision | undefined,
  { platformFamily: family }: RevisionContent,
): void {
  const former = before?.platformFamily;
  if (former === undefined || family === undefined) return;
  if ((former === 'Linux') === (family === 'Linux')) return;
  throw invalidParameter(
    `The platform family of a service cannot be changed from ${former} to ${family}.`,
  );
}

/** Load balancers that are not given stay, for the new definition, too; an empty list takes them away. */
function withLoadBalancers(
  content: RevisionContent,
  service: Deployable,
  { deploymentConfiguration }: ServiceSettings,
  { loadBalancers: given }: UpdateServiceRequest,
  { definition }: LaunchPlace,
): RevisionContent {
  const before = service.deployments[0]?.revision.loadBalancers ?? [];
  refuseRollingBalancers(deploymentConfiguration, given ?? before);
  for (const one of given ? [] : before) checkTarget(one, definition);
  const wanted = given ? parseLoadBalancers(given, definition) : before;
  if (wanted.length === 0) return content;
  return { ...content, loadBalancers: withFreeTargetGroups(wanted, service.deployments) };
}

/**
 * Registries that are not given stay, and are looked at only where the new definition may not suit them: a service goes on
 * without those that are gone. An empty list takes them away.
 */
function registriesAfter(
  before: ServiceRevision | undefined,
  { serviceRegistries: given }: UpdateServiceRequest,
  place: RegistryPlace,
): RevisionContent['serviceRegistries'] {
  const kept = before?.serviceRegistries;
  const isSuited = before?.taskDefinitionArn === place.definition.arn;
  if (given === undefined && isSuited) return kept;
  return parseRegistries(given ?? kept, place);
}

/** What is not given stays; an empty strategy leads back to the launch type, and an empty list to no volumes. */
function revisionRequest(
  service: Deployable,
  before: Partial<ServiceRevision>,
  input: UpdateServiceRequest,
  place: LaunchPlace,
): RevisionRequest {
  const { launchType, volumeConfigurations = [], capacityProviderStrategy = [] } = before;
  const strategy = input.capacityProviderStrategy ?? [...capacityProviderStrategy];
  return {
    enableExecuteCommand: input.enableExecuteCommand ?? service.enableExecuteCommand,
    networkConfiguration: input.networkConfiguration ?? networkBefore(before, place),
    placementConstraints: input.placementConstraints ?? [...service.placementConstraints],
    placementStrategy: input.placementStrategy ?? [...service.placementStrategy],
    platformVersion: input.platformVersion ?? platformBefore(before),
    volumeConfigurations: input.volumeConfigurations ?? [...volumeConfigurations],
    serviceConnectConfiguration: connectAfter(before, input),
    ...(strategy.length > 0 ? { capacityProviderStrategy: strategy } : { launchType }),
  };
}

/** Only some network modes take one. */
function networkBefore(
  { network }: Partial<ServiceRevision>,
  { definition }: LaunchPlace,
): RevisionRequest['networkConfiguration'] {
  if (definition.content.networkMode !== 'awsvpc' || !network) return undefined;
  return { awsvpcConfiguration: network };
}

function connectAfter(
  { serviceConnect }: Partial<ServiceRevision>,
  input: UpdateServiceRequest,
): RevisionRequest['serviceConnectConfiguration'] {
  return input.serviceConnectConfiguration ?? serviceConnect?.configuration;
}

/** `LATEST` is what Fargate has by default, and all that another launch type can be brought to forget. */
function platformBefore({ requestedPlatformVersion: version }: Partial<ServiceRevision>) {
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
    JSON.stringify(before.serviceRegistries) === JSON.stringify(after.serviceRegistries) &&
    JSON.stringify(before.serviceConnect?.configuration) ===
      JSON.stringify(after.serviceConnect?.configuration)
  );
}

/** The new revision's deployment is PRIMARY, and all former ones are to be replaced by it. */
export function withNewDeployment(service: Deployable, revision: ServiceRevision): Service {
  const former = service.deployments.map((deployment): Deployment => {
    // What an early success has left is replaced anew.
    const { cleanUpUntil: _, ...left } = deployment;
    return { ...left, status: 'ACTIVE', updatedAt: revision.createdAt };
  });
  const { steadyAt: _, ...unsteady } = service;
  return {
    ...unsteady,
    deployments: [newDeployment(revision, service.desiredCount), ...former],
  };
}
