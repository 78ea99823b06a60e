import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { parseStrategy } from '../placement/placement-strategy.ts';
import type { PlacementSpec } from '../placement/placement-spec.ts';
import { platformOf } from '../placement/platform.ts';
import { requirementsOf } from '../placement/task-requirements.ts';
import {
  serviceConnectAttribute,
  type ServiceConnect,
} from '../service-connect/service-connect.ts';
import { logAttributes } from '../task-definition/requires-attributes.ts';
import type { TaskDefinition, TaskDefinitionContent } from '../task-definition/task-definition.ts';
import type { RunTaskSpec } from './run-task-request.ts';

/** What a request, or a service, says of where tasks go. */
export interface PlacementWishes {
  readonly placementConstraints?: readonly PlacementConstraint[] | undefined;
  readonly placementStrategy?: readonly PlacementStrategy[] | undefined;
}

/**
 * What decides where the tasks of a RunTask may go. Longshore keeps no VPC, so that a subnet ties a task to no zone.
 */
export function runTaskPlacement(
  spec: RunTaskSpec,
  definition: TaskDefinition,
  { placementConstraints = [], placementStrategy = [] }: PlacementWishes,
): PlacementSpec {
  const constraints = [...definition.content.placementConstraints, ...placementConstraints];
  return {
    ...startTaskPlacement(spec, definition),
    memberOf: expressionsOf(constraints),
    distinctInstance: constraints.some(({ type }) => type === 'distinctInstance'),
    strategy: parseStrategy(placementStrategy),
  };
}

/** StartTask names the instance: constraints are not looked at, what the task needs is. */
export function startTaskPlacement(spec: RunTaskSpec, definition: TaskDefinition): PlacementSpec {
  const { group, overrides, launch } = spec;
  const { content } = definition;
  return {
    group,
    requirements: requirementsOf(content, overrides),
    requiredAttributes: requiredAttributesOf(spec, definition),
    platform: platformOf(content.runtimePlatform),
    memberOf: [],
    distinctInstance: false,
    isExternal: launch.launchType === 'EXTERNAL',
    strategy: [],
  };
}

/** What an instance must have for the definition, and for what is asked for beside it. */
function requiredAttributesOf(
  { enableExecuteCommand, serviceConnect }: RunTaskSpec,
  { content, requiresAttributes }: TaskDefinition,
): readonly string[] {
  return [
    ...requiresAttributes,
    ...(enableExecuteCommand ? ['ecs.capability.execute-command'] : []),
    ...(serviceConnect ? proxyAttributes(serviceConnect, content) : []),
  ];
}

/** What an instance must have to run the proxy. */
function proxyAttributes(
  { configuration }: ServiceConnect,
  { executionRoleArn }: TaskDefinitionContent,
): readonly string[] {
  return [
    serviceConnectAttribute,
    ...logAttributes(configuration.logConfiguration, executionRoleArn),
  ];
}

function expressionsOf(constraints: readonly Pick<PlacementConstraint, 'expression'>[]): string[] {
  return constraints.flatMap(({ expression }) => (expression ? [expression] : []));
}
