import { createRequire } from 'node:module';
import type { DestinationStream, Logger as PinoLogger, pino as Pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Takes log lines: a fixed message, and fields for what varies. An error goes under `error` and is
 * written with its stack and causes.
 */
export interface Logger {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

/** Members whose values never reach a log, on a line or one level down. */
const secretMembers = [
  'authorization',
  'Authorization',
  'credentials',
  'password',
  'secretAccessKey',
  'sessionToken',
  'token',
  '["x-amz-security-token"]',
];

/**
 * A logger that writes a line of JSON each to standard output. Pino is loaded with the first line,
 * which keeps it out of the way of starting.
 */
export function createLogger(destination?: DestinationStream): Logger {
  let opened: PinoLogger | undefined;
  const open = () => (opened ??= openPino(destination));
  return {
    info: (fields, message) => open().info(fields, message),
    warn: (fields, message) => open().warn(fields, message),
    error: (fields, message) => open().error(fields, message),
  };
}

function openPino(destination: DestinationStream | undefined): PinoLogger {
  const { pino }: { pino: typeof Pino } = createRequire(import.meta.url)('pino');
  const options = {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    serializers: { error: pino.stdSerializers.err },
    redact: secretMembers.flatMap((member) => [
      member,
      member.startsWith('[') ? `*${member}` : `*.${member}`,
    ]),
  };
  return destination ? pino(options, destination) : pino(options);
}
