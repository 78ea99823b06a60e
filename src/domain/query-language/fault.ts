import type { EcsError } from '../errors.ts';
import type { Operator, Subject } from './expression.ts';

/** What is wrong with an expression, and where: `position` counts characters from 1. */
export interface Fault {
  readonly position: number;
  readonly problem: string;
}

export class FaultyExpression extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.problem);
    this.fault = fault;
  }
}

/**
 * How ECS refuses an expression that it cannot read: RegisterTaskDefinition with ClientException,
 * the others with InvalidParameterException. [inferred wording, as are all problems below]
 */
export function invalidExpression(
  text: string,
  { position, problem }: Fault,
  refusal: (message: string) => EcsError,
): EcsError {
  return refusal(`Invalid expression: '${text}'. ${problem} at position ${position}.`);
}

export const problems = {
  subject: 'Expected a subject',
  attributeName: 'Expected the name of an attribute',
  operator: 'Expected an operator',
  value: 'Expected a value',
  list: 'Expected a list in brackets',
  listEnd: "Expected ',' or ']'",
  quote: 'Expected a closing quote',
  parenthesis: "Expected ')'",
  end: "Expected 'and', 'or' or the end",
  version: 'Expected a version such as 1.86.0',
  date: 'Expected a date such as 2018-06-18T22:28:28Z',
  number: 'Expected a number',
  nesting: 'Nested too deeply',
  pattern: 'Expected a regular expression that can be matched',
  patternSize: 'The regular expressions are too large',
} as const;

export function operatorNotAllowed(operator: Operator, subject: Subject): string {
  return `Operator ${operator} does not apply to ${subject.kind}`;
}
