import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharingParts } from './sharing-parts.ts';

const names = fc.constantFrom('a', 'b', 'constructor', '__proto__');
const data = fc.object({
  key: names,
  maxDepth: 3,
  values: [fc.integer(), fc.string(), fc.boolean()],
});
/** As it comes out of JSON. */
const plain = data.map((value): object => JSON.parse(JSON.stringify(value)));

test('what is made of parts of another record says the same, and leaves both as they are', () => {
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      const told = [before, after].map((value) => JSON.stringify(value));
      expect(sharingParts(before, after)).toEqual(after);
      expect([before, after].map((value) => JSON.stringify(value))).toEqual(told);
    }),
  );
});

test('of a record that changes in one place, all other parts are those of the one before', () => {
  const before = {
    containers: [
      { image: 'web:1', environment: [{ name: 'A', value: '1' }] },
      { image: 'router:1', environment: [] },
    ],
    volumes: [{ name: 'data' }],
  };
  const after = structuredClone(before);
  const [web] = after.containers;
  if (web) web.image = 'web:2';
  const made = sharingParts(before, after);
  expect(made).toEqual(after);
  expect(made.containers[0]?.environment).toBe(before.containers[0]?.environment);
  expect(made.containers[1]).toBe(before.containers[1]);
  expect(made.volumes).toBe(before.volumes);
});

test('a record that says the same as the one before is that one', () => {
  const before = { volumes: [{ name: 'data' }], cpu: '256' };
  expect(sharingParts(before, structuredClone(before))).toBe(before);
});
