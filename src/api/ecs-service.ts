import { createRequire } from 'node:module';
import { EcsError } from '../domain/errors.ts';
import { partitionOf } from '../domain/arn.ts';
import { compileDecoder } from '../protocol/compile-decoder.ts';
import { compileEncoder } from '../protocol/compile-encoder.ts';
import { schemasOf } from '../protocol/schema.ts';
import type { Call, Decoder, Fault, JsonOperation, JsonService } from '../protocol/service.ts';
import type { RequestContext } from './operation.ts';
import { operations } from './operations.ts';

/** What handlers share; the rest of their context comes with each call. */
export type SharedContext = Pick<
  RequestContext,
  'state' | 'newId' | 'newUuid' | 'reach' | 'agentRelease' | 'exec' | 'serviceConnectEndpoint'
>;

/** ECS as the door serves it: every operation with the schema that the SDK has for it. */
export function ecsService(shared: SharedContext): JsonService {
  return {
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    signingName: 'ecs',
    operations: new Map(
      Object.entries(operations).map(([name, handler]) => [
        name,
        operationOf(name, handler, shared),
      ]),
    ),
  };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: RequestContext) => unknown;

function operationOf(name: string, handler: AnyHandler, shared: SharedContext): JsonOperation {
  return {
    name,
    decode: withUnmodelled(
      name,
      compileDecoder(() => schemasOf(schemaOf(name)).input),
    ),
    encode: compileEncoder(() => schemasOf(schemaOf(name)).output),
    handle: (decoded, call) => handler(decoded as never, { ...shared, ...contextOf(call) }),
  };
}

/** Members that agents send although no SDK knows them. */
const unmodelled: Readonly<Record<string, readonly string[]>> = {
  RegisterContainerInstance: ['clientToken'],
};

function withUnmodelled(operation: string, decode: Decoder): Decoder {
  const names = unmodelled[operation];
  if (!names) return decode;
  return (value) => {
    const known = decode(value) as object; // From here on, the value is known to be an object.
    const extra = Object.entries(value as object).filter(
      ([name, given]) => names.includes(name) && typeof given === 'string',
    );
    return { ...known, ...Object.fromEntries(extra) };
  };
}

/**
 * Loads the SDK, of which only the schemas are used. It takes a while, so it is left until the server is ready, or
 * until the first call.
 */
export function loadSchemas(): Readonly<Record<string, unknown>> {
  return createRequire(import.meta.url)('@aws-sdk/client-ecs');
}

function schemaOf(name: string): unknown {
  const schema = loadSchemas()[`${name}$`];
  if (schema === undefined) throw new Error(`The SDK exports no schema of ${name}.`);
  return schema;
}

function contextOf({
  region,
  accountId,
  callerArn,
  origin,
  now,
}: Call): Pick<RequestContext, 'scope' | 'callerArn' | 'origin' | 'now'> {
  return { scope: { partition: partitionOf(region), region, accountId }, callerArn, origin, now };
}

/** Which errors a caller is told about. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof EcsError)) return undefined;
  const { code, message, members } = error;
  return { code, message, members };
}
