import { shapeOf, type SchemaRef } from './schema.ts';

/** Says whether JSON's own encoder writes a value exactly as its schema wants it. */
export type IsAsIs = (value: unknown) => boolean;

/** Compiles a schema, at the first call and member by member, as the encoder does. */
export function compileIsAsIs(schema: SchemaRef): IsAsIs {
  let isAsIs: IsAsIs | undefined;
  return (value) => {
    isAsIs ??= isAsIsOf(schema);
    return isAsIs(value);
  };
}

function isAsIsOf(schema: SchemaRef): IsAsIs {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'timestamp':
    case 'blob':
    case 'document':
      return () => false;
    case 'list':
      return listCheck(compileIsAsIs(shape.element));
    case 'map':
      return mapCheck(compileIsAsIs(shape.value));
    case 'structure':
    case 'union':
      return structureCheck(shape.members);
  }
}

function listCheck(isAsIs: IsAsIs): IsAsIs {
  return (value) => Array.isArray(value) && value.every(isAsIs);
}

function mapCheck(isAsIs: IsAsIs): IsAsIs {
  return (value) => {
    if (!isPlain(value)) return false;
    for (const key in value) if (!isAsIs(value[key])) return false;
    return true;
  };
}

function structureCheck(members: readonly (readonly [string, SchemaRef])[]): IsAsIs {
  const checks = new Map(members.map(([name, schema]) => [name, compileIsAsIs(schema)]));
  return (value) => {
    if (!isPlain(value)) return false;
    for (const name in value) if (!checks.get(name)?.(value[name])) return false;
    return true;
  };
}

/** Not a fragment, nor anything else that has a form of its own. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
