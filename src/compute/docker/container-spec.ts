import { lastPathElement } from '../../domain/arn.ts';
import { allContainers } from '../../domain/service-connect/proxy-container.ts';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import { present } from '../../domain/present.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../compute.ts';
import { dockerName } from './names.ts';
import { behindProxy, orderingOf } from '../container-ordering.ts';
import type { ContainerOrdering } from '../plan-containers.ts';

/** A container of a task as it is to run. */
export interface ContainerSpec {
  readonly name: string;
  /** What it is called on its Engine. */
  readonly dockerName: string;
  /** By which it asks for its metadata. */
  readonly endpointId: string;
  /** ECS's own id of it, on FARGATE; elsewhere that is the Engine's. */
  readonly runtimeId: string | undefined;
  readonly definition: ContainerDefinition;
  readonly ordering: ContainerOrdering;
  readonly hasHealthCheck: boolean;
  /** Which image is meant, whatever its name stands for by now. */
  readonly pinnedDigest?: string;
}

export function taskIdOf(order: TaskOrder): string {
  return lastPathElement(order.task.arn);
}

export function containerSpecs(order: TaskOrder): readonly ContainerSpec[] {
  const { task, taskDefinition } = order;
  const { content } = taskDefinition;
  return allContainers(content, task).map((definition) => ({
    name: definition.name,
    dockerName: dockerName(order, definition.name),
    endpointId: fargateRuntimeId(taskIdOf(order), definition.name),
    runtimeId:
      task.launchType === 'FARGATE'
        ? fargateRuntimeId(taskIdOf(order), definition.name)
        : undefined,
    definition,
    ordering: taskOrderingOf(definition, order),
    hasHealthCheck: hasHealthCheck(definition),
    ...present({
      pinnedDigest: task.containers.find(({ name }) => name === definition.name)?.pinnedDigest,
    }),
  }));
}

function taskOrderingOf(
  definition: ContainerDefinition,
  { task: { serviceConnect }, taskDefinition: { content } }: TaskOrder,
): ContainerOrdering {
  const ordering = orderingOf(definition, content);
  return serviceConnect ? behindProxy(ordering, serviceConnect) : ordering;
}

/** A first word of NONE switches the check off. */
export function hasHealthCheck({ healthCheck }: ContainerDefinition): boolean {
  return healthCheck?.command?.[0] !== undefined && healthCheck.command[0] !== 'NONE';
}
