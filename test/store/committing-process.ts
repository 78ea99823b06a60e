import { writeSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { recordsPerBatch, numberedBatch } from './numbered-batch.ts';

// A process to be killed: it commits numbered batches as fast as it can, beginning with the number
// given, and prints the number of each one that is durable.

const [, , folder = '', first = '1'] = argv;
const store = await openSqliteStore(folder);
const { epoch } = await store.lease('the process to be killed');
for (let number = Number(first); ; number += 1) {
  await store.commit(numberedBatch(number, recordsPerBatch), epoch);
  writeSync(stdout.fd, `${number}\n`);
}
