import type { PlacementConstraint, PlacementStrategy, RunTaskRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { parseExpression } from '../query-language/parse-expression.ts';
import { longestExpression } from '../task-definition/placement-constraints.ts';
import type { LaunchType } from './task.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';

type PlacementRequest = Pick<RunTaskRequest, 'placementConstraints' | 'placementStrategy'>;

/**
 * @param definition absent where the request names none
 * @throws EcsError InvalidParameterException
 */
export function checkPlacement(
  { placementConstraints = [], placementStrategy = [] }: PlacementRequest,
  launchType: LaunchType,
  definition?: Pick<TaskDefinition, 'content'>,
): void {
  if (launchType === 'FARGATE') refuseOnFargate(placementConstraints, placementStrategy);
  if (placementStrategy.length > 5) throw invalidParameter('Maximum number of strategies is 5.');
  // Those of the definition count. [inferred text]
  const registered = definition?.content.placementConstraints ?? [];
  if (placementConstraints.length + registered.length > 10) {
    throw invalidParameter('Maximum number of constraints is 10.');
  }
  for (const strategy of placementStrategy) checkStrategy(strategy);
  for (const constraint of placementConstraints) checkConstraint(constraint);
}

function checkConstraint({ type, expression }: PlacementConstraint): void {
  switch (type) {
    case 'distinctInstance':
      if (expression === undefined) return;
      throw invalidParameter('distinctInstance expression should not be specified.');
    case 'memberOf':
      checkExpression(expression ?? '');
      return;
    default:
      throw invalidParameter(
        'placement constraint type should be one of [distinctInstance,memberOf]',
      );
  }
}

/** [inferred wording] */
function checkExpression(expression: string): void {
  if (expression.trim() === '') throw invalidParameter('memberOf expression must be specified.');
  if (expression.length > longestExpression) {
    throw invalidParameter(`memberOf expression longer than ${longestExpression}.`);
  }
  parseExpression(expression, invalidParameter);
}

function refuseOnFargate(constraints: readonly unknown[], strategies: readonly unknown[]): void {
  if (constraints.length > 0) {
    throw invalidParameter('Placement constraints are not supported with FARGATE launch type.');
  }
  if (strategies.length > 0) {
    throw invalidParameter('Placement strategies are not supported with FARGATE launch type.');
  }
}

function checkStrategy({ type, field }: PlacementStrategy): void {
  switch (type) {
    case 'random':
      if (field) throw invalidParameter('random field should not be specified.');
      return;
    case 'binpack':
      if (field && /^(cpu|memory)$/i.test(field)) return;
      throw invalidField('binpack', field);
    case 'spread':
      if (field && /^(instanceId|host|attribute:.+)$/i.test(field)) return;
      throw invalidField('spread', field);
    default:
      throw invalidParameter('placement strategy type should be one of [binpack,random,spread]');
  }
}

function invalidField(type: string, field: string | undefined): Error {
  return invalidParameter(
    field ? `${type} field '${field}' is invalid.` : `${type} field must be specified.`,
  );
}
