import { clientError } from '../errors.ts';
import { hasMembers, type Members } from '../members.ts';
import type { Present } from '../present.ts';

const greatestInt = 2_147_483_647;

/**
 * Copies a shape of the API into plain data that JSON keeps as it is: absent members are left out at
 * every depth, and any name is only a key. Numbers become integers, as every number of a task
 * definition is one.
 */
export function plainCopy<Shape extends object>(shape: Shape): Present<Shape> {
  // The compiler cannot follow that copying member by member keeps the shape.
  return copyOf(shape) as Present<Shape>;
}

function copyOf(value: unknown): unknown {
  if (typeof value === 'number') return integerOf(value);
  if (Array.isArray(value)) return value.map(copyOf);
  return hasMembers(value) ? copyOfMembers(value) : value;
}

/** Members are a shape's own: what it inherits from, if anything, is what all objects inherit from. */
function copyOfMembers(shape: Members): unknown {
  const copy: Record<string, unknown> = {};
  for (const name in shape) {
    const member = shape[name];
    if (member === undefined) continue;
    // This one name cannot be assigned to: that would set the prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, memberOf(copyOf(member)));
    else copy[name] = copyOf(member);
  }
  return copy;
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
