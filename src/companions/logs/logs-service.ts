/** CloudWatch Logs as the door serves it: as far as those who use ECS need it. */
import { createRequire } from 'node:module';
import { partitionOf } from '../../domain/arn.ts';
import { LogError } from '../../domain/log/log-error.ts';
import type { Logs } from '../../logs/logs.ts';
import { compileDecoder } from '../../protocol/compile-decoder.ts';
import { compileEncoder } from '../../protocol/compile-encoder.ts';
import { EventStream } from '../../protocol/event-stream.ts';
import { schemasOf } from '../../protocol/schema.ts';
import type { Call, Encoder, Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import type { LogsContext } from './logs-context.ts';
import { logsOperations } from './logs-operations.ts';
import { startLiveTail, type LiveTailEvent } from './start-live-tail.ts';

export function logsService(logs: Logs): JsonService {
  const operations = Object.entries(logsOperations).map(([name, handler]) =>
    operationOf(name, handler, logs),
  );
  const all = [...operations, liveTailOperation(logs)];
  return {
    targetPrefix: 'Logs_20140328',
    signingName: 'logs',
    operations: new Map(all.map((operation) => [operation.name, operation])),
    unserved: (operation) =>
      `${operation} is not implemented in this release of Longshore. docs/logs.md lists what is.`,
  };
}

/** Which errors a caller is told about. */
export function logsFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof LogError)) return undefined;
  const { code, message, members } = error;
  return { code, message, members };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: LogsContext) => Promise<unknown>;

function operationOf(name: string, handler: AnyHandler, logs: Logs): JsonOperation {
  return {
    name,
    decode: compileDecoder(() => schemasOf(schemaOf(name)).input),
    encode: compileEncoder(() => schemasOf(schemaOf(name)).output),
    handle: (decoded, call) => handler(decoded as never, contextOf(logs, call)),
  };
}

function liveTailOperation(logs: Logs): JsonOperation {
  const encoders = {
    sessionStart: compileEncoder(() => schemaOf('LiveTailSessionStart')),
    sessionUpdate: compileEncoder(() => schemaOf('LiveTailSessionUpdate')),
  };
  const start: AnyHandler = async (input, ctx) =>
    new EventStream(encoded(await startLiveTail(input, ctx), encoders));
  return operationOf('StartLiveTail', start, logs);
}

async function* encoded(
  events: AsyncIterable<LiveTailEvent>,
  encoders: Readonly<Record<LiveTailEvent['type'], Encoder>>,
) {
  for await (const { type, value } of events) yield { type, json: encoders[type](value) };
}

function schemaOf(name: string): unknown {
  const sdk: Readonly<Record<string, unknown>> = createRequire(import.meta.url)(
    '@aws-sdk/client-cloudwatch-logs',
  );
  const schema = sdk[`${name}$`];
  if (schema === undefined) throw new Error(`The SDK exports no schema of ${name}.`);
  return schema;
}

function contextOf(logs: Logs, { region, accountId, requestId, now }: Call): LogsContext {
  return { logs, scope: { partition: partitionOf(region), region, accountId }, requestId, now };
}
