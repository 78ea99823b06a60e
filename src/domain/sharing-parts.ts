import { hasMembers, type Members } from './members.ts';

/**
 * What `after` says, made of parts of `before` wherever the two are equal, so that records which differ in little take
 * little memory. Both are plain data as JSON has it.
 */
export function sharingParts<Data extends object>(before: Data, after: Data): Data {
  // The compiler cannot follow that equal parts stand in for each other.
  return shared(before, after) as Data;
}

function shared(before: unknown, after: unknown): unknown {
  if (isEqual(before, after)) return before;
  if (!hasMembers(before) || !hasMembers(after)) return after;
  if (Array.isArray(before)) return Array.isArray(after) ? sharedList(before, after) : after;
  return Array.isArray(after) ? after : sharedMembers(before, after);
}

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.map((element, index) => shared(before[index], element));
}

function sharedMembers(before: Members, after: Members): Members {
  const members: Record<string, unknown> = {};
  for (const name in after) {
    // It cannot be assigned to.
    if (name === '__proto__') return after;
    members[name] = shared(before[name], after[name]);
  }
  return members;
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!hasMembers(one) || !hasMembers(other)) return false;
  if (Array.isArray(one)) return Array.isArray(other) && areEqualLists(one, other);
  return !Array.isArray(other) && areEqualMembers(one, other);
}

function areEqualLists(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((element, at) => isEqual(element, other[at]));
}

function areEqualMembers(one: Members, other: Members): boolean {
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !isEqual(one[name], other[name])) return false;
  }
  for (const name in other) if (!Object.hasOwn(one, name)) return false;
  return true;
}
