/** What has members by name: an object, or a list, of which nothing more is known. */
export type Members = Readonly<Record<string, unknown>>;

export function hasMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
