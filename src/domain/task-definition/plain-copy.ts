import { clientError } from '../errors.ts';
import { hasMembers, type Members } from '../members.ts';
import type { Present } from '../present.ts';

const greatestInt = 2_147_483_647;

/**
 * Turns a shape of the API into plain data that JSON keeps as it is: absent members are left out at
 * every depth, and any name is only a key. Numbers become integers, as every number of a task
 * definition is one. Parts that are so already are not copied.
 */
export function plainCopy<Shape extends object>(shape: Shape): Present<Shape> {
  // The compiler cannot follow that copying member by member keeps the shape.
  return plain(shape) as Present<Shape>;
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return integerOf(value);
  if (Array.isArray(value)) return plainList(value);
  return hasMembers(value) ? plainMembers(value) : value;
}

function plainList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const element = list[at];
    const made = plain(element);
    if (made !== element) copy ??= list.slice(0, at);
    copy?.push(made);
  }
  return copy ?? list;
}

/** Members are a shape's own: what it inherits from, if anything, is what all objects inherit from. */
function plainMembers(shape: Members): Members {
  let copy = Object.getPrototypeOf(shape) === Object.prototype ? undefined : {};
  for (const name in shape) {
    const member = shape[name];
    const made = plain(member);
    if (made !== member || member === undefined) copy ??= membersBefore(name, shape);
    if (copy && made !== undefined) setMember(copy, name, made);
  }
  return copy ?? shape;
}

function membersBefore(end: string, shape: Members): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name in shape) {
    if (name === end) break;
    setMember(copy, name, shape[name]);
  }
  return copy;
}

function setMember(copy: Record<string, unknown>, name: string, value: unknown): void {
  // This one name cannot be assigned to: that would set the prototype.
  if (name === '__proto__') Object.defineProperty(copy, name, memberOf(value));
  else copy[name] = value;
}

function memberOf(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

/** ECS's JSON reader cuts fractions off, and refuses what a Java int cannot hold. [inferred] */
function integerOf(value: number): number {
  if (!(Math.abs(value) <= greatestInt)) {
    throw clientError(`Numeric value (${value}) out of range of int`);
  }
  return Math.trunc(value) + 0; // Adding zero turns -0, which JSON cannot hold, into 0.
}
