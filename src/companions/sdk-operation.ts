import { createRequire } from 'node:module';
import { compileDecoder } from '../protocol/compile-decoder.ts';
import { compileEncoder } from '../protocol/compile-encoder.ts';
import { schemasOf } from '../protocol/schema.ts';
import type { Call, JsonOperation } from '../protocol/service.ts';

const require = createRequire(import.meta.url);

/** An operation whose shapes are those of an SDK's package, which is loaded with the first request. */
export function sdkOperation(
  sdkPackage: string,
  name: string,
  handle: (input: unknown, call: Call) => unknown,
): JsonOperation {
  const schemas = () => schemasOf(schemaOf(sdkPackage, name));
  return {
    name,
    decode: compileDecoder(() => schemas().input),
    encode: compileEncoder(() => schemas().output),
    handle,
  };
}

function schemaOf(sdkPackage: string, name: string): unknown {
  const sdk: Readonly<Record<string, unknown>> = require(sdkPackage);
  const schema = sdk[`${name}$`];
  if (schema === undefined) throw new Error(`${sdkPackage} exports no schema of ${name}.`);
  return schema;
}
