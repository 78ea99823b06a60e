import { closeSync, constants, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { isBusy } from './failure.ts';

/**
 * Makes the folder, for its owner alone, and makes sure that it outlives a power failure. (Node's own
 * way of making folders within folders never ends in a file system such as /proc, where there is
 * nothing to make.)
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
  syncFolder(parent);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function databaseFile(folder: string): string {
  return join(folder, 'longshore.db');
}

/** Makes an empty file for its owner alone; SQLite gives its companions the same permissions. */
export function makeFile(file: string): void {
  try {
    // Never opened where it is there: closing it again would drop the locks that SQLite has on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/**
 * Locks the folder for as long as the returned connection stays open. The lock is the operating
 * system's, on a file of its own so that others may still read the data. It ends with the process.
 * @throws StoreError in-use
 */
export function lockFolder(folder: string): DatabaseSync {
  const lockFile = join(folder, 'longshore.lock');
  makeFile(lockFile);
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StoreError(
      'in-use',
      'The data folder is in use by another process' +
        ` (it was last leased to ${lastHolder(databaseFile(folder))}).`,
    );
  }
}

function lastHolder(file: string): string {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const row = database.prepare(`SELECT value FROM meta WHERE name = 'holder'`).get();
    return String(row?.['value']);
  } catch {
    return 'somebody unknown'; // The other process is only just making the file.
  } finally {
    database?.close();
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
