import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

function aQueue(options: Partial<WorkQueueOptions>): WorkQueue {
  return new WorkQueue({
    parallelLimit: 1,
    work: () => {},
    onError: (_, error) => {
      throw error;
    },
    ...options,
  });
}

/** Work that goes on until the test ends it. */
function heldWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const listeners: (() => void)[] = [];
  return {
    started,
    work: (key: string) =>
      new Promise<void>((resolve) => {
        started.push(key);
        ends.set(key, resolve);
        listeners.shift()?.();
      }),
    end: (key: string) => ends.get(key)?.(),
    nextStart: () => new Promise<void>((resolve) => void listeners.push(resolve)),
  };
}

test('keys are worked on in the order of adding, those that wait already keep their place', async () => {
  const done: string[] = [];
  const queue = aQueue({ work: (key) => void done.push(key) });
  for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
  expect(queue.length).toBe(3);
  expect(done).toEqual([]);
  await queue.onIdle();
  expect(done).toEqual(['a', 'b', 'c']);
});

test('a key that is added while it is worked on is worked on once more, behind the others', async () => {
  const held = heldWork();
  const queue = aQueue({ parallelLimit: 2, work: held.work });
  queue.add('a');
  await held.nextStart();
  for (const key of ['a', 'a', 'b', 'c']) queue.add(key);
  await held.nextStart();
  expect(held.started).toEqual(['a', 'b']);
  held.end('a');
  await held.nextStart();
  held.end('c');
  await held.nextStart();
  expect(held.started).toEqual(['a', 'b', 'c', 'a']);
  held.end('a');
  held.end('b');
  await queue.onIdle();
  expect(held.started).toHaveLength(4);
});

test('an error goes to its owner, and the other keys go on', async () => {
  const errors: [string, unknown][] = [];
  const done: string[] = [];
  const queue = aQueue({
    work: (key) => {
      if (key === 'bad') throw new Error('no');
      done.push(key);
    },
    onError: (key, error) => errors.push([key, error]),
  });
  for (const key of ['a', 'bad', 'b']) queue.add(key);
  await queue.onIdle();
  expect(errors).toEqual([['bad', new Error('no')]]);
  expect(done).toEqual(['a', 'b']);
});

test('closing drops what waits and lets what runs end', async () => {
  const held = heldWork();
  const queue = aQueue({ work: held.work });
  queue.add('running');
  queue.add('waiting');
  await held.nextStart();
  queue.add('running');
  const closed = queue.close();
  queue.add('late');
  held.end('running');
  await closed;
  expect(held.started).toEqual(['running']);
  expect(queue.length).toBe(0);
});

test('a queue without work is idle', async () => {
  await expect(aQueue({}).onIdle()).resolves.toBeUndefined();
});

test('a long queue leaves the event loop its turns', async () => {
  let done = 0;
  const queue = aQueue({ parallelLimit: 4, work: () => void (done += 1) });
  for (let key = 0; key < 10_000; key += 1) queue.add(`${key}`);
  const seen: number[] = [];
  const look = () => {
    seen.push(done);
    if (done < 10_000) setImmediate(look);
  };
  setImmediate(look);
  await queue.onIdle();
  expect(done).toBe(10_000);
  expect(seen.length).toBeGreaterThan(100);
});

test('no key runs twice at once, none is lost, and the limit holds', async () => {
  const additions = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(additions, fc.integer({ min: 1, max: 4 }), async (keys, parallelLimit) => {
      const running = new Set<string>();
      const missed = new Set<string>();
      const queue = aQueue({
        parallelLimit,
        work: async (key) => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          missed.delete(key);
          expect(running.size).toBeLessThanOrEqual(parallelLimit);
          for (let turn = 0; turn < key.charCodeAt(0) % 3; turn += 1) await Promise.resolve();
          running.delete(key);
        },
      });
      for (const [index, key] of keys.entries()) {
        queue.add(key);
        missed.add(key);
        if (index % 4 === 3) await new Promise((resolve) => setImmediate(resolve));
      }
      await queue.onIdle();
      expect([...missed]).toEqual([]);
      expect(running.size).toBe(0);
    }),
  );
});
