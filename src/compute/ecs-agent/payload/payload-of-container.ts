import { scopeOfArn } from '../../../domain/arn.ts';
import { present } from '../../../domain/present.ts';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../../compute.ts';
import type { PayloadContainer } from '../frames/payload-message.ts';
import { dockerConfigOf, hasHealthCheck } from './docker-config.ts';
import { registryAuthenticationOf } from './registry-authentication.ts';
import { secretsOf } from './secrets.ts';

/** A container as it is to run: overrides are merged into `container` already. */
export function payloadOfContainer(
  container: ContainerDefinition,
  order: TaskOrder,
  logsEndpoint: string | undefined,
): PayloadContainer {
  const { task, taskDefinition } = order;
  const { region } = scopeOfArn(task.arn);
  const executionRole =
    task.overrides.executionRoleArn ?? taskDefinition.content.executionRoleArn ?? '';
  const record = task.containers.find(({ name }) => name === container.name);
  return {
    name: container.name,
    image: pinnedImage(container.image, record?.pinnedDigest),
    essential: container.essential,
    environment: environmentOf(container, order),
    cpu: container.cpu,
    // Everything that may be overridden is in the members themselves.
    overrides: '{}',
    dockerConfig: dockerConfigOf(container, order, logsEndpoint),
    ...present({
      containerArn: record?.arn,
      memory: container.memory,
      command: filled(container.command),
      entryPoint: filled(container.entryPoint),
      startTimeout: container.startTimeout,
      stopTimeout: container.stopTimeout,
      healthCheckType: hasHealthCheck(container) ? ('docker' as const) : undefined,
      registryAuthentication: registryAuthenticationOf(container, region, executionRole !== ''),
      logsAuthStrategy:
        executionRole !== '' && container.logConfiguration?.logDriver === 'awslogs'
          ? ('ExecutionRole' as const)
          : undefined,
      secrets: filled(secretsOf(container, region)),
      portMappings: filled(portMappingsOf(container, order)),
      ...relationsOf(container),
      ...extrasOf(container, task.enableExecuteCommand),
    }),
  };
}

/** What its service has resolved goes in the tag's place. */
function pinnedImage(image: string, digest: string | undefined): string {
  if (digest === undefined || image.includes('@')) return image;
  const colon = image.indexOf(':', image.lastIndexOf('/') + 1);
  return `${colon < 0 ? image : image.slice(0, colon)}@${digest}`;
}

/** The agent only reads AWS_EXECUTION_ENV; that it is there is up to us. EXTERNAL's value is [inferred]. */
function environmentOf(
  { environment }: ContainerDefinition,
  { task }: TaskOrder,
): Readonly<Record<string, string>> {
  return {
    AWS_EXECUTION_ENV: task.launchType === 'EXTERNAL' ? 'AWS_ECS_EXTERNAL' : 'AWS_ECS_EC2',
    ...Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value])),
  };
}

/** A task with an address of its own publishes nothing, and Docker refuses to. */
function portMappingsOf(
  { portMappings }: ContainerDefinition,
  { taskDefinition }: TaskOrder,
): NonNullable<PayloadContainer['portMappings']> {
  if (taskDefinition.content.networkMode === 'awsvpc') return [];
  return portMappings.map(({ containerPort, hostPort, protocol, containerPortRange }) =>
    containerPortRange
      ? { containerPortRange, protocol: protocol ?? 'tcp' }
      : { ...present({ containerPort, hostPort }), protocol: protocol ?? 'tcp' },
  );
}

/** What binds a container to the task's volumes and to its other containers. */
function relationsOf(container: ContainerDefinition) {
  return {
    mountPoints: filled(container.mountPoints.map((mount) => present(mount))),
    volumesFrom: filled(
      container.volumesFrom.map(({ sourceContainer = '', readOnly = false }) => ({
        sourceContainer,
        readOnly,
      })),
    ),
    links: filled(container.links),
    dependsOn: filled(
      container.dependsOn?.map(({ containerName = '', condition = 'START' }) => ({
        containerName,
        condition,
      })),
    ),
  };
}

function extrasOf(container: ContainerDefinition, enableExecuteCommand: boolean) {
  const { credentialSpecs, restartPolicy, firelensConfiguration, environmentFiles } = container;
  const { type, options } = firelensConfiguration ?? {};
  return {
    credentialSpecs: filled(credentialSpecs),
    environmentFiles: filled(
      environmentFiles?.map(({ value = '' }) => ({ value, type: 's3' as const })),
    ),
    restartPolicy: restartPolicy && {
      enabled: restartPolicy.enabled ?? false,
      ...present({
        ignoredExitCodes: filled(restartPolicy.ignoredExitCodes),
        restartAttemptPeriod: restartPolicy.restartAttemptPeriod,
      }),
    },
    firelensConfiguration: type && { type, ...present({ options }) },
    managedAgents: enableExecuteCommand ? [{ name: 'ExecuteCommandAgent' }] : undefined,
  };
}

function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}
