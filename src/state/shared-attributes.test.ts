import { expect, test } from 'vitest';
import { SharedAttributes } from './shared-attributes.ts';

test('instances that can do the same share what says so', () => {
  const shared = new SharedAttributes();
  const [one] = shared.of([{ name: 'ecs.os-type', value: 'linux' }]);
  const [same, other, bare] = shared.of([
    { name: 'ecs.os-type', value: 'linux' },
    { name: 'ecs.os-type', value: 'windows' },
    { name: 'ecs.os-type' },
  ]);
  expect(same).toBe(one);
  expect(other).toEqual({ name: 'ecs.os-type', value: 'windows' });
  expect(bare).toEqual({ name: 'ecs.os-type' });
});
