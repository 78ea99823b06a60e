/** What of Systems Manager the clients of ECS call themselves: session-manager-plugin, when its connection breaks. */
import { createRequire } from 'node:module';
import { compileDecoder } from '../../protocol/compile-decoder.ts';
import { compileEncoder } from '../../protocol/compile-encoder.ts';
import { schemasOf } from '../../protocol/schema.ts';
import type { Call, Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import { SsmError } from './ssm-error.ts';

/** The sessions of ExecuteCommand, as far as Systems Manager's operations reach them. */
export interface Sessions {
  /** A new token; undefined where the account has no such session. */
  resume(id: string, accountId: string): string | undefined;
  /** Tells whether the account had such a session. */
  terminate(id: string, accountId: string): boolean;
}

export function ssmService(sessions: Sessions): JsonService {
  const operations = [
    operationOf('ResumeSession', (id, { accountId }) => {
      const token = sessions.resume(id, accountId);
      if (token === undefined) throw unknownSession(id);
      // The plugin goes on at the address that it knows.
      return { SessionId: id, TokenValue: token };
    }),
    operationOf('TerminateSession', (id, { accountId }) => {
      if (!sessions.terminate(id, accountId)) throw unknownSession(id);
      return { SessionId: id };
    }),
  ];
  return {
    targetPrefix: 'AmazonSSM',
    signingName: 'ssm',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unserved: (operation) => `${operation} is not implemented in this release of Longshore.`,
  };
}

/** Which errors a caller is told about. */
export function ssmFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof SsmError)) return undefined;
  return { code: error.code, message: error.message, members: {} };
}

function operationOf(name: string, handle: (id: string, call: Call) => object): JsonOperation {
  return {
    name,
    decode: compileDecoder(() => schemasOf(schemaOf(name)).input),
    encode: compileEncoder(() => schemasOf(schemaOf(name)).output),
    handle: (input, call) => handle((input as { SessionId: string }).SessionId, call),
  };
}

function unknownSession(id: string): SsmError {
  return new SsmError('DoesNotExistException', `Session ${id} does not exist.`);
}

function schemaOf(name: string): unknown {
  const sdk: Readonly<Record<string, unknown>> = createRequire(import.meta.url)(
    '@aws-sdk/client-ssm',
  );
  const schema = sdk[`${name}$`];
  if (schema === undefined) throw new Error(`The SDK exports no schema of ${name}.`);
  return schema;
}
