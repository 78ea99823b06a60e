import type { StartTaskRequest } from '@aws-sdk/client-ecs';
import type { ContainerInstanceArn } from '../arn.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { parseContainerInstanceRef } from '../container-instance/container-instance-ref.ts';
import {
  externalCapability,
  type ContainerInstance,
} from '../container-instance/container-instance.ts';
import { invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { RunTaskSpec } from './run-task-request.ts';
import { parseTaskRequest } from './task-request.ts';

const maximumInstancesPerCall = 10;

/**
 * The instances that a StartTask names, each once.
 * @throws EcsError InvalidParameterException
 */
export function parseStartInstances(
  { containerInstances = [] }: StartTaskRequest,
  cluster: Cluster,
): ReadonlySet<ContainerInstanceArn> {
  if (containerInstances.length === 0) {
    throw invalidParameter('Container instances cannot be empty.');
  }
  // [inferred text]
  if (containerInstances.length > maximumInstancesPerCall) {
    throw invalidParameter(
      `Container instances can have at most ${maximumInstancesPerCall} items.`,
    );
  }
  return new Set(containerInstances.map((ref) => parseContainerInstanceRef(cluster.arn, ref)));
}

/**
 * Checks a StartTask request for instances of one kind. Neither a launch type nor placement is part of it.
 * @throws EcsError
 */
export function parseStartTask(
  input: StartTaskRequest,
  launchType: 'EC2' | 'EXTERNAL',
  cluster: Cluster,
  definition: TaskDefinition,
): RunTaskSpec {
  if (!definition.compatibilities.includes(launchType)) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  const launch = {
    launchType,
    providers: [undefined],
    strategy: undefined,
    platformVersion: undefined,
    platformFamily: undefined,
  };
  return { ...parseTaskRequest(input, launch, cluster, definition), launch };
}

export function launchTypeOf(instance: ContainerInstance | undefined): 'EC2' | 'EXTERNAL' {
  return instance?.attributes.some(({ name }) => name === externalCapability) ? 'EXTERNAL' : 'EC2';
}
