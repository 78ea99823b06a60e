/**
 * The cluster query language (Developer Guide, "Create expressions to define container instances"):
 * what `memberOf` constraints and the filter of ListContainerInstances are written in.
 */
export type Expression =
  | { readonly kind: 'Or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'And'; readonly operands: readonly Expression[] }
  | { readonly kind: 'Not'; readonly operand: Expression }
  | Predicate;

export type Predicate =
  | {
      readonly kind: 'Presence';
      readonly subject: Subject;
      readonly operator: PresenceOperator;
    }
  | {
      readonly kind: 'Comparison';
      readonly subject: Subject;
      readonly operator: ComparisonOperator;
      readonly value: string;
    }
  | {
      readonly kind: 'Membership';
      readonly subject: Subject;
      readonly operator: MembershipOperator;
      readonly values: readonly string[];
    }
  | {
      readonly kind: 'Match';
      readonly subject: Subject;
      readonly operator: MatchOperator;
      /** A regular expression, as `parsePattern` takes it. */
      readonly pattern: string;
    };

export type Subject =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: FieldSubject };

export type FieldSubject =
  | 'agentConnected'
  | 'agentVersion'
  | 'ec2InstanceId'
  | 'registeredAt'
  | 'runningTasksCount'
  | 'task:group';

export type PresenceOperator = 'exists' | 'not_exists';
export type MembershipOperator = 'in' | 'not_in';
export type MatchOperator = 'matches' | 'not_matches';
export type ComparisonOperator =
  | 'equals'
  | 'not_equals'
  | 'greater_than'
  | 'greater_than_equal'
  | 'less_than'
  | 'less_than_equal';
export type Operator = PresenceOperator | MembershipOperator | MatchOperator | ComparisonOperator;

/** The signs of the operators; each may be written as its name as well. */
export const operatorSigns: Readonly<Record<Operator, string>> = {
  exists: 'exists',
  not_exists: '!exists',
  in: 'in',
  not_in: '!in',
  matches: '=~',
  not_matches: '!~',
  equals: '==',
  not_equals: '!=',
  greater_than_equal: '>=',
  greater_than: '>',
  less_than_equal: '<=',
  less_than: '<',
};

const equality: readonly Operator[] = ['equals', 'not_equals'];
const order: readonly Operator[] = [
  'greater_than',
  'greater_than_equal',
  'less_than',
  'less_than_equal',
];
const texts: readonly Operator[] = [...equality, 'in', 'not_in', 'matches', 'not_matches'];
const presence: readonly Operator[] = ['exists', 'not_exists'];

/** Which operators a subject takes. That `task:group` takes `exists` is [inferred]. */
export const operatorsOf: Readonly<Record<Subject['kind'], readonly Operator[]>> = {
  attribute: [...texts, ...order, ...presence],
  agentConnected: texts,
  agentVersion: [...equality, ...order],
  ec2InstanceId: texts,
  registeredAt: [...equality, ...order],
  runningTasksCount: [...equality, ...order],
  'task:group': [...texts, ...presence],
};

/** Whether what tasks do on an instance can change its answer, beside the instance itself. */
export function dependsOnTasks(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Or':
    case 'And':
      return expression.operands.some(dependsOnTasks);
    case 'Not':
      return dependsOnTasks(expression.operand);
    case 'Presence':
    case 'Comparison':
    case 'Membership':
    case 'Match':
      return ['task:group', 'runningTasksCount'].includes(expression.subject.kind);
  }
}
