import type {
  ContainerRestartPolicy,
  ResourceRequirement,
  ResourceType,
  SharingStrategy,
  Ulimit,
  UlimitName,
  VersionConsistency,
} from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const versionConsistencies = valuesOf<VersionConsistency>({ enabled: true, disabled: true });
const resourceTypes = valuesOf<ResourceType>({
  GPU: true,
  InferenceAccelerator: true,
  NeuronDevice: true,
});
const ulimitNames = valuesOf<UlimitName>({
  core: true,
  cpu: true,
  data: true,
  fsize: true,
  locks: true,
  memlock: true,
  msgqueue: true,
  nice: true,
  nofile: true,
  nproc: true,
  rss: true,
  rtprio: true,
  rttime: true,
  sigpending: true,
  stack: true,
});

const leastRestartPeriodSeconds = 60;
const mostRestartPeriodSeconds = 1800;
const maximumIgnoredExitCodes = 50;
const maximumCredentialSpecs = 10;
const securityOption = /^(no-new-privileges$|apparmor:|label:|credentialspec:)/;
const credentialSpec = /^credentialspec(domainless)?:arn:/;

/** Settings of single containers that touch neither the network nor other containers. */
export function checkContainerSettings(content: TaskDefinitionContent): void {
  for (const container of content.containerDefinitions) {
    checkOneOf('Version consistency', container.versionConsistency, versionConsistencies);
    for (const ulimit of container.ulimits ?? []) checkUlimit(ulimit, container.name);
    if (container.restartPolicy) checkRestartPolicy(container.restartPolicy, container.name);
    checkSecurityOptions(container);
  }
  checkCredentialSpecs(content);
  checkResourceRequirements(content);
}

function checkUlimit(ulimit: Ulimit, containerName: string): void {
  const { name = '', softLimit = 0, hardLimit = 0 } = ulimit;
  if (!ulimitNames.includes(name)) throw clientError(`Unrecognized ulimit name ${name}`);
  // Minus one is "unlimited".
  const exceeds = hardLimit >= 0 && (softLimit < 0 || softLimit > hardLimit);
  if (!exceeds) return;
  // [inferred wording]
  throw clientError(
    `Invalid setting for container '${containerName}'. ` +
      `The soft limit of ulimit '${name}' must be less than or equal to the hard limit.`,
  );
}

function checkRestartPolicy(policy: ContainerRestartPolicy, containerName: string): void {
  const { restartAttemptPeriod = leastRestartPeriodSeconds, ignoredExitCodes = [] } = policy;
  if (
    restartAttemptPeriod < leastRestartPeriodSeconds ||
    restartAttemptPeriod > mostRestartPeriodSeconds
  ) {
    throw clientError(
      `The 'restartAttemptPeriod' setting for container '${containerName}' must be between ` +
        `${leastRestartPeriodSeconds} and ${mostRestartPeriodSeconds}.`,
    );
  }
  if (ignoredExitCodes.length > maximumIgnoredExitCodes) {
    // [inferred wording, ECS's grammar]
    throw clientError(`ignoredExitCodes can have at most ${maximumIgnoredExitCodes} items.`);
  }
}

/** [inferred wording, ECS's grammar] */
function checkSecurityOptions({ dockerSecurityOptions = [], name }: ContainerDefinition): void {
  if (dockerSecurityOptions.every((option) => securityOption.test(option))) return;
  throw clientError(`Invalid 'dockerSecurityOptions' setting for container '${name}'.`);
}

/** [inferred wording, ECS's grammar] */
function checkCredentialSpecs({ containerDefinitions }: TaskDefinitionContent): void {
  let count = 0;
  for (const { name, credentialSpecs = [] } of containerDefinitions) {
    count += credentialSpecs.length;
    if (credentialSpecs.length > 1) throw clientError('credentialSpecs can have at most 1 items.');
    if (credentialSpecs.every((spec) => credentialSpec.test(spec))) continue;
    throw clientError(`Invalid 'credentialSpecs' setting for container '${name}'.`);
  }
  if (count > maximumCredentialSpecs) {
    throw clientError(`credentialSpecs can have at most ${maximumCredentialSpecs} items.`);
  }
}

/** [inferred wording] */
export function checkResourceRequirements({
  containerDefinitions,
}: Pick<TaskDefinitionContent, 'containerDefinitions'>): void {
  for (const { name, resourceRequirements = [] } of containerDefinitions) {
    for (const requirement of resourceRequirements) checkResourceRequirement(requirement, name);
  }
  const all = containerDefinitions.flatMap((container) => container.resourceRequirements ?? []);
  const gpus = all.filter(({ type }) => type === 'GPU');
  if (new Set(gpus.map(isShared)).size > 1) {
    throw clientError('All containers in a task must use the same GPU sharing option.');
  }
  if (all.filter(({ type }) => type === 'NeuronDevice').length > 1) {
    throw clientError(
      'Only one container in a task definition can require NeuronDevice resources.',
    );
  }
}

/** [inferred wording, ECS's grammar] */
function checkResourceRequirement(requirement: ResourceRequirement, containerName: string): void {
  checkOneOf('Resource type', requirement.type, resourceTypes);
  if (isValidRequirement(requirement)) return;
  throw clientError(`Invalid 'resourceRequirements' setting for container '${containerName}'.`);
}

function isValidRequirement(requirement: ResourceRequirement): boolean {
  const { type, value } = requirement;
  if (type === 'GPU' && isShared(requirement)) {
    return value === undefined && isValidShare(requirement.sharingStrategy);
  }
  if (isShared(requirement)) return false;
  if (type === 'GPU') return value === 'ALL' || /^[1-9]\d{0,3}$/.test(value ?? '');
  // Elastic Inference has ended, so there is no accelerator left to name.
  return type === 'NeuronDevice' && value === 'ALL';
}

/** Some memory, and all or some of the computing (API reference, "NvidiaMpsAllocation"). */
function isValidShare(strategy: SharingStrategy | undefined): boolean {
  const { memory = 0, maxComputePercent = 100 } = strategy?.nvidiaMps ?? {};
  return memory >= 1 && maxComputePercent >= 1 && maxComputePercent <= 100;
}

function isShared({ sharingStrategy }: ResourceRequirement): boolean {
  return sharingStrategy !== undefined;
}
