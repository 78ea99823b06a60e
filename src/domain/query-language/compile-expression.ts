import type { ContainerInstanceFacts } from './container-instance-facts.ts';
import type { ComparisonOperator, Expression, Predicate, Subject } from './expression.ts';
import { compareVersions, parseDate, parseInteger, parseVersion } from './literals.ts';
import { compilePattern } from './pattern/match-pattern.ts';
import { parsePattern } from './pattern/parse-pattern.ts';

export type InstanceTest = (instance: ContainerInstanceFacts) => boolean;

/** Compiles an expression that `parseExpression` gave into a test of container instances. */
export function compileExpression(expression: Expression): InstanceTest {
  switch (expression.kind) {
    case 'Or': {
      const tests = expression.operands.map(compileExpression);
      return (instance) => tests.some((test) => test(instance));
    }
    case 'And': {
      const tests = expression.operands.map(compileExpression);
      return (instance) => tests.every((test) => test(instance));
    }
    case 'Not': {
      const test = compileExpression(expression.operand);
      return (instance) => !test(instance);
    }
    case 'Presence':
    case 'Comparison':
    case 'Membership':
    case 'Match':
      return compilePredicate(expression);
  }
}

/**
 * A predicate holds if it holds for some value of its subject. A subject that is missing has none,
 * so that every operator but `!exists` is false for it, `!=` too; a task's group is one value for
 * each group, so that `task:group != a` asks for a task of another group.
 */
function compilePredicate(predicate: Predicate): InstanceTest {
  const valuesOf = reader(predicate.subject);
  if (predicate.kind === 'Presence') {
    const wanted = predicate.operator === 'exists';
    return (instance) => valuesOf(instance).length > 0 === wanted;
  }
  const test = compileTest(predicate);
  return (instance) => valuesOf(instance).some(test);
}

/** The values of a subject, as texts. */
function reader(subject: Subject): (instance: ContainerInstanceFacts) => readonly string[] {
  switch (subject.kind) {
    case 'attribute':
      return ({ attributes }) => present(attributes.get(subject.name));
    case 'agentConnected':
      return ({ agentConnected }) => [String(agentConnected)];
    case 'agentVersion':
      return ({ agentVersion }) => present(agentVersion);
    case 'ec2InstanceId':
      return ({ ec2InstanceId }) => present(ec2InstanceId);
    case 'registeredAt':
      return ({ registeredAt }) => [String(registeredAt)];
    case 'runningTasksCount':
      return ({ runningTasksCount }) => [String(runningTasksCount)];
    case 'task:group':
      return ({ taskGroups }) => [...taskGroups];
  }
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function compileTest(
  predicate: Exclude<Predicate, { kind: 'Presence' }>,
): (value: string) => boolean {
  switch (predicate.kind) {
    case 'Comparison':
      return compileComparison(predicate);
    case 'Membership': {
      const values = new Set(predicate.values);
      const wanted = predicate.operator === 'in';
      return (value) => values.has(value) === wanted;
    }
    case 'Match': {
      const pattern = parsePattern(predicate.pattern);
      if (!pattern) throw new Error(`not a pattern: ${predicate.pattern}`);
      const matches = compilePattern(pattern);
      const wanted = predicate.operator === 'matches';
      return (value) => matches(value) === wanted;
    }
  }
}

/** The sign of the difference of two values; undefined where they have no order. */
type Comparator = (value: string, comparand: string) => number | undefined;

function compileComparison({
  subject,
  operator,
  value: comparand,
}: Extract<Predicate, { kind: 'Comparison' }>): (value: string) => boolean {
  const compare = comparators[subject.kind];
  const accepts = acceptedDifferences[operator];
  if (compare === compareTexts && (operator === 'equals' || operator === 'not_equals')) {
    return (value) => (value === comparand) === (operator === 'equals');
  }
  return (value) => {
    const difference = compare(value, comparand);
    return difference !== undefined && accepts(difference);
  };
}

const acceptedDifferences: Readonly<Record<ComparisonOperator, (difference: number) => boolean>> = {
  equals: (difference) => difference === 0,
  not_equals: (difference) => difference !== 0,
  greater_than: (difference) => difference > 0,
  greater_than_equal: (difference) => difference >= 0,
  less_than: (difference) => difference < 0,
  less_than_equal: (difference) => difference <= 0,
};

const comparators: Readonly<Record<Subject['kind'], Comparator>> = {
  attribute: compareTexts,
  agentConnected: compareTexts,
  agentVersion: (value, comparand) => {
    const [version, other] = [parseVersion(value), parseVersion(comparand)];
    return version && other && compareVersions(version, other);
  },
  ec2InstanceId: compareTexts,
  // ECS shows dates to the second, so that is how they are compared.
  registeredAt: (value, comparand) =>
    Math.floor(Number(value) / 1000) - (parseDate(comparand) ?? NaN) / 1000,
  runningTasksCount: (value, comparand) => Number(value) - (parseInteger(comparand) ?? NaN),
  'task:group': compareTexts,
};

/**
 * Orders an attribute's values: numbers and versions as such, all else as texts. [inferred; that
 * 9 comes before 10 is what one who writes `attribute:rack > 9` means]
 */
function compareTexts(value: string, comparand: string): number {
  const [version, other] = [parseVersion(value), parseVersion(comparand)];
  if (version && other) return compareVersions(version, other);
  if (value === comparand) return 0;
  return value < comparand ? -1 : 1;
}
