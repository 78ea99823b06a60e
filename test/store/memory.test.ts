import { expect, test } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { StoreError } from '../../src/store/store.ts';
import { aBatch, aRecord, contents } from './builders.ts';

test('a commit takes as long as what is put before it', async () => {
  const disk = new MemoryDisk();
  const gate = Promise.withResolvers<void>();
  const store = await disk.open({ beforeCommit: () => gate.promise });
  const { epoch } = await store.lease('the test');
  const commit = store.commit(aBatch({ puts: [aRecord()] }), epoch);
  expect(await contents(store)).toEqual([]);
  gate.resolve();
  await commit;
  expect(await contents(store)).toEqual([aRecord()]);
});

test('a commit fails where what is put before it fails, and the old state stays', async () => {
  const disk = new MemoryDisk();
  const beforeCommit = () => {
    throw new StoreError('full', 'The disk is full.');
  };
  const store = await disk.open({ beforeCommit });
  const { epoch } = await store.lease('the test');
  const batch = aBatch({ puts: [aRecord()] });
  await expect(store.commit(batch, epoch)).rejects.toMatchObject({ code: 'full' });
  await expect(store.commit(batch, epoch)).rejects.toMatchObject({ code: 'failed' });
  expect(await contents(store)).toEqual([]);
});

test('a store that is cut off loses the commit in flight and nothing else', async () => {
  const disk = new MemoryDisk();
  const gate = Promise.withResolvers<void>();
  const beforeCommit = () => (gateIsShut ? gate.promise : undefined);
  let gateIsShut = false;
  const store = await disk.open({ beforeCommit });
  const { epoch } = await store.lease('the test');
  await store.commit(aBatch({ puts: [aRecord({ key: 'kept' })] }), epoch);
  gateIsShut = true;
  const commit = store.commit(aBatch({ puts: [aRecord({ key: 'lost' })] }), epoch);
  disk.cutOff();

  const next = await disk.open();
  expect((await next.lease('the next')).epoch).toBeGreaterThan(epoch);
  gate.resolve();
  await expect(commit).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.lease('the test')).rejects.toMatchObject({ code: 'closed' });
  expect(await contents(next)).toEqual([aRecord({ key: 'kept' })]);
});
