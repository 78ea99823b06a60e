import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyExpression } from '../../../test/fixtures/any-expression.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { operatorsOf, operatorSigns, type Expression, type Subject } from './expression.ts';
import { parseExpression } from './parse-expression.ts';
import { printExpression } from './print-expression.ts';

function parse(text: string): Expression {
  return parseExpression(text, invalidParameter);
}

/** The canonical form of an expression: the shortest way to say how it was read. */
function readAs(text: string): string {
  return printExpression(parse(text));
}

test.each([
  'attribute:ecs.instance-type == t2.small',
  'attribute:ecs.availability-zone in [us-east-1a, us-east-1b]',
  'attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d',
  'task:group == service:production',
  'not task:group == database',
  'attribute:stack exists',
  'agentVersion < 1.14.0 and agentConnected == true',
  'registeredAt < 2018-06-18T22:28:28+00:00',
  'runningTasksCount == 1',
  'ec2InstanceId in [i-abcd1234, i-wxyx7890]',
  'not (attribute:ecs.availability-zone == us-east-1a or runningTasksCount > 3)',
])('an example of the Developer Guide is read as it is written: %s', (text) => {
  expect(readAs(text)).toBe(text);
});

test.each([
  ['attribute:a==b', 'attribute:a == b'],
  ['attribute:a equals b', 'attribute:a == b'],
  ['attribute:a not_equals b', 'attribute:a != b'],
  ['agentVersion greater_than 1.0', 'agentVersion > 1.0'],
  ['agentVersion greater_than_equal 1.0', 'agentVersion >= 1.0'],
  ['agentVersion less_than 1.0', 'agentVersion < 1.0'],
  ['agentVersion less_than_equal 1.0', 'agentVersion <= 1.0'],
  ['attribute:a matches b.*', 'attribute:a =~ b.*'],
  ['attribute:a not_matches b.*', 'attribute:a !~ b.*'],
  ['attribute:a not_in [b]', 'attribute:a !in [b]'],
  ['attribute:a not_exists', 'attribute:a !exists'],
  ['attribute:a!exists', 'attribute:a !exists'],
  ['ec2InstanceId in[ "i-1" ,\t\'i-2\' ]', 'ec2InstanceId in [i-1, i-2]'],
  ["attribute:a == 'b'", 'attribute:a == b'],
  ["attribute:a == ''", "attribute:a == ''"],
  ["attribute:a == 'b c, d]'", "attribute:a == 'b c, d]'"],
  ['attribute:a == "it\'s"', "attribute:a == it's"],
  ['attribute:a == "it\'s so"', 'attribute:a == "it\'s so"'],
  ['attribute:a == \'say "b"\'', 'attribute:a == \'say "b"\''],
  ['attribute:or == and', 'attribute:or == and'],
  ['attribute:a == b||c', 'attribute:a == b||c'],
  ['\n attribute:a\n==\nb\n', 'attribute:a == b'],
  ['attribute:a/b\\c_d-e exists', 'attribute:a/b\\c_d-e exists'],
])('%s is %s', (text, canonical) => {
  expect(readAs(text)).toBe(canonical);
});

test.each([
  [
    'attribute:a exists or attribute:b exists and attribute:c exists',
    'attribute:a exists or (attribute:b exists and attribute:c exists)',
  ],
  [
    'not attribute:a exists and attribute:b exists',
    '(not attribute:a exists) and attribute:b exists',
  ],
  ['!!attribute:a exists', 'not (not (attribute:a exists))'],
  [
    'attribute:a exists && attribute:b exists || !attribute:c exists',
    '(attribute:a exists and attribute:b exists) or (not attribute:c exists)',
  ],
  [
    '(attribute:a exists)and(attribute:b exists)and attribute:c exists',
    'attribute:a exists and attribute:b exists and attribute:c exists',
  ],
])('not binds before and, and before or: %s', (text, explicit) => {
  expect(parse(text)).toEqual(parse(explicit));
});

