/** Groups that look around, and references back: not regular, and in no pattern of AWS. */
const irregular = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/**
 * Compiles a pattern that a user wrote; undefined where it is none. The `u` flag stays off: the
 * engine that V8 falls back to when matching takes too long does not have it.
 */
export function logRegExp(pattern: string): RegExp | undefined {
  if (irregular.test(pattern)) return undefined;
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}
