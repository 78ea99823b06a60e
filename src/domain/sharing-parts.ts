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
  if (before === after) return before;
  if (!hasMembers(before) || !hasMembers(after)) return after;
  if (Array.isArray(after)) return Array.isArray(before) ? sharedList(before, after) : after;
  return Array.isArray(before) ? after : sharedMembers(before, after);
}

function sharedList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const list = after.map((element, index) => shared(before[index], element));
  const isEqual = before.length === list.length && list.every((part, at) => part === before[at]);
  return isEqual ? before : list;
}

function sharedMembers(before: Members, after: Members): Members {
  const members: Record<string, unknown> = {};
  let equal = 0;
  for (const name in after) {
    // It cannot be assigned to.
    if (name === '__proto__') return after;
    const part = shared(before[name], after[name]);
    if (part === before[name]) equal += 1;
    members[name] = part;
  }
  const count = Object.keys(before).length;
  return equal === count && count === Object.keys(members).length ? before : members;
}