test.each([
  ['', 'Expected a subject', 1],
  ['   ', 'Expected a subject', 4],
  ['cpu > 4', 'Expected a subject', 1],
  ['agentConnectedness == true', 'Expected a subject', 1],
  ['attribute: == b', 'Expected the name of an attribute', 11],
  ['attribute:a', 'Expected an operator', 12],
  ['attribute:a = b', 'Expected an operator', 13],
  ['attribute:a equalsb', 'Expected an operator', 13],
  ['attribute:a ==', 'Expected a value', 15],
  ['attribute:a == (b)', 'Expected a value', 16],
  ["attribute:a == 'b", 'Expected a closing quote', 18],
  ['attribute:a == b c', "Expected 'and', 'or' or the end", 18],
  ['attribute:a == b)', "Expected 'and', 'or' or the end", 17],
  ['attribute:a == b and', 'Expected a subject', 21],
  ['attribute:a == b xor attribute:c == d', "Expected 'and', 'or' or the end", 18],
  ['(attribute:a exists', "Expected ')'", 20],
  ['()', 'Expected a subject', 2],
  ['attribute:a in b', 'Expected a list in brackets', 16],
  ['attribute:a in []', 'Expected a value', 17],
  ['attribute:a in [b, c', "Expected ',' or ']'", 21],
  ['attribute:a in [b c]', "Expected ',' or ']'", 19],
  ['agentVersion > latest', 'Expected a version such as 1.86.0', 16],
  ['registeredAt < yesterday', 'Expected a date such as 2018-06-18T22:28:28Z', 16],
  ['runningTasksCount > many', 'Expected a number', 21],
  ['agentVersion in [1.0]', 'Operator in does not apply to agentVersion', 14],
  ['ec2InstanceId exists', 'Operator exists does not apply to ec2InstanceId', 15],
  ['agentConnected > false', 'Operator greater_than does not apply to agentConnected', 16],
  ['attribute:a =~ *', 'Expected a regular expression that can be matched', 16],
  ["attribute:a =~ '(?=b)'", 'Expected a regular expression that can be matched', 16],
  ["attribute:a =~ 'b{2000}'", 'The regular expressions are too large', 16],
])('ECS refuses %j: %s at position %i', (text, problem, position) => {
  const message = `Invalid expression: '${text}'. ${problem} at position ${position}.`;
  expect(refusalOf(() => parse(text))).toBe(`InvalidParameterException: ${message}`);
});

test('a task definition with an expression that is none is refused with ClientException', () => {
  expect(refusalOf(() => parseExpression('a', clientError))).toMatch(/^ClientException: /);
});

const subjects: readonly Subject[] = [
  { kind: 'attribute', name: 'a' },
  { kind: 'agentConnected' },
  { kind: 'agentVersion' },
  { kind: 'ec2InstanceId' },
  { kind: 'registeredAt' },
  { kind: 'runningTasksCount' },
  { kind: 'task:group' },
];

test.each(subjects)(
  '$kind takes the operators that ECS documents, by sign and by name',
  (subject) => {
    const name = subject.kind === 'attribute' ? 'attribute:a' : subject.kind;
    const values = ['', '1', '2018-06-18', '[b]'];
    for (const operator of operatorsOf.attribute) {
      const takes = (spelling: string): boolean =>
        values.some((v) => refusalOf(() => parse(`${name} ${spelling} ${v}`)) === undefined);
      const allowed = operatorsOf[subject.kind].includes(operator);
      expect([operator, takes(operator)]).toEqual([operator, allowed]);
      expect([operator, takes(operatorSigns[operator])]).toEqual([operator, allowed]);
    }
  },
);

test('a hundred parentheses may be open, and no more', () => {
  const nested = (depth: number): string =>
    `${'('.repeat(depth)}attribute:a exists${')'.repeat(depth)}`;
  expect(readAs(nested(100))).toBe('attribute:a exists');
  expect(refusalOf(() => parse(nested(101)))).toContain('Nested too deeply at position 102.');
  expect(refusalOf(() => parse('!'.repeat(2000)))).toContain('Nested too deeply');
});

test('an expression that is written and read again is the same', () => {
  fc.assert(
    fc.property(anyExpression, (expression) => {
      expect(parse(printExpression(expression))).toEqual(expression);
    }),
  );
});

test('no text makes the parser fail other than by a refusal', () => {
  const pieces = ['attribute:a', 'agentVersion', '==', '=~', '!', 'in', '[', ']', '(', ')', "'"];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.oneof(fc.constantFrom(...pieces, ' ', ',', 'and', '*', '\\'), fc.string()), {
        maxLength: 12,
      })
      .map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (given) => {
      const refusal = refusalOf(() => parse(given));
      expect(refusal ?? readAs(readAs(given))).toBe(refusal ?? readAs(given));
    }),
  );
});
