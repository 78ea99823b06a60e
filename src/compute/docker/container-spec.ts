import { lastPathElement } from '../../domain/arn.ts';
import { effectiveContainers } from '../../domain/task/effective-containers.ts';
import { fargateRuntimeId } from '../../domain/task/runtime-id.ts';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerOrdering, RestartPolicy } from './plan-containers.ts';

/** A container of a task as it is to run. */
export interface ContainerSpec {
  readonly name: string;
  readonly runtimeId: string;
  readonly definition: ContainerDefinition;
  readonly ordering: ContainerOrdering;
  readonly hasHealthCheck: boolean;
}

/** Developer Guide, "Task definition parameters": stopTimeout, restartAttemptPeriod. */
const defaultStopTimeoutSeconds = 30;
const defaultRestartAttemptPeriodSeconds = 300;

export function taskIdOf(order: TaskOrder): string {
  return lastPathElement(order.task.arn);
}

export function containerSpecs(order: TaskOrder): readonly ContainerSpec[] {
  const { task, taskDefinition } = order;
  return effectiveContainers(taskDefinition.content, task.overrides).map((definition) => ({
    name: definition.name,
    runtimeId: fargateRuntimeId(taskIdOf(order), definition.name),
    definition,
    ordering: orderingOf(definition),
    hasHealthCheck: hasHealthCheck(definition),
  }));
}

/** A first word of NONE switches the check off. */
export function hasHealthCheck({ healthCheck }: ContainerDefinition): boolean {
  return healthCheck?.command?.[0] !== undefined && healthCheck.command[0] !== 'NONE';
}

function orderingOf(definition: ContainerDefinition): ContainerOrdering {
  const restartPolicy = restartPolicyOf(definition);
  return {
    name: definition.name,
    essential: definition.essential,
    dependsOn: (definition.dependsOn ?? []).map((dependency) => ({
      containerName: dependency.containerName ?? '',
      condition: dependency.condition ?? 'START',
    })),
    volumesFrom: (definition.volumesFrom ?? []).map((from) => from.sourceContainer ?? ''),
    stopTimeoutSeconds: definition.stopTimeout ?? defaultStopTimeoutSeconds,
    ...(definition.startTimeout === undefined
      ? {}
      : { startTimeoutSeconds: definition.startTimeout }),
    ...(restartPolicy ? { restartPolicy } : {}),
  };
}

function restartPolicyOf({ restartPolicy }: ContainerDefinition): RestartPolicy | undefined {
  if (restartPolicy?.enabled !== true) return undefined;
  return {
    ignoredExitCodes: restartPolicy.ignoredExitCodes ?? [],
    attemptPeriodSeconds: restartPolicy.restartAttemptPeriod ?? defaultRestartAttemptPeriodSeconds,
  };
}
