import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ImageUnavailable, Images } from '../../../src/compute/docker/images.ts';
import {
  pauseArchitecture,
  pauseImage,
  type PauseArchitecture,
} from '../../../src/compute/docker/pause-image.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { DockerWorld, testImage } from './docker-world.ts';
import { TestRegistry } from './test-registry.ts';

const world = new DockerWorld();
const { engine } = world;
const { signal } = new AbortController();
let architecture: PauseArchitecture;
let registry: TestRegistry;
let images: Images;

beforeAll(async () => {
  architecture = pauseArchitecture((await engine.info()).Architecture);
  registry = new TestRegistry(architecture);
  await registry.open();
  images = new Images(engine, systemClock, 1);
});
afterEach(async () => {
  await engine.removeImage(registry.image('v1'));
  registry.failures = 0;
  registry.lookUps = 0;
  registry.account = undefined;
});
afterAll(async () => {
  registry.close();
  await world.close();
});

test('an image that is not there is pulled, and has the digest of its registry', async () => {
  const image = registry.image('v1');
  expect(await images.require({ image, architecture }, signal)).toEqual({
    reference: image,
    id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    digest: registry.digest,
    environment: ['AWS_REGION=of-the-image'],
  });
});

test('tasks that need the same image at the same time share one pull', async () => {
  const need = { image: registry.image('v1') };
  await Promise.all([1, 2, 3].map(() => images.require(need, signal)));
  // The Engine now and then looks a tag up twice in one pull.
  expect(registry.lookUps).toBeLessThan(3);
});

test('a registry that is not well is asked again', async () => {
  registry.failures = 2;
  const { digest } = await images.require({ image: registry.image('v1') }, signal);
  expect(digest).toBe(registry.digest);
});

test('a pull is given up after five more attempts, and the reason says so', async () => {
  registry.failures = Infinity;
  const pulled = images.require({ image: registry.image('v1') }, signal);
  await expect(pulled).rejects.toThrow(
    /^CannotPullContainerError: pull image manifest has been retried 5 time\(s\): /,
  );
});

test.each([
  ['unknown', /retried 0 time\(s\): .*manifest unknown/],
  ['secret', /retried 0 time\(s\): .*denied/],
])('an image %s that its registry refuses is not asked for again', async (tag, words) => {
  const failure = images.require({ image: registry.image(tag) }, signal).catch(String);
  expect(await failure).toMatch(words);
  expect(await failure).toMatch(/CannotPullContainerError: pull image manifest has been /);
});

test('a private registry is told who pulls', async () => {
  const credentials = { username: 'app', password: 'hunter2 ü' };
  registry.account = credentials;
  const { digest } = await images.require({ image: registry.image('v1'), credentials }, signal);
  expect(digest).toBe(registry.digest);
});

test.each([
  ['without credentials', undefined],
  ['with the wrong ones', { username: 'app', password: 'wrong hunter2' }],
])('a private registry refuses a pull %s, and the reason has no password', async (_, given) => {
  registry.account = { username: 'app', password: 'hunter2' };
  const need = { image: registry.image('v1'), ...(given && { credentials: given }) };
  const failure = await images.require(need, signal).catch(String);
  expect(failure).toMatch(/CannotPullContainerError: pull image manifest has been retried \d/);
  expect(failure).not.toContain('hunter2');
});

test('a registry that cannot be reached is asked five times more', async () => {
  // No registry ever listens on the first port.
  const pulled = images.require({ image: '127.0.0.1:1/nothing:v1' }, signal);
  await expect(pulled).rejects.toThrow(
    /^CannotPullContainerError: pull image manifest has been retried 5 time\(s\): .*refused/,
  );
});

test.each([
  'NOT/Valid',
  'two//slashes',
  '/first',
  'last/',
  'up/../containers',
  './here',
  'a:b:c',
  '#',
])('%s, a name that no image can have, is not asked for again', async (image) => {
  const pulled = images.require({ image }, signal);
  await expect(pulled).rejects.toThrow(
    /^CannotPullContainerError: .* has been retried 0 time\(s\): .*invalid reference format/,
  );
});

test('a task that no longer needs the image stops waiting for it', async () => {
  registry.failures = Infinity;
  const stop = new AbortController();
  const patient = new Images(engine, systemClock, 60_000);
  const pulled = patient.require({ image: registry.image('v1') }, stop.signal);
  stop.abort(new Error('The task stops.'));
  await expect(pulled).rejects.toThrow('The task stops.');
  registry.failures = 0;
  expect((await patient.require({ image: registry.image('v1') }, signal)).digest).toBe(
    registry.digest,
  );
});

test('an image that is pinned is found by its digest or its id when its tag has moved on', async () => {
  const image = registry.image('v1');
  const { id } = await images.require({ image, architecture }, signal);
  const repository = image.slice(0, image.lastIndexOf(':'));
  await engine.importImage(repository, 'moved', pauseImage(architecture).tar);
  const moved = `${repository}:moved`;
  expect((await images.require({ image: moved }, signal)).id).not.toBe(id);
  for (const pin of [registry.digest, id]) {
    const found = await images.require({ image: moved, pin }, signal);
    expect(found).toMatchObject({ reference: id, id, digest: registry.digest });
  }
  await engine.removeImage(moved);
});

test('an image that is pinned is pulled by its digest', async () => {
  const image = registry.image('v1');
  const found = await images.require({ image, pin: registry.digest }, signal);
  expect(found.digest).toBe(registry.digest);
  expect(registry.lookUps).toBe(0);
  await engine.removeImage(found.id);
  const pin = `sha256:${'0'.repeat(64)}`;
  await expect(images.require({ image, pin }, signal)).rejects.toThrow(
    /^CannotPullContainerError: /,
  );
});

test('an image for another architecture than the task definition names is refused', async () => {
  const other = architecture === 'amd64' ? 'arm64' : 'amd64';
  const required = images.require({ image: testImage, architecture: other }, signal);
  await expect(required).rejects.toThrow(ImageUnavailable);
});
