import type { Compatibility } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { fargateRefusal } from './fargate.ts';
import { isWindows } from './runtime-platform.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

type Refusal = (content: TaskDefinitionContent) => string | undefined;

/** Why a task definition cannot run on each kind of compute, in alphabetical order. */
const refusals: readonly (readonly [Compatibility, Refusal])[] = [
  ['EC2', ec2Refusal],
  ['EXTERNAL', externalRefusal],
  ['FARGATE', fargateRefusal],
  ['MANAGED_INSTANCES', managedInstancesRefusal],
];

/** Where a task definition can run: what its content allows, whatever it asks to require. */
export function compatibilitiesOf(content: TaskDefinitionContent): readonly Compatibility[] {
  return refusals.flatMap(([compatibility, refusal]) =>
    refusal(content) === undefined ? [compatibility] : [],
  );
}

/** @throws EcsError ClientException if the content cannot run where it is required to */
export function checkRequiredCompatibilities(content: TaskDefinitionContent): void {
  for (const [compatibility, refusal] of refusals) {
    if (!content.requiresCompatibilities?.includes(compatibility)) continue;
    const message = refusal(content);
    if (message !== undefined) throw clientError(message);
  }
}

function unsupported(compatibility: Compatibility, feature: string): string {
  return `Tasks using the ${compatibility} launch type do not support ${feature}.`;
}

function ec2Refusal(content: TaskDefinitionContent): string | undefined {
  if (content.ephemeralStorage) return unsupported('EC2', 'EphemeralStorage');
  // [inferred wording]
  return needsNeuron(content)
    ? unsupported('EC2', 'NeuronDevice resource requirements')
    : undefined;
}

/** [inferred wording, after that of EC2] */
function externalRefusal(content: TaskDefinitionContent): string | undefined {
  const feature = featureWithoutExternal(content);
  return feature && unsupported('EXTERNAL', feature);
}

function featureWithoutExternal(content: TaskDefinitionContent): string | undefined {
  const { ephemeralStorage, networkMode, proxyConfiguration, volumes } = content;
  if (networkMode === 'awsvpc') return "networkMode 'awsvpc'";
  if (ephemeralStorage) return 'EphemeralStorage';
  if (proxyConfiguration) return 'proxyConfiguration';
  if (volumes.some((volume) => volume.efsVolumeConfiguration)) return 'efsVolumeConfiguration';
  if (volumes.some((volume) => volume.fsxWindowsFileServerVolumeConfiguration)) {
    return 'fsxWindowsFileServerVolumeConfiguration';
  }
  if (volumes.some((volume) => volume.configuredAtLaunch)) return 'configuredAtLaunch volumes';
  if (sharesGpus(content)) return 'GPU sharing';
  return needsNeuron(content) ? 'NeuronDevice resource requirements' : undefined;
}

/** [inferred: which features and in which words] */
function managedInstancesRefusal(content: TaskDefinitionContent): string | undefined {
  const { networkMode, volumes } = content;
  if (networkMode !== 'awsvpc' && networkMode !== 'host') {
    return unsupported('MANAGED_INSTANCES', `networkMode '${networkMode ?? 'bridge'}'`);
  }
  if (isWindows(content)) return unsupported('MANAGED_INSTANCES', 'Windows containers');
  if (volumes.some((volume) => volume.dockerVolumeConfiguration)) {
    return unsupported('MANAGED_INSTANCES', 'dockerVolumeConfiguration');
  }
  return undefined;
}

function sharesGpus({ containerDefinitions }: TaskDefinitionContent): boolean {
  return containerDefinitions.some(({ resourceRequirements = [] }) =>
    resourceRequirements.some((requirement) => requirement.sharingStrategy),
  );
}

/** Neuron devices are offered by managed instances alone. */
function needsNeuron({ containerDefinitions }: TaskDefinitionContent): boolean {
  return containerDefinitions.some(({ resourceRequirements = [] }) =>
    resourceRequirements.some((requirement) => requirement.type === 'NeuronDevice'),
  );
}
