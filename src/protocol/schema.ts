/**
 * What one of the SDK's runtime schemas means. References to other schemas stay unresolved, because
 * shapes may contain themselves.
 */
export type Shape =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list'; readonly element: SchemaRef }
  | { readonly kind: 'map'; readonly value: SchemaRef }
  | {
      readonly kind: 'structure' | 'union';
      readonly members: readonly (readonly [name: string, schema: SchemaRef])[];
    };

export type ScalarKind = 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'document';

/** A schema as an AWS SDK for JavaScript v3 client exports it, such as `CreateClusterRequest$`. */
export type SchemaRef = unknown;

// The encoding is that of @smithy/types, "static-schemas": a number is a scalar, with one bit more
// for a list or a map of it; an array is [kind, namespace, name, traits, ...]; a pair is [schema,
// traits]; a function yields a schema that was not yet defined where it is named.
const listBit = 64;
const mapBit = 128;
const scalars: ReadonlyMap<number, ScalarKind> = new Map([
  [0, 'string'],
  [1, 'number'],
  [2, 'boolean'],
  [4, 'timestamp'],
  [7, 'timestamp'],
  [15, 'document'],
  [21, 'blob'],
]);
const kindIds = { simple: 0, list: 1, map: 2, structure: 3, union: 4, error: -3, operation: 9 };
const noMembers: Shape = { kind: 'structure', members: [] };

/** The input and output schemas of an operation such as `CreateCluster$`. */
export function schemasOf(operation: SchemaRef): { input: SchemaRef; output: SchemaRef } {
  const [kind, , , , input, output] = asArray(resolve(operation));
  if (kind !== kindIds.operation) throw unsupported(operation);
  return { input, output };
}

/** Reads a schema, down to the next references. */
export function shapeOf(ref: SchemaRef): Shape {
  const schema = resolve(ref);
  if (schema === 'unit') return noMembers;
  if (typeof schema === 'number') return bitShape(schema);

  const parts = asArray(schema);
  switch (parts[0]) {
    case kindIds.simple:
      return shapeOf(parts[4]);
    case kindIds.list:
      return { kind: 'list', element: parts[4] };
    case kindIds.map:
      return { kind: 'map', value: parts[5] };
    case kindIds.structure:
    case kindIds.error:
      return { kind: 'structure', members: membersOf(parts) };
    case kindIds.union:
      return { kind: 'union', members: membersOf(parts) };
    default:
      throw unsupported(schema);
  }
}

function bitShape(bits: number): Shape {
  if ((bits & mapBit) !== 0) return { kind: 'map', value: bits & ~mapBit };
  if ((bits & listBit) !== 0) return { kind: 'list', element: bits & ~listBit };
  const kind = scalars.get(bits);
  if (kind === undefined) throw unsupported(bits);
  return { kind };
}

/** Follows functions and drops traits, none of which changes AWS JSON. */
function resolve(ref: SchemaRef): unknown {
  let schema = ref;
  for (;;) {
    if (typeof schema === 'function') schema = schema();
    else if (Array.isArray(schema) && schema.length === 2) schema = schema[0];
    else return schema;
  }
}

function membersOf(parts: readonly unknown[]): [string, SchemaRef][] {
  const schemas = asArray(parts[5]);
  return asArray(parts[4]).map((name, index) => [String(name), schemas[index]]);
}

function asArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unsupported(value);
  return value;
}

function unsupported(schema: unknown): Error {
  return new TypeError(`The SDK exports a schema of an unknown kind: ${JSON.stringify(schema)}`);
}
