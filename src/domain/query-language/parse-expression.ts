import type { EcsError } from '../errors.ts';
import {
  operatorSigns,
  operatorsOf,
  type Expression,
  type Operator,
  type Predicate,
  type Subject,
} from './expression.ts';
import { FaultyExpression, invalidExpression, operatorNotAllowed, problems } from './fault.ts';
import { parseDate, parseInteger, parseVersion } from './literals.ts';
import { parsePattern } from './pattern/parse-pattern.ts';
import { patternSize } from './pattern/pattern.ts';
import { Reader } from './reader.ts';

/** How many `not`s and parentheses may be open at a place. */
const deepestNesting = 100;
/** States of all patterns of an expression together; they bound the time of a match. */
const largestPatterns = 1000;

/**
 * Reads an expression.
 * @throws EcsError what `refusal` makes of the message, for an expression that ECS refuses
 */
export function parseExpression(text: string, refusal: (message: string) => EcsError): Expression {
  const known = remembered.get(text);
  if (known) return known;
  try {
    const expression = new Parser(text).parse();
    remember(text, expression);
    return expression;
  } catch (error) {
    if (error instanceof FaultyExpression) throw invalidExpression(text, error.fault, refusal);
    throw error;
  }
}

const mostRemembered = 256;
/** Expressions by their texts: clients send the same ones again and again. The oldest give way to new ones. */
const remembered = new Map<string, Expression>();

function remember(text: string, expression: Expression): void {
  remembered.set(text, expression);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break;
    remembered.delete(oldest);
  }
}

const fieldSubjects = [
  'agentConnected',
  'agentVersion',
  'ec2InstanceId',
  'registeredAt',
  'runningTasksCount',
  'task:group',
] as const;
const fieldForm = new RegExp(`(?:${fieldSubjects.join('|')})(?![\\w.:/\\\\-])`, 'y');

// Every operator is one of an attribute's; the order is such that none comes after its own beginning.
const operatorForms = operatorsOf.attribute
  .toSorted((a, b) => b.length - a.length)
  .flatMap((operator) => [
    { operator, form: word(operator) },
    { operator, form: signForm(operatorSigns[operator]) },
  ]);

function signForm(sign: string): RegExp {
  return /\w/.test(sign) ? word(sign) : new RegExp(sign, 'y');
}

function word(text: string): RegExp {
  return new RegExp(`${text}(?!\\w)`, 'y');
}

/** A recursive-descent parser, a method for each rule of the grammar. */
class Parser {
  readonly #reader: Reader;
  #nesting = 0;
  #patternStates = 0;

  constructor(text: string) {
    this.#reader = new Reader(text);
  }

  parse(): Expression {
    const expression = this.#or();
    if (!this.#reader.atEnd) throw this.#reader.refuse(problems.end);
    return expression;
  }

  #or(): Expression {
    const operands = this.#chain(/\|\||or(?!\w)/y, () => this.#and());
    const [only] = operands;
    return operands.length === 1 && only ? only : { kind: 'Or', operands };
  }

