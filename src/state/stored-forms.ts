import type { StoredRecord } from '../store/store.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';
import { upgradesByKind, type Upgrade } from './upgrades.ts';

interface Kind {
  readonly table: Table<object>;
  /** `upgrades[0]` leads from form 1 to form 2, and so on; the newest form is one more than there are. */
  readonly upgrades: readonly Upgrade[];
}

/** A store that this release cannot read: newer than it, or damaged. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
}

/** Turns records into what the store keeps, and back. */
export class StoredForms {
  readonly #kinds: ReadonlyMap<string, Kind>;

  constructor(tables: Tables) {
    this.#kinds = new Map(
      Object.values(tables).map((table: Table<object>) => [
        table.kind,
        { table, upgrades: upgradesByKind.get(table.kind) ?? [] },
      ]),
    );
  }

  /** @returns undefined where the record has been deleted */
  encode(kind: string, key: string): StoredRecord | undefined {
    const { table, upgrades } = this.#kind(kind, key);
    const row = table.find(key);
    return row && { kind, key, form: upgrades.length + 1, body: table.jsonOf(row) };
  }

  /** The number of the form in which records of a kind are stored now. */
  newestForm(kind: string): number {
    return this.#kind(kind, '').upgrades.length + 1;
  }

  /** @throws UnreadableRecordError that names the record */
  restore({ kind, key, form, body }: StoredRecord): void {
    const { table } = this.#kind(kind, key);
    const record = this.upgraded({ kind, key, form }, parse(kind, key, body));
    if (!isRowOf(table, key, record)) throw damaged(kind, key);
    table.restore(record);
  }

  /**
   * What was stored in an older form, in the newest one.
   * @throws UnreadableRecordError that names the record
   */
  upgraded({ kind, key, form }: Omit<StoredRecord, 'body'>, stored: unknown): unknown {
    const { upgrades } = this.#kind(kind, key);
    if (form > upgrades.length + 1) {
      throw new UnreadableRecordError(
        `The ${kind} ${key} is stored in form ${form}, but this release of Longshore knows forms up to ` +
          `${upgrades.length + 1}. Start the newer release that wrote it.`,
      );
    }
    return upgrades.slice(form - 1).reduce((record, upgrade) => upgrade(record), stored);
  }

  #kind(kind: string, key: string): Kind {
    const known = this.#kinds.get(kind);
    if (known) return known;
    throw new UnreadableRecordError(
      `The store holds ${key} of the kind "${kind}", which this release of Longshore does not know. ` +
        'Start the newer release that wrote it.',
    );
  }
}

function parse(kind: string, key: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw damaged(kind, key, cause);
  }
}

/** Text that is whole but of another record is damage, too. */
function isRowOf(table: Table<object>, key: string, record: unknown): record is object {
  if (typeof record !== 'object' || record === null) return false;
  try {
    return table.keyOf(record) === key;
  } catch {
    return false; // It lacks what its key is made of.
  }
}

function damaged(kind: string, key: string, cause?: unknown): UnreadableRecordError {
  return new UnreadableRecordError(
    `The stored ${kind} ${key} is damaged and cannot be read. Restore the data folder from a backup.`,
    { cause },
  );
}
