import { datetimeExpression } from './datetime-format.ts';
import { logRegExp } from './log-regexp.ts';

/** What the options of the awslogs driver say (Developer Guide, "Using the awslogs log driver"). */
export interface AwslogsOptions {
  readonly group: string;
  readonly region: string;
  readonly createGroup: boolean;
  /** Without it, a stream is named after its container. */
  readonly streamPrefix: string | undefined;
  /** What the first line of an event matches; without it every line is an event. */
  readonly eventStart: RegExp | undefined;
}

type Options = Readonly<Record<string, string>>;

/**
 * Reads the options of a container.
 * @returns the reason why that cannot be, in the words of Docker's driver, where it cannot
 */
export function parseAwslogsOptions(options: Options): AwslogsOptions | string {
  const region = options['awslogs-region'];
  if (!region) return 'unable to get awslogs driver arguments: awslogs-region is required';
  const create = options['awslogs-create-group'] ?? 'false';
  if (!/^(?:true|false|1|0|t|f)$/i.test(create)) {
    return `strconv.ParseBool: parsing "${create}": invalid syntax`;
  }
  const mode = options['mode'] ?? 'blocking';
  if (!['blocking', 'non-blocking'].includes(mode)) {
    return `logger: logging mode not supported: ${mode}`;
  }
  const eventStart = parseEventStart(options);
  if (typeof eventStart === 'string') return eventStart;
  return {
    group: options['awslogs-group'] ?? '',
    region,
    createGroup: /^(?:true|1|t)$/i.test(create),
    streamPrefix: options['awslogs-stream-prefix'] || undefined,
    eventStart,
  };
}

function parseEventStart(options: Options): RegExp | string | undefined {
  const format = options['awslogs-datetime-format'];
  const pattern = options['awslogs-multiline-pattern'];
  if (format && pattern) {
    return (
      "you cannot configure log opt 'awslogs-datetime-format' and " +
      "'awslogs-multiline-pattern' at the same time"
    );
  }
  const expression = format ? datetimeExpression(format) : pattern;
  if (!expression) return undefined;
  return (
    logRegExp(expression) ??
    `awslogs could not parse multiline pattern key "${expression}": error parsing regexp`
  );
}
