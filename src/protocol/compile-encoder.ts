import { compileIsAsIs, type IsAsIs } from './as-is.ts';
import { Fragment } from './fragment.ts';
import type { SchemaRef } from './schema.ts';
import { shapeOf } from './schema.ts';
import type { Encoder } from './service.ts';

/**
 * Compiles an output schema into a function from a handler's result to JSON. The schema is read at
 * the first call, member by member, so that start-up pays nothing and shapes may contain
 * themselves.
 *
 * Timestamps may be dates or milliseconds since the epoch; they are written as seconds. Members
 * that are undefined, null, or not in the schema are left out. A value of another type than the
 * schema's is a bug of the handler and throws.
 */
export function compileEncoder(schema: SchemaRef): Encoder {
  let encode: Encoder | undefined;
  return (value) => {
    encode ??= encoderOf(schema);
    return encode(value);
  };
}

function encoderOf(schema: SchemaRef): Encoder {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'string':
      return encodeString;
    case 'number':
      return encodeNumber;
    case 'boolean':
      return encodeBoolean;
    case 'timestamp':
      return encodeTimestamp;
    case 'blob':
      return encodeBlob;
    case 'document':
      return (value) => JSON.stringify(value);
    case 'list':
      return listEncoder(compileEncoder(shape.element), compileIsAsIs(shape.element));
    case 'map':
      return mapEncoder(compileEncoder(shape.value));
    case 'structure':
    case 'union':
      return structureEncoder(shape.members);
  }
}

/** What JSON must escape. Unescaped strings are most, and copied as they are. */
// oxlint-disable-next-line no-control-regex -- control characters are what JSON escapes
const escaped = /[\u0000-\u001f"\\\ud800-\udfff]/;

function encodeString(value: unknown): string {
  if (typeof value !== 'string') throw mismatch(value, 'a string');
  return escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function encodeNumber(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw mismatch(value, 'a number');
  return String(value);
}

function encodeBoolean(value: unknown): string {
  if (typeof value !== 'boolean') throw mismatch(value, 'a boolean');
  return value ? 'true' : 'false';
}

function encodeTimestamp(value: unknown): string {
  const instant = value instanceof Date ? value.getTime() : value;
  if (typeof instant !== 'number' || !Number.isFinite(instant)) throw mismatch(value, 'a time');
  return String(Math.round(instant) / 1000);
}

function encodeBlob(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw mismatch(value, 'bytes');
  return `"${Buffer.from(value).toString('base64')}"`;
}

/** Lists are most of what is long in answers, and JSON's own encoder writes one in a third of the time. */
function listEncoder(encodeElement: Encoder, isAsIs: IsAsIs): Encoder {
  return (value) => {
    if (!Array.isArray(value)) throw mismatch(value, 'a list');
    if (value.every(isAsIs)) return JSON.stringify(value);
    let json = '';
    for (const element of value) {
      if (element === undefined || element === null) continue;
      json += (json === '' ? '' : ',') + encodeElement(element);
    }
    return `[${json}]`;
  };
}

function mapEncoder(encodeValue: Encoder): Encoder {
  return (value) => {
    let json = '';
    for (const [key, entry] of Object.entries(asRecord(value))) {
      if (entry === undefined || entry === null) continue;
      json += `${json === '' ? '' : ','}${encodeString(key)}:${encodeValue(entry)}`;
    }
    return `{${json}}`;
  };
}

function structureEncoder(members: readonly (readonly [string, SchemaRef])[]): Encoder {
  const encoders = new Map(
    members.map(([name, schema]) => [
      name,
      { prefix: `${JSON.stringify(name)}:`, encode: compileEncoder(schema) },
    ]),
  );
  const encode: Encoder = (value) => {
    if (value instanceof Fragment) return value.json(encode);
    const record = asRecord(value);
    let json = '';
    for (const name in record) {
      const member = record[name];
      if (member === undefined || member === null) continue;
      const known = encoders.get(name);
      if (known === undefined) continue;
      json += (json === '' ? '' : ',') + known.prefix + known.encode(member);
    }
    return `{${json}}`;
  };
  return encode;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch(value, 'an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Names types, never values: those may be secrets. */
function mismatch(value: unknown, expected: string): Error {
  return new TypeError(`The schema of the answer wants ${expected}, not ${typeof value}`);
}
