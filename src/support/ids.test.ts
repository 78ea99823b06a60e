import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeIdGenerator, newId, newUuid } from './ids.ts';

test('an id is 32 lower-case hexadecimal digits that begin with the time', () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  const time = Number.parseInt(id.slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
});

test('ids ascend, also within a millisecond, past a full one and when the clock is set back', () => {
  let now = 1_700_000_000_000;
  const generate = makeIdGenerator({ now: () => now, randomBytes });
  const ids = Array.from({ length: 200_000 }, generate);
  now += 60_000;
  ids.push(generate());
  now -= 3_600_000;
  ids.push(generate(), generate());
  const firstOutOfOrder = ids.findIndex((id, index) => index > 0 && id <= (ids[index - 1] ?? ''));
  expect(firstOutOfOrder).toBe(-1);
});

test('two processes that begin in the same millisecond make different ids', () => {
  const sources = { now: () => 1_700_000_000_000, randomBytes };
  const one = Array.from({ length: 1_000 }, makeIdGenerator(sources));
  const other = Array.from({ length: 1_000 }, makeIdGenerator(sources));
  expect(new Set([...one, ...other]).size).toBe(2_000);
});

test('a UUID looks like one and is new each time', () => {
  expect(newUuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(newUuid()).not.toBe(newUuid());
});
