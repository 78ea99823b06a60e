import type { Batch, StoredRecord } from '../../src/store/store.ts';

export const recordsPerBatch = 40;

/**
 * A batch that shows by its traces whether it was applied whole: it adds records, replaces one that
 * all batches share, deletes the first record of the batch before, and appends to a log.
 */
export function numberedBatch(number: number, size: number): Batch {
  return {
    puts: [...addedRecords(number, size), newestRecord(number)],
    deletes: [{ kind: 'added', key: addedKey(number - 1, 0) }],
    appends: [{ log: 'batches', subject: 'all', at: number, body: `${number}` }],
  };
}

/** What a store holds after batches 1 to `last`, in the order of their keys. */
export function recordsAfter(last: number, size: number): readonly StoredRecord[] {
  const records = Array.from({ length: last }, (_, index) => {
    const added = addedRecords(index + 1, size);
    return index + 1 === last ? added : added.slice(1);
  });
  return last === 0 ? [] : [...records.flat(), newestRecord(last)];
}

function addedRecords(number: number, size: number): readonly StoredRecord[] {
  return Array.from({ length: size }, (_, index) => ({
    kind: 'added',
    key: addedKey(number, index),
    form: 1,
    body: `${number}.${index} `.repeat(50 + (index % 7) * 20),
  }));
}

function addedKey(number: number, index: number): string {
  return `${number}`.padStart(9, '0') + `${index}`.padStart(9, '0');
}

function newestRecord(number: number): StoredRecord {
  return { kind: 'newest', key: 'newest', form: 1, body: `${number}` };
}
