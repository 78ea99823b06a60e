import type { ResourceRequirement } from '@aws-sdk/client-ecs';
import { isEcrImage } from './containers.ts';
import { isFargateSize, isFargateWindowsSize, noFargateSize } from './fargate-sizes.ts';
import { invalidLogDriver } from './log-configuration.ts';
import { isWindows } from './runtime-platform.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

/** Says why not, in ECS's words; undefined if there is no reason. */
type Rule = (content: TaskDefinitionContent) => string | undefined;
type ContainerRule = (
  container: ContainerDefinition,
  content: TaskDefinitionContent,
) => string | undefined;

const logDrivers: readonly string[] = ['awslogs', 'splunk', 'awsfirelens'];
const addableCapabilities: readonly string[] = ['SYS_PTRACE'];
const mostStopTimeoutSeconds = 120;

/**
 * Why a task definition cannot run on Fargate; undefined if it can. Registration refuses it where
 * FARGATE is required, and leaves FARGATE out of its compatibilities elsewhere.
 */
export function fargateRefusal(content: TaskDefinitionContent): string | undefined {
  for (const rule of taskRules) {
    const refusal = rule(content);
    if (refusal !== undefined) return refusal;
  }
  for (const rule of containerRules) {
    for (const container of content.containerDefinitions) {
      const refusal = rule(container, content);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function unsupported(feature: string): string {
  return `Fargate compatible task definitions do not support ${feature}`;
}

const taskRules: readonly Rule[] = [
  ({ networkMode }) =>
    networkMode === 'awsvpc' ? undefined : 'Fargate only supports network mode ‘awsvpc’.',
  sizeRefusal,
  ({ ipcMode }) => (ipcMode === undefined ? undefined : unsupported('ipcMode')),
  ({ pidMode }) =>
    pidMode === 'host'
      ? "Tasks using the Fargate launch type do not support pidMode 'host'. " +
        "The supported value for pidMode is 'task'."
      : undefined,
  ({ placementConstraints }) =>
    placementConstraints.length > 0 ? unsupported('constraints') : undefined,
  volumeRefusal,
];

function sizeRefusal(content: TaskDefinitionContent): string | undefined {
  const { cpu, memory } = content;
  if (cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  const isSize = isWindows(content) ? isFargateWindowsSize : isFargateSize;
  const fits = isSize(Number(cpu), Number(memory));
  return fits ? undefined : noFargateSize(Number(cpu), Number(memory));
}

function volumeRefusal({ volumes }: TaskDefinitionContent): string | undefined {
  for (const volume of volumes) {
    if (volume.dockerVolumeConfiguration) return unsupported('dockerVolumeConfiguration');
    if (volume.host?.sourcePath) return unsupported('sourcePath');
    if (volume.fsxWindowsFileServerVolumeConfiguration) {
      return unsupported('fsxWindowsFileServerVolumeConfiguration'); // [inferred]
    }
  }
  return undefined;
}

const containerRules: readonly ContainerRule[] = [
  ({ privileged }) =>
    privileged
      ? 'Fargate requires that the ‘privileged’ setting be ‘false’ at the container level.'
      : undefined,
  ({ dockerSecurityOptions = [] }) =>
    dockerSecurityOptions.length > 0 ? unsupported('dockerSecurityOptions') : undefined,
  linuxParametersRefusal,
  ({ resourceRequirements }) => resourceRefusal(resourceRequirements),
  ({ stopTimeout = 0 }) =>
    stopTimeout > mostStopTimeoutSeconds
      ? 'Tasks using the Fargate launch type must have a container stop timeout ' +
        `of less than ${mostStopTimeoutSeconds} seconds.`
      : undefined,
  ({ firelensConfiguration }) =>
    firelensConfiguration?.options?.['config-file-type'] === 's3'
      ? "Fargate launch type does not support FirelensConfiguration config file from 's3'"
      : undefined,
  logRefusal,
  executionRoleRefusal,
];

/** RunTask says the same of overrides. */
export function resourceRefusal([requirement]: readonly ResourceRequirement[] = []) {
  if (requirement === undefined) return undefined;
  return `Tasks using the Fargate launch type do not support ${requirement.type} resource requirements.`;
}

function linuxParametersRefusal({ linuxParameters }: ContainerDefinition): string | undefined {
  if (linuxParameters === undefined) return undefined;
  const { capabilities, devices = [], maxSwap, sharedMemorySize, swappiness } = linuxParameters;
  if (devices.length > 0) return unsupported('devices');
  if (maxSwap !== undefined) return unsupported('maxSwap');
  if (swappiness !== undefined) return unsupported('swappiness'); // [inferred]
  if (sharedMemorySize !== undefined) return unsupported('sharedMemorySize');
  const refused = capabilities?.add?.find((name) => !addableCapabilities.includes(name));
  return refused && `${refused} is not allowed on Fargate.`;
}

function logRefusal({ logConfiguration }: ContainerDefinition): string | undefined {
  if (logConfiguration === undefined) return undefined;
  const { logDriver = '', options = {} } = logConfiguration;
  if (!logDrivers.includes(logDriver)) return invalidLogDriver(logDriver, logDrivers);
  if (logDriver !== 'awslogs' || options['awslogs-stream-prefix']) return undefined;
  return (
    'Fargate requires log configuration options to include awslogs-stream-prefix ' +
    'to support log driver awslogs.'
  );
}

/** There is no instance whose role could pull the image or write the log. */
function executionRoleRefusal(
  { image, logConfiguration }: ContainerDefinition,
  { executionRoleArn }: TaskDefinitionContent,
): string | undefined {
  if (executionRoleArn !== undefined) return undefined;
  const needed = 'Fargate requires task definition to have execution role ARN to support';
  if (isEcrImage(image)) return `${needed} ECR images.`;
  if (logConfiguration?.logDriver === 'awslogs') return `${needed} log driver awslogs.`;
  return undefined;
}
