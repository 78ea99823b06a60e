import { expect, test } from 'vitest';
import { parseAwslogsOptions } from './awslogs-options.ts';

const given = { 'awslogs-group': 'web', 'awslogs-region': 'eu-west-1' };

test('the group is made only where that is asked for', () => {
  expect(parseAwslogsOptions(given)).toMatchObject({ group: 'web', createGroup: false });
  const options = { ...given, 'awslogs-create-group': 'true' };
  expect(parseAwslogsOptions(options)).toMatchObject({ createGroup: true });
});

test.each([
  [{ 'awslogs-group': 'web' }, 'awslogs-region is required'],
  [{ ...given, 'awslogs-create-group': 'maybe' }, 'strconv.ParseBool: parsing "maybe"'],
  [{ ...given, mode: 'nonblocking' }, 'logging mode not supported: nonblocking'],
  [{ ...given, 'awslogs-multiline-pattern': '(' }, 'could not parse multiline pattern key "("'],
  [
    { ...given, 'awslogs-multiline-pattern': 'a', 'awslogs-datetime-format': '%Y' },
    'at the same time',
  ],
])('the options %j are refused', (options, reason) => {
  expect(parseAwslogsOptions(options)).toContain(reason);
});

test.each([
  ['%Y-%m-%d %H:%M:%S%L', '2026-05-01 19:00:01.123 x', true],
  ['%Y-%m-%d', '26-05-01', false],
  ['%a %d %b %I:%M %p %z', 'Fri 01 May 07:00 PM +0200', true],
  ['%A, %B %d', 'Friday, May 01', true],
])('the time format %s for %s says %s', (format, line, isStart) => {
  const options = parseAwslogsOptions({ ...given, 'awslogs-datetime-format': format });
  expect(options).toMatchObject({ eventStart: expect.any(RegExp) });
  expect(typeof options === 'string' ? undefined : options.eventStart?.test(line)).toBe(isStart);
});

test('a pattern may ignore the case, as in Go', () => {
  const options = { ...given, 'awslogs-multiline-pattern': '(?i)^error' };
  expect(parseAwslogsOptions(options)).toMatchObject({ eventStart: /^error/i });
});