  #and(): Expression {
    const operands = this.#chain(/&&|and(?!\w)/y, () => this.#not());
    const [only] = operands;
    return operands.length === 1 && only ? only : { kind: 'And', operands };
  }

  #chain(connective: RegExp, operand: () => Expression): readonly Expression[] {
    const operands = [operand()];
    while (this.#reader.take(connective) !== undefined) operands.push(operand());
    return operands;
  }

  /** Leaves no space behind it unread, nor do the rules below. */
  #not(): Expression {
    this.#reader.skipSpace();
    if (this.#reader.take(/!|not(?!\w)/y) !== undefined) {
      return { kind: 'Not', operand: this.#nested(() => this.#not()) };
    }
    if (this.#reader.take(/\(/y) === undefined) return this.#predicate();
    const inner = this.#nested(() => this.#or());
    if (this.#reader.take(/\)/y) === undefined) throw this.#reader.refuse(problems.parenthesis);
    this.#reader.skipSpace();
    return inner;
  }

  #nested(rule: () => Expression): Expression {
    this.#nesting += 1;
    if (this.#nesting > deepestNesting) throw this.#reader.refuse(problems.nesting);
    const expression = rule();
    this.#nesting -= 1;
    return expression;
  }

  #predicate(): Predicate {
    const subject = this.#subject();
    this.#reader.skipSpace();
    const operator = this.#operator(subject);
    this.#reader.skipSpace();
    switch (operator) {
      case 'exists':
      case 'not_exists':
        return { kind: 'Presence', subject, operator };
      case 'in':
      case 'not_in':
        return { kind: 'Membership', subject, operator, values: this.#list() };
      case 'matches':
      case 'not_matches':
        return { kind: 'Match', subject, operator, pattern: this.#pattern() };
      default:
        return { kind: 'Comparison', subject, operator, value: this.#comparand(subject) };
    }
  }

  #subject(): Subject {
    if (this.#reader.take(/attribute:/y) !== undefined) {
      const name = this.#reader.take(/[\w.\\/-]+/y);
      if (name === undefined) throw this.#reader.refuse(problems.attributeName);
      return { kind: 'attribute', name };
    }
    const given = this.#reader.take(fieldForm);
    const kind = fieldSubjects.find((field) => field === given);
    if (kind === undefined) throw this.#reader.refuse(problems.subject);
    return { kind };
  }

  #operator(subject: Subject): Operator {
    const start = this.#reader.offset;
    const found = operatorForms.find(({ form }) => this.#reader.take(form) !== undefined);
    if (!found) throw this.#reader.refuse(problems.operator);
    if (operatorsOf[subject.kind].includes(found.operator)) return found.operator;
    throw this.#reader.refuse(operatorNotAllowed(found.operator, subject), start);
  }

  #list(): readonly string[] {
    if (this.#reader.take(/\[/y) === undefined) throw this.#reader.refuse(problems.list);
    const values: string[] = [];
    do {
      this.#reader.skipSpace();
      values.push(this.#value());
    } while (this.#reader.take(/,/y) !== undefined);
    if (this.#reader.take(/\]/y) === undefined) throw this.#reader.refuse(problems.listEnd);
    this.#reader.skipSpace();
    return values;
  }

  #pattern(): string {
    const start = this.#reader.offset;
    const source = this.#value();
    const pattern = parsePattern(source);
    if (!pattern) throw this.#reader.refuse(problems.pattern, start);
    this.#patternStates += patternSize(pattern);
    if (this.#patternStates > largestPatterns) {
      throw this.#reader.refuse(problems.patternSize, start);
    }
    return source;
  }

  /** A value whose form the subject lays down is checked here, where its place is known. */
  #comparand(subject: Subject): string {
    const start = this.#reader.offset;
    const value = this.#value();
    const problem = comparandProblem(subject, value);
    if (problem !== undefined) throw this.#reader.refuse(problem, start);
    return value;
  }

  #value(): string {
    const quote = this.#reader.take(/['"]/y);
    const value = quote === undefined ? this.#bareword() : this.#quoted(quote);
    this.#reader.skipSpace();
    return value;
  }

  #quoted(quote: string): string {
    const value = this.#reader.take(quote === "'" ? /[^']*/y : /[^"]*/y) ?? '';
    if (this.#reader.take(/['"]/y) === undefined) throw this.#reader.refuse(problems.quote);
    return value;
  }

  #bareword(): string {
    const value = this.#reader.take(/[^\s,()[\]]+/y);
    if (value === undefined) throw this.#reader.refuse(problems.value);
    return value;
  }
}

function comparandProblem({ kind }: Subject, value: string): string | undefined {
  switch (kind) {
    case 'agentVersion':
      return parseVersion(value) ? undefined : problems.version;
    case 'registeredAt':
      return parseDate(value) === undefined ? problems.date : undefined;
    case 'runningTasksCount':
      return parseInteger(value) === undefined ? problems.number : undefined;
    case 'attribute':
    case 'agentConnected':
    case 'ec2InstanceId':
    case 'task:group':
      return undefined;
  }
}
