import { operatorSigns, type Expression, type Predicate, type Subject } from './expression.ts';

/** Writes an expression in its canonical form, which reads back as the same expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'Or':
      return expression.operands.map((operand) => printOperand(operand, ['Or'])).join(' or ');
    case 'And':
      return expression.operands.map((o) => printOperand(o, ['Or', 'And'])).join(' and ');
    case 'Not':
      return `not ${printOperand(expression.operand, ['Or', 'And'])}`;
    case 'Presence':
    case 'Comparison':
    case 'Membership':
    case 'Match':
      return printPredicate(expression);
  }
}

/** In parentheses where it binds no tighter than what it is part of. */
function printOperand(operand: Expression, looser: readonly Expression['kind'][]): string {
  const text = printExpression(operand);
  return looser.includes(operand.kind) ? `(${text})` : text;
}

function printPredicate(predicate: Predicate): string {
  const start = `${printSubject(predicate.subject)} ${operatorSigns[predicate.operator]}`;
  switch (predicate.kind) {
    case 'Presence':
      return start;
    case 'Comparison':
      return `${start} ${printValue(predicate.value)}`;
    case 'Membership':
      return `${start} [${predicate.values.map(printValue).join(', ')}]`;
    case 'Match':
      return `${start} ${printValue(predicate.pattern)}`;
  }
}

function printSubject(subject: Subject): string {
  return subject.kind === 'attribute' ? `attribute:${subject.name}` : subject.kind;
}

/** The language has no escapes: a value that was read has a form in which it can be written. */
function printValue(value: string): string {
  if (/^(?!['"])[^\s,()[\]]+$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
