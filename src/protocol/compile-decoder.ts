import { conversionError, unionError } from './conversion-errors.ts';
import type { SchemaRef } from './schema.ts';
import { shapeOf } from './schema.ts';
import type { Decoder } from './service.ts';

/**
 * Compiles an input schema into a function from a parsed JSON value to the SDK's input type. The
 * schema is read at the first call, member by member, so that start-up pays nothing and shapes may
 * contain themselves.
 *
 * It checks types, and only types; nothing is coerced. What it leaves to handlers:
 * - Missing required members stay absent, at any depth: ECS answers each with words of its own.
 * - Schemas do not tell integers from doubles, so any finite number passes for either.
 *
 * What needs no change is passed on as it is, not copied: the value is nobody else's.
 *
 * Unknown members are dropped and a member that is null is absent. A null inside a list or map is
 * refused, because no input type of the SDK has one.
 */
export function compileDecoder(schema: SchemaRef): Decoder {
  let decode: Decoder | undefined;
  return (value) => {
    decode ??= decoderOf(schema);
    return decode(value);
  };
}

function decoderOf(schema: SchemaRef): Decoder {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'string':
      return decodeString;
    case 'number':
      return decodeNumber;
    case 'boolean':
      return decodeBoolean;
    case 'timestamp':
      return decodeTimestamp;
    case 'blob':
      return decodeBlob;
    case 'document':
      return (value) => value;
    case 'list':
      return listDecoder(compileDecoder(shape.element));
    case 'map':
      return mapDecoder(compileDecoder(shape.value));
    case 'structure':
      return structureDecoder(decodersOf(shape.members));
    case 'union':
      return unionDecoder(decodersOf(shape.members));
  }
}

type MemberDecoders = ReadonlyMap<string, Decoder>;

function decodersOf(members: readonly (readonly [string, SchemaRef])[]): MemberDecoders {
  return new Map(members.map(([name, schema]) => [name, compileDecoder(schema)]));
}

/** Refuses lone surrogates, which no UTF-8 can carry: a store would give back another string. */
function decodeString(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) throw conversionError(value, 'string');
  return value;
}

/** JSON has no infinities, but a number like 1e999 becomes one. */
function decodeNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw conversionError(value, 'number');
  return value;
}

function decodeBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw conversionError(value, 'boolean');
  return value;
}

function decodeTimestamp(value: unknown): Date {
  if (typeof value !== 'number') throw conversionError(value, 'timestamp');
  const date = new Date(Math.round(value * 1000));
  if (Number.isNaN(date.getTime())) throw conversionError(value, 'timestamp');
  return date;
}

function decodeBlob(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw conversionError(value, 'blob');
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value) throw conversionError(value, 'blob');
  return bytes;
}

function listDecoder(decodeElement: Decoder): Decoder {
  return (value) => {
    if (!Array.isArray(value)) throw conversionError(value, 'list');
    let decoded: unknown[] | undefined;
    for (let at = 0; at < value.length; at += 1) {
      const element: unknown = value[at];
      const taken = decodeElement(element);
      if (taken !== element) decoded ??= value.slice(0, at);
      decoded?.push(taken);
    }
    return decoded ?? value;
  };
}

/** A copy has no prototype, so that a key such as `__proto__` is a key like any other, as it is in what JSON gives. */
function mapDecoder(decodeValue: Decoder): Decoder {
  return (value) => {
    if (!isJsonObject(value)) throw conversionError(value, 'map');
    let decoded: Record<string, unknown> | undefined;
    for (const key in value) {
      const entry = value[decodeString(key)];
      const taken = decodeValue(entry);
      if (taken !== entry) decoded ??= membersBefore(key, value, Object.create(null));
      if (decoded) decoded[key] = taken;
    }
    return decoded ?? value;
  };
}

function structureDecoder(members: MemberDecoders): Decoder {
  return (value) => {
    if (!isJsonObject(value)) throw conversionError(value, 'structure');
    let decoded: Record<string, unknown> | undefined;
    for (const name in value) {
      const member = value[name];
      const taken = member === null ? undefined : members.get(name)?.(member);
      if (taken !== member) decoded ??= membersBefore(name, value, {});
      if (decoded && taken !== undefined) decoded[name] = taken;
    }
    return decoded ?? value;
  };
}

function membersBefore(
  end: string,
  value: Readonly<Record<string, unknown>>,
  members: Record<string, unknown>,
): Record<string, unknown> {
  for (const name in value) {
    if (name === end) break;
    members[name] = value[name];
  }
  return members;
}

function unionDecoder(members: MemberDecoders): Decoder {
  const decodeMembers = structureDecoder(members);
  return (value) => {
    if (!isJsonObject(value)) throw conversionError(value, 'union');
    const decoded = decodeMembers(value);
    if (Object.keys(decoded as object).length !== 1) throw unionError();
    return decoded;
  };
}

/** Says whether a parsed JSON value is an object. Its members are then all its own. */
function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
