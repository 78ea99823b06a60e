import type {
  DaemonContainerDefinition,
  DaemonTaskDefinition as WireDaemonTaskDefinition,
  DaemonTaskDefinitionSummary,
} from '@aws-sdk/client-ecs';
import {
  statusOf,
  type DaemonTaskDefinition,
} from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import { present } from '../../domain/present.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';

/** The API's shape of a daemon task definition (API reference, "DaemonTaskDefinition"). */
export function daemonTaskDefinitionView(
  definition: DaemonTaskDefinition,
): WireDaemonTaskDefinition {
  const { arn, content, settings, family, revision } = definition;
  const { cpu, memory, taskRoleArn, executionRoleArn } = content;
  const { volumes, pidMode, ipcMode } = settings;
  return {
    daemonTaskDefinitionArn: arn,
    family,
    revision,
    containerDefinitions: content.containerDefinitions.map(containerView),
    volumes: [...volumes],
    ...momentsOf(definition),
    ...present({ cpu, memory, taskRoleArn, executionRoleArn, pidMode, ipcMode }),
  };
}

export function daemonTaskDefinitionSummary(
  definition: DaemonTaskDefinition,
): DaemonTaskDefinitionSummary {
  return { arn: definition.arn, ...momentsOf(definition) };
}

function momentsOf(definition: DaemonTaskDefinition) {
  const { registeredAt, registeredBy, deleteRequestedAt } = definition;
  return {
    status: statusOf(definition),
    registeredAt: new Date(registeredAt),
    registeredBy,
    ...(deleteRequestedAt !== undefined && { deleteRequestedAt: new Date(deleteRequestedAt) }),
  };
}

/** Containers of daemons have neither ports nor volumes of others. */
function containerView(container: ContainerDefinition): DaemonContainerDefinition {
  const shown: Partial<ContainerDefinition> = { ...container };
  delete shown.portMappings;
  delete shown.volumesFrom;
  return { ...shown, image: container.image, secrets: container.secrets ?? [] };
}
