import { LogError, violatedConstraint } from './log-error.ts';

/** A log group's tags by their keys. */
export type LogTags = Readonly<Record<string, string>>;

const maximumTags = 50;
const maximumKeyLength = 128;
const maximumValueLength = 256;
const wellFormed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** @throws LogError InvalidParameterException */
export function parseLogTags(tags: LogTags | undefined): LogTags {
  for (const [key, value] of Object.entries(tags ?? {})) {
    const isGoodKey = key.length >= 1 && key.length <= maximumKeyLength && wellFormed.test(key);
    if (!isGoodKey || key.startsWith('aws:')) {
      const pattern = String.raw`^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`;
      throw violatedConstraint('tags', key, `satisfy regular expression pattern: ${pattern}`);
    }
    if (value.length > maximumValueLength || !wellFormed.test(value)) {
      const pattern = String.raw`^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`;
      throw violatedConstraint('tags', value, `satisfy regular expression pattern: ${pattern}`);
    }
  }
  return tags ?? {};
}

/**
 * What becomes of tags when some are added and others removed.
 * @throws LogError TooManyTagsException
 */
export function changedLogTags(
  tags: LogTags,
  change: { readonly add?: LogTags; readonly remove?: readonly string[] },
): LogTags {
  const removed = new Set(change.remove);
  const kept = Object.entries(tags).filter(([key]) => !removed.has(key));
  const all = { ...Object.fromEntries(kept), ...change.add };
  if (Object.keys(all).length <= maximumTags) return all;
  throw new LogError('TooManyTagsException', 'A resource can have no more than 50 tags.');
}
