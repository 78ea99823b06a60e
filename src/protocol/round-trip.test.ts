import * as sdk from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileDecoder } from './compile-decoder.ts';
import { compileEncoder } from './compile-encoder.ts';
import { FrontDoorError } from './front-door-errors.ts';
import type { SchemaRef } from './schema.ts';
import { schemasOf, shapeOf } from './schema.ts';

const operations = Object.entries(sdk)
  .filter(([, value]) => Array.isArray(value) && value[0] === 9)
  .map(([name, schema]) => ({ name: name.replace('$', ''), ...schemasOf(schema) }));

const maximumDepth = 6;

const scalars = {
  string: fc.string({ unit: 'binary' }),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  boolean: fc.boolean(),
  timestamp: fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
  blob: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  document: fc
    .jsonValue({ maxDepth: 2 })
    .filter((value) => value !== null)
    // JSON has no -0.
    .map((value): unknown => JSON.parse(JSON.stringify(value))),
};

/** Values of a schema's type, as handlers take and give them. */
function valueOf(schema: SchemaRef, depth = 0): fc.Arbitrary<unknown> {
  const shape = shapeOf(schema);
  const isDeep = depth >= maximumDepth;
  if (shape.kind === 'list') {
    return fc.array(valueOf(shape.element, depth + 1), { maxLength: isDeep ? 0 : 2 });
  }
  if (shape.kind === 'map') {
    return fc.dictionary(fc.string(), valueOf(shape.value, depth + 1), { maxKeys: 3 });
  }
  if (shape.kind === 'structure') {
    return isDeep ? fc.constant({}) : membersOf(shape.members, depth, []);
  }
  if (shape.kind === 'union') {
    return fc
      .constantFrom(...shape.members)
      .chain((member) => membersOf([member], depth, [member[0]]));
  }
  return scalars[shape.kind];
}

function membersOf(
  members: readonly (readonly [string, SchemaRef])[],
  depth: number,
  requiredKeys: string[],
): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, schema] of members) fields[name] = valueOf(schema, depth + 1);
  return fc.record(fields, { requiredKeys, noNullPrototype: true });
}

/** JSON that is nearly of a schema's type: here and there something else stands in for a value. */
function nearly(schema: SchemaRef): fc.Arbitrary<unknown> {
  const encode = compileEncoder(schema);
  return fc
    .tuple(valueOf(schema), fc.infiniteStream(fc.option(fc.jsonValue(), { freq: 6 })))
    .map(([value, replacements]) =>
      JSON.parse(encode(value), (_, part: unknown) => replacements.next().value ?? part),
    );
}

test('The SDK exports the operations of ECS', () => {
  expect(operations.length).toBeGreaterThanOrEqual(88);
});

test.each(operations)(
  'What $name sends and answers survives encoding and decoding',
  (operation) => {
    for (const schema of [operation.input, operation.output]) {
      const encode = compileEncoder(schema);
      const decode = compileDecoder(schema);
      fc.assert(
        fc.property(valueOf(schema), (value) => {
          expect(decode(JSON.parse(encode(value)))).toEqual(value);
        }),
        { numRuns: 15 },
      );
    }
  },
);

test.each(operations)('$name takes any JSON or answers SerializationException', ({ input }) => {
  const decode = compileDecoder(input);
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), nearly(input)), (json) => {
      expect(refusalOf(() => decode(json))).toBeOneOf([undefined, 'SerializationException']);
    }),
    { numRuns: 30 },
  );
});

function refusalOf(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof FrontDoorError) return error.code;
    throw error;
  }
}
