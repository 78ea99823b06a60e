/** Groups that look around, and references back: not regular, and in no pattern of AWS. */
const irregular = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/** `(?i)` at the beginning, as Go and Java write flags of a whole expression. */
const leadingFlags = /^\(\?([ims]+)\)([^]*)$/;

/**
 * Compiles a pattern that a user wrote; undefined where it is none. The `u` flag stays off: the
 * engine that V8 falls back to when matching takes too long does not have it.
 */
export function logRegExp(pattern: string): RegExp | undefined {
  if (irregular.test(pattern)) return undefined;
  const [, flags = '', rest = pattern] = leadingFlags.exec(pattern) ?? [];
  try {
    return new RegExp(rest, flags);
  } catch {
    return undefined;
  }
}
