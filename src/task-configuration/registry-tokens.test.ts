import { expect, test } from 'vitest';
import { RegistryTokens } from './registry-tokens.ts';

const hour = 60 * 60 * 1000;

/** Tokens of twelve hours, at a time that the test sets. */
function aWorld() {
  const world = { now: 1_000_000, asked: 0, isWell: true };
  const tokens = new RegistryTokens(() => world.now);
  const take = (owner = 'web') =>
    tokens.of(owner, async () => {
      if (!world.isWell) throw new Error('ECR is not well.');
      world.asked++;
      const expiresAt = world.now + 12 * hour;
      return { username: 'AWS', password: `${owner} ${world.asked}`, expiresAt };
    });
  return { world, take };
}

test('a token is asked for once, and again shortly before its end', async () => {
  const { world, take } = aWorld();
  const together = await Promise.all([take(), take()]);
  expect(together.map(({ password }) => password)).toEqual(['web 1', 'web 1']);
  world.now += 11.4 * hour;
  expect(await take()).toMatchObject({ password: 'web 1' });
  world.now += 0.1 * hour;
  expect(await take()).toMatchObject({ password: 'web 2' });
});

test('each owner has a token of its own', async () => {
  const { take } = aWorld();
  expect(await take('web')).toMatchObject({ password: 'web 1' });
  expect(await take('db')).toMatchObject({ password: 'db 2' });
});

test('a refusal is not held', async () => {
  const { world, take } = aWorld();
  world.isWell = false;
  await expect(take()).rejects.toThrow('ECR is not well.');
  world.isWell = true;
  expect(await take()).toMatchObject({ password: 'web 1' });
});
