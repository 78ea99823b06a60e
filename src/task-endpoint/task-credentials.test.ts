import { expect, test } from 'vitest';
import type { TaskArn } from '../domain/arn.ts';
import { taskArn } from '../domain/arn.ts';
import { TaskCredentials, type RoleCredentials } from './task-credentials.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const arn: TaskArn = taskArn(scope, 'default', 'a');
const role = { credentialsId: 'id', roleArn: 'arn:aws:iam::123456789012:role/app', taskArn: arn };
const hour = 60 * 60 * 1000;

/** A source whose credentials last for six hours and are numbered; it fails while it is told to. */
function openSource() {
  const world = { now: 0, given: 0, fails: false };
  const credentials = new TaskCredentials(
    async (): Promise<RoleCredentials> => {
      if (world.fails) throw new Error('STS is away.');
      world.given += 1;
      const accessKeyId = `key-${world.given}`;
      const expiresAt = world.now + 6 * hour;
      return { accessKeyId, secretAccessKey: 's', sessionToken: 't', expiresAt };
    },
    () => world.now,
  );
  const key = async () => (await credentials.of(role)).accessKeyId;
  return { world, key };
}

test('Credentials are fetched once and replaced an hour before they end', async () => {
  const { world, key } = openSource();
  expect(await Promise.all([key(), key()])).toEqual(['key-1', 'key-1']);
  world.now = 5 * hour - 1;
  expect(await key()).toBe('key-1');
  world.now = 5 * hour;
  expect(await key()).toBe('key-2');
});

test('While there are no new ones, the old ones are given until they end', async () => {
  const { world, key } = openSource();
  await key();
  world.fails = true;
  world.now = 6 * hour - 1;
  expect(await key()).toBe('key-1');
  world.now = 6 * hour;
  await expect(key()).rejects.toThrow('STS is away.');
  world.fails = false;
  expect(await key()).toBe('key-2');
});
