import { expect, test } from 'vitest';
import { nothingMore, type Explanation } from './explanation.ts';
import { explanationText, span } from './explanation-text.ts';

test.for([
  [0, '0 ms'],
  [999, '999 ms'],
  [4_250, '4.2 s'],
  [59_999, '59.9 s'],
  [185_000, '3 min 5 s'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
] as const)('%i milliseconds are %s', ([ms, text]) => {
  expect(span(ms)).toBe(text);
});

const explanation: Explanation = {
  kind: 'task',
  arn: 'arn:aws:ecs:us-east-1:012345678910:task/default/abc',
  status: 'STOPPED',
  summary: 'It could not start.',
  advice: 'Look.',
  ...nothingMore,
};

test('only what there is to say is said', () => {
  expect(explanationText(explanation, 0)).toBe(
    [
      'task abc  STOPPED',
      '  arn:aws:ecs:us-east-1:012345678910:task/default/abc',
      '',
      '  It could not start.',
      '  Look.',
      '',
    ].join('\n'),
  );
});

test('a timeline has a line for each phase, and a bar as long as its share', () => {
  const phases = [
    { name: 'pulling images', from: 0, until: 1_000 },
    { name: 'running', from: 1_000 },
  ];
  expect(explanationText({ ...explanation, phases }, 13_000)).toContain(
    [
      'Timeline',
      '  1970-01-01T00:00:00.000Z  pulling images  1.0 s          ##',
      `  1970-01-01T00:00:01.000Z  running         12.0 s so far  ${'#'.repeat(24)}`,
      '',
    ].join('\n'),
  );
});

test('what a container wrote gives no orders to the terminal', () => {
  const output = [{ container: 'app', lines: ['\u001B[2Jgone\tby'] }];
  const text = explanationText({ ...explanation, output }, 0);
  expect(text).toContain('Last lines of app\n  | \\u001b[2Jgone by\n');
});
