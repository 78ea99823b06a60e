import { expect, test } from 'vitest';
import type { TaskReport } from '../../domain/task/report.ts';
import { ReportQueue } from './report-queue.ts';

const at = (moment: number): TaskReport => ({ kind: 'Connected', at: moment });

function aQueue() {
  const delivered: TaskReport[] = [];
  return { queue: new ReportQueue((reports) => delivered.push(...reports)), delivered };
}

test('a report is passed on at once where none is waited for', () => {
  const { queue, delivered } = aQueue();
  queue.add([at(1)]);
  expect(delivered).toEqual([at(1)]);
});

test('reports keep their order, also behind one that is yet to be completed', async () => {
  const { queue, delivered } = aQueue();
  const slow = Promise.withResolvers<readonly TaskReport[]>();
  queue.addLater(slow.promise);
  queue.addLater(Promise.resolve([at(2)]));
  queue.add([at(3)]);
  expect(delivered).toEqual([]);
  slow.resolve([at(1)]);
  await expect.poll(() => delivered).toEqual([at(1), at(2), at(3)]);
  queue.add([at(4)]);
  expect(delivered.at(-1)).toEqual(at(4));
});

test('one that cannot be completed is left out, and holds up no other', async () => {
  const { queue, delivered } = aQueue();
  queue.addLater(Promise.reject(new Error('The Engine is away.')));
  queue.add([at(2)]);
  await expect.poll(() => delivered).toEqual([at(2)]);
});
