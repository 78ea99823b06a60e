import type { TaskDefinitionPlacementConstraint } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { parseExpression } from '../query-language/parse-expression.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const maximumConstraints = 10;
/** Characters of an expression of the cluster query language. */
export const longestExpression = 2000;

export function checkPlacementConstraints({ placementConstraints }: TaskDefinitionContent): void {
  if (placementConstraints.length > maximumConstraints) {
    throw clientError(`Maximum number of constraints is ${maximumConstraints}.`);
  }
  for (const constraint of placementConstraints) checkConstraint(constraint);
}

function checkConstraint(constraint: TaskDefinitionPlacementConstraint): void {
  const { type = '', expression = '' } = constraint;
  if (type !== 'memberOf') throw clientError(`constraint.type '${type}' is not supported.`);
  checkExpression(expression);
}

/** [inferred wording] */
function checkExpression(expression: string): void {
  if (expression.trim() === '') throw clientError('constraint.expression can not be blank.');
  if (expression.length > longestExpression) {
    throw clientError(`constraint.expression longer than ${longestExpression}.`);
  }
  parseExpression(expression, clientError);
}
