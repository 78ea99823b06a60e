import { randomBytes } from 'node:crypto';
import type { TaskOrder } from '../../src/compute/compute.ts';
import {
  clusterArn,
  containerArn,
  taskArn,
  taskDefinitionArn,
  type Scope,
} from '../../src/domain/arn.ts';
import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../../src/domain/task-definition/task-definition.ts';
import type { Task } from '../../src/domain/task/task.ts';

const scope: Scope = { partition: 'aws', region: 'us-east-1', accountId: '012345678910' };

export type GivenContainer = Partial<ContainerDefinition> & { readonly image: string };

/** An essential container named `main`, but for what is given. */
export function aContainerDefinition(given: GivenContainer): ContainerDefinition {
  return {
    name: 'main',
    cpu: 0,
    essential: true,
    portMappings: [],
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...given,
  };
}

/** The order for a FARGATE task that was accepted a moment ago. */
export function anOrder(
  containers: readonly GivenContainer[],
  given: { task?: Partial<Task>; content?: Partial<TaskDefinitionContent> } = {},
): TaskOrder {
  const id = randomBytes(16).toString('hex');
  const containerDefinitions = containers.map((container) => aContainerDefinition(container));
  const definitionArn = taskDefinitionArn(scope, 'test', 1);
  const task: Task = {
    arn: taskArn(scope, 'default', id),
    clusterArn: clusterArn(scope, 'default'),
    taskDefinitionArn: definitionArn,
    family: 'test',
    launchType: 'FARGATE',
    cpuArchitecture: 'x86_64',
    availabilityZone: 'us-east-1a',
    group: 'family:test',
    enableExecuteCommand: false,
    cpu: '256',
    memory: '512',
    overrides: { containerOverrides: [] },
    containers: containerDefinitions.map(({ name, image, essential, cpu }, index) => ({
      arn: containerArn(scope, 'default', id, String(index)),
      name,
      image,
      essential,
      cpu: String(cpu),
      lastStatus: 'PENDING',
      healthStatus: 'UNKNOWN',
      hasHealthCheck: false,
      networkBindings: [],
    })),
    tags: [],
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    createdAt: Date.now(),
    ...given.task,
  };
  const taskDefinition = {
    arn: definitionArn,
    family: 'test',
    revision: 1,
    status: 'ACTIVE',
    compatibilities: ['FARGATE'],
    requiresAttributes: [],
    registeredAt: 0,
    registeredBy: '',
    tags: [],
    content: {
      containerDefinitions,
      volumes: [],
      placementConstraints: [],
      networkMode: 'awsvpc',
      ...given.content,
    },
  } as const;
  return { task, taskDefinition };
}
