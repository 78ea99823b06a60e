import { expect, test } from 'vitest';
import { socketOwner } from './socket-owner.ts';

test.each([
  [undefined, 0, 0],
  ['root', 0, 0],
  ['root:5', 0, 5],
  ['1000', 1000, 0],
  ['1000:2000', 1000, 2000],
  ['1000:fluent', 1000, 0],
  ['1000650000:0', 1_000_650_000, 0],
])('the socket of a log router with the user %s has an owner', (user, userId, groupId) => {
  expect(socketOwner(user)).toEqual({ userId, groupId });
});

test('a log router whose user has no number is refused in the words of the agent', () => {
  expect(socketOwner('fluent:fluent')).toBe(
    'unable to set socket directory ownership: unable to determine the user ID: ' +
      'strconv.Atoi: parsing "fluent": invalid syntax',
  );
});
