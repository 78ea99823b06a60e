import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aCluster } from '../../test/fixtures/a-cluster.ts';
import { MemoryDisk } from '../store/memory/memory-store.ts';
import type { Batch } from '../store/store.ts';
import { State, type RecordKey } from './state.ts';

const blue = aCluster({ name: 'blue' });
const green = aCluster({ name: 'green' });
const key = ({ arn }: { readonly arn: string }): RecordKey => ({ kind: 'cluster', key: arn });

/** A state over a disk whose commits wait until they are let go, or made to fail. */
class World {
  readonly batches: Batch[] = [];
  readonly failures: Error[] = [];
  readonly heard: (readonly RecordKey[])[] = [];
  readonly disk = new MemoryDisk();
  #waiting = Promise.withResolvers<void>();

  async open(): Promise<State> {
    const store = await this.disk.open({
      beforeCommit: (batch) => {
        this.batches.push(batch);
        return this.#waiting.promise;
      },
    });
    const { epoch } = await store.lease('test');
    const state = new State({ store, epoch, onFailure: (error) => this.failures.push(error) });
    state.onCommitted((changed) => this.heard.push(changed));
    await state.load();
    return state;
  }

  /** Lets the commit under way end, well or not; the next one waits again. */
  async end(failure?: Error): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = Promise.withResolvers();
    if (failure) waiting.reject(failure);
    else waiting.resolve();
    await nextTurn();
  }
}

test('what is not changed is settled', async () => {
  const state = await new World().open();
  expect(state.settled()).toBeUndefined();
  state.transact((tx) => tx.clusters.findByArn(blue.arn));
  expect(state.settled()).toBeUndefined();
});

test('a change is seen at once, and settled once it is on the disk', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  expect(state.read.clusters.findByArn(blue.arn)).toBe(blue);
  expect(state.isCommitted('cluster', blue.arn)).toBe(false);
  let settled = false;
  const waiting = state.settled()?.then(() => (settled = true));
  await nextTurn();
  expect([world.batches.length, settled, world.heard]).toEqual([1, false, []]);

  await world.end();
  await waiting;
  expect(world.heard).toEqual([[key(blue)]]);
  expect(state.isCommitted('cluster', blue.arn)).toBe(true);
  expect([state.settled(), state.uncommitted]).toEqual([undefined, 0]);
});

test('transactions of one turn become durable in one batch, each record once and as it is last', async () => {
  const world = new World();
  const state = await world.open();
  const inactive = { ...blue, status: 'INACTIVE' as const };
  state.transact((tx) => tx.clusters.put(blue));
  state.transact((tx) => tx.clusters.put(green));
  state.transact((tx) => tx.clusters.put(inactive));
  state.transact((tx) => tx.clusters.delete(green));
  await nextTurn();
  expect(world.batches).toMatchObject([{ puts: [{ key: blue.arn }], deletes: [key(green)] }]);
  expect(JSON.parse(world.batches[0]?.puts[0]?.body ?? '')).toEqual(inactive);
});

test('while a batch is under way the next one gathers, and is waited for by those who see it', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  await nextTurn();
  const first = state.settled();
  state.transact((tx) => tx.clusters.put(green));
  state.transact((tx) => tx.clusters.put({ ...blue, tags: [{ key: 'a', value: '' }] }));
  const second = state.settled();
  expect(second).not.toBe(first);
  expect(state.uncommitted).toBe(3);
  await nextTurn();
  expect(world.batches).toHaveLength(1);

  await world.end();
  await first;
  expect(state.isCommitted('cluster', blue.arn)).toBe(false);
  await nextTurn();
  expect(world.batches[1]?.puts).toHaveLength(2);
  await world.end();
  await second;
  expect(state.isCommitted('cluster', blue.arn)).toBe(true);
  await state.flush();
});

test('a reader waits for the batch under way, which it may have seen', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  await nextTurn();
  const waiting = state.settled();
  expect(waiting).toBeInstanceOf(Promise);
  await world.end();
  await expect(waiting).resolves.toBeUndefined();
});

test('a transaction that throws leaves no trace, in no index either', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  await nextTurn();
  await world.end();
  const attempt = () =>
    state.transact((tx) => {
      tx.clusters.put({ ...blue, status: 'INACTIVE' });
      tx.clusters.put(green);
      tx.clusters.delete(blue);
      throw new Error('changed its mind');
    });
  expect(attempt).toThrow('changed its mind');
  expect([...state.read.clusters.values()]).toEqual([blue]);
  expect([...state.read.clusters.inactive()]).toEqual([]);
  expect(state.settled()).toBeUndefined();
  await nextTurn();
  expect(world.batches).toHaveLength(1);
});

test('the body of a transaction is synchronous, not nested, and the only place to write', async () => {
  const state = await new World().open();
  expect(() => state.transact(async (tx) => tx.clusters.put(blue))).toThrow(
    'Broken invariant: The body of a transaction is synchronous.',
  );
  expect(() => state.transact(() => state.transact(() => undefined))).toThrow(
    'Broken invariant: Transactions do not nest.',
  );
  let escaped: Parameters<Parameters<typeof state.transact>[0]>[0] | undefined;
  state.transact((tx) => (escaped = tx));
  expect(() => escaped?.clusters.put(green)).toThrow('Records change inside a transaction only.');
  expect([...state.read.clusters.values()]).toEqual([]);
});

test('after a commit that failed nothing more is promised to anyone', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  await nextTurn();
  const inFlight = state.settled();
  state.transact((tx) => tx.clusters.put(green));
  const gathering = state.settled();
  const outcomes = Promise.allSettled([inFlight, gathering]);
  await world.end(new Error('The disk is full.'));

  const failed = 'The store could not make a change durable.';
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(world.failures).toMatchObject([
    { message: failed, cause: { message: 'The disk is full.' } },
  ]);
  await expect(state.settled()).rejects.toThrow(failed);
  expect(() => state.transact(() => undefined)).toThrow(failed);
  expect(world.heard).toEqual([]);
  expect(world.batches).toHaveLength(1);
});

test('the next process finds what was settled, and nothing that was not', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.clusters.put(blue));
  await nextTurn();
  await world.end();
  state.transact((tx) => tx.clusters.put(green));
  await nextTurn();
  world.disk.cutOff();
  await world.end();
  const next = await world.open();
  expect([...next.read.clusters.values()]).toEqual([blue]);
});

test('lines for a log become durable with the records, and are none where the transaction throws', async () => {
  const world = new World();
  const state = await world.open();
  const line = { log: 'event', subject: blue.arn, at: 1, body: 'made' };
  const fails = () =>
    state.transact((tx) => {
      tx.append({ ...line, body: 'never' });
      throw new Error('refused');
    });
  expect(fails).toThrow('refused');
  expect(state.settled()).toBeUndefined();
  state.transact((tx) => {
    tx.clusters.put(blue);
    tx.append(line);
  });
  await nextTurn();
  expect(world.batches).toMatchObject([{ puts: [{ key: blue.arn }], appends: [line] }]);
  await world.end();
  await state.flush();
});
