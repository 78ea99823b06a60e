import type { LogConfiguration, LogDriver } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

/** Besides the SDK's drivers there is `none`, where a container instance offers it. */
const logDrivers = valuesOf<LogDriver | 'none'>({
  awsfirelens: true,
  awslogs: true,
  fluentd: true,
  gelf: true,
  journald: true,
  'json-file': true,
  splunk: true,
  syslog: true,
  none: true,
});

const requiredOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['awslogs', ['awslogs-region', 'awslogs-group']],
  ['splunk', ['splunk-url', 'splunk-token']],
]);

const awslogsOptions: readonly string[] = [
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-group',
  'awslogs-multiline-pattern',
  'awslogs-region',
  'awslogs-stream-prefix',
  'max-buffer-size',
  'mode',
];

/** What CloudWatch Logs takes for the names of groups, regions and streams. */
const awslogsPatterns: readonly (readonly [option: string, pattern: RegExp])[] = [
  ['awslogs-group', /^[A-Za-z0-9_\-/.#]{1,512}$/],
  ['awslogs-region', /^[a-z0-9-]+$/],
  ['awslogs-stream-prefix', /^[^:*]*$/],
];

export function checkLogConfigurations({ containerDefinitions }: TaskDefinitionContent): void {
  for (const { logConfiguration } of containerDefinitions) {
    if (logConfiguration !== undefined) checkLogConfiguration(logConfiguration);
  }
}

/** @throws EcsError ClientException */
export function checkLogConfiguration(configuration: LogConfiguration): void {
  const logDriver: string = configuration.logDriver ?? '';
  if (!logDrivers.includes(logDriver)) throw clientError(invalidLogDriver(logDriver, logDrivers));
  const missing = missingOptions(logDriver, configuration);
  if (missing.length > 0) {
    throw clientError(`Log driver ${logDriver} requires options: ${missing.join(', ')}`);
  }
  if (logDriver === 'awslogs') checkAwslogsOptions(configuration.options ?? {});
}

/** The refusal of a log driver; Fargate says the same of those that it has not. */
export function invalidLogDriver(logDriver: string, allowed: readonly string[]): string {
  return `${logDriver} is not a valid log driver. Must be one of [${allowed.join(',')}]`;
}

/** An option may come as a secret instead. */
function missingOptions(logDriver: string, configuration: LogConfiguration): readonly string[] {
  const { options = {}, secretOptions = [] } = configuration;
  const given = new Set([...Object.keys(options), ...secretOptions.map(({ name }) => name)]);
  return (requiredOptions.get(logDriver) ?? []).filter((option) => !given.has(option));
}

function checkAwslogsOptions(options: Readonly<Record<string, string>>): void {
  const disallowed = Object.keys(options).filter((option) => !awslogsOptions.includes(option));
  if (disallowed.length > 0) {
    throw clientError(`Log driver awslogs disallows options: ${disallowed.join(', ')}`);
  }
  for (const [option, pattern] of awslogsPatterns) {
    const value = options[option];
    if (value === undefined || pattern.test(value)) continue;
    throw clientError(`Log driver awslogs option '${option}' contains invalid characters.`);
  }
}
