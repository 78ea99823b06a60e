import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { describeStore } from './conformance.ts';

describeStore('memory', async () => {
  const disk = new MemoryDisk();
  return { open: () => disk.open(), remove: async () => {} };
});

describeStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-store-'));
  return {
    open: () => openSqliteStore(join(folder, 'data')),
    remove: () => rm(folder, { recursive: true }),
  };
});
