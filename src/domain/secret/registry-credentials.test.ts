import { expect, test } from 'vitest';
import { parseRegistryCredentials } from './registry-credentials.ts';

const invalid = 'asm fetching authorization data: unable to unmarshal secret value, invalid schema';

test.each([
  ['{"username": "app", "password": "hunter2"}', { username: 'app', password: 'hunter2' }],
  ['{"password": "hunter2"}', 'asm fetching username: AuthorizationData is malformed, empty field'],
  ['{"username": "app"}', 'asm fetching password: AuthorizationData is malformed, empty field'],
  ['{"username": 1, "password": "x"}', invalid],
  ['hunter2', invalid],
  ['"hunter2"', invalid],
  ['null', invalid],
])('The secret %s of a registry is read, or refused without a piece of it', (secret, read) => {
  expect(parseRegistryCredentials(secret)).toEqual(read);
});
