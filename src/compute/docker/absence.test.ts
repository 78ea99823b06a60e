import { expect, test } from 'vitest';
import type { LogFields } from '../../support/logger.ts';
import { Absence } from './absence.ts';
import { EngineUnreachable } from './engine.ts';

const refused = new EngineUnreachable(new Error('ECONNREFUSED'));
const minute = 60_000;

function recorded() {
  const lines: (LogFields & { message: string })[] = [];
  const warn = (fields: LogFields, message: string) => lines.push({ message, ...fields });
  const log = { info: () => undefined, warn, error: () => undefined };
  return { lines, absence: new Absence('unix:///engine', log) };
}

test('an Engine that is away for ten minutes is told of at once, and then once a minute', () => {
  const { absence, lines } = recorded();
  for (let now = 0; now <= 10 * minute; now += 5000) absence.noticed(refused, now);
  const [first, second, ...others] = lines;
  expect(first).toEqual({
    message: 'The Docker Engine is away.',
    engine: 'unix:///engine',
    reason: 'ECONNREFUSED',
  });
  expect(second).toEqual({
    message: 'The Docker Engine is still away.',
    engine: 'unix:///engine',
    forSeconds: 60,
    reason: 'ECONNREFUSED',
  });
  expect(others).toHaveLength(9);
});

test('what is not the doing of the Engine is told of with its stack', () => {
  const { absence, lines } = recorded();
  const error = new TypeError('x is undefined');
  absence.noticed(error, 0);
  expect(lines).toMatchObject([{ error }]);
});

test('an Engine that goes away again is told of again', () => {
  const { absence, lines } = recorded();
  absence.noticed(refused, 0);
  absence.ended();
  absence.noticed(refused, 1000);
  expect(lines.map(({ message }) => message)).toEqual([
    'The Docker Engine is away.',
    'The Docker Engine is away.',
  ]);
});
