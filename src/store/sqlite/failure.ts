import { StoreError, type StoreErrorCode } from '../store.ts';
import type { Failure } from './messages.ts';

// SQLite's result codes (sqlite.org/rescode.html); the low byte of an extended one.
const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

interface SqliteError extends Error {
  readonly errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

function resultCode(error: SqliteError): number {
  return error.errcode & 0xff;
}

export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && resultCode(error) === busy;
}

export function isCorrupt(error: unknown): boolean {
  return isSqliteError(error) && codeOf(error) === 'corrupt';
}

/** Names what went wrong with the file or the disk. Nothing for an error that is our own bug. */
function failureOf(error: unknown): Failure | undefined {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  if (isSqliteError(error)) {
    const message = `SQLite: ${error.message} (result code ${error.errcode})`;
    return { code: codeOf(error), message };
  }
  if (error instanceof Error && 'syscall' in error) {
    const code = 'code' in error && error.code === 'ENOSPC' ? 'full' : 'unavailable';
    return { code, message: error.message };
  }
  return undefined;
}

function codeOf(error: SqliteError): StoreErrorCode {
  switch (resultCode(error)) {
    case corrupt:
    case notADatabase:
      return 'corrupt';
    case full:
      return 'full';
    default:
      return 'unavailable';
  }
}

/** The same with its place: in which folder and, for damage, as exactly as SQLite can still tell. */
export function failureIn(
  folder: string,
  database: { check(): readonly string[] } | undefined,
  error: unknown,
): Failure | undefined {
  const failure = failureOf(error);
  if (!failure) return undefined;
  const damage = failure.code === 'corrupt' && database ? database.check() : [];
  return { ...failure, message: [`${folder}: ${failure.message}`, ...damage].join('; ') };
}
