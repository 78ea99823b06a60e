import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

function works() {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      begun.push(name);
      finish.set(name, resolve);
    });
  return { begun, work, finish: (name: string) => finish.get(name)?.() };
}

test('no more works go on than the limit, and the next begins when one ends', async () => {
  const gate = new Gate(2);
  const { begun, work, finish } = works();
  const a = gate.run(work('a'));
  const all = [a, gate.run(work('b')), gate.run(work('c')), gate.run(work('d'))];
  expect(begun).toEqual(['a', 'b']);
  expect(gate.waiting).toBe(2);
  finish('a');
  await a;
  expect(begun).toEqual(['a', 'b', 'c']);
  finish('b');
  finish('c');
  await all[2];
  finish('d');
  await Promise.all(all);
  expect(gate.isIdle).toBe(true);
});

test('work that is given up while it waits is never begun', async () => {
  const gate = new Gate(1);
  const { begun, work, finish } = works();
  const first = gate.run(work('first'));
  const stop = new AbortController();
  const second = gate.run(work('second'), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  finish('first');
  await first;
  expect(begun).toEqual(['first']);
});
