import { scopeOfArn, isArn, type Scope } from '../arn.ts';
import { invalidLogParameter, violatedConstraint } from './log-error.ts';

const maximumNameLength = 512;
const groupName = /^[.\-_/#A-Za-z0-9]+$/;
const streamName = /^[^:*]*$/;

/** Checks the name of a log group, as member `logGroupName` unless told otherwise. */
export function parseLogGroupName(name: string | undefined, member = 'logGroupName'): string {
  const checked = parseLength(name, member);
  if (groupName.test(checked)) return checked;
  const pattern = String.raw`[\.\-_/#A-Za-z0-9]+`;
  throw violatedConstraint(member, checked, `satisfy regular expression pattern: ${pattern}`);
}

export function parseLogStreamName(name: string | undefined, member = 'logStreamName'): string {
  const checked = parseLength(name, member);
  if (streamName.test(checked)) return checked;
  throw violatedConstraint(member, checked, 'satisfy regular expression pattern: [^:*]*');
}

function parseLength(name: string | undefined, member: string): string {
  if (name === undefined) throw violatedConstraint(member, undefined, 'not be null');
  if (name.length < 1) {
    throw violatedConstraint(member, name, 'have length greater than or equal to 1');
  }
  if (name.length > maximumNameLength) {
    throw violatedConstraint(
      member,
      name,
      `have length less than or equal to ${maximumNameLength}`,
    );
  }
  return name;
}

/** How a request names a log group: by its name, or by its name or ARN as `logGroupIdentifier`. */
export interface LogGroupRef {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

export function parseLogGroupRef(scope: Scope, given: LogGroupRef): string {
  const { logGroupName, logGroupIdentifier } = given;
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidLogParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  if (logGroupIdentifier === undefined) return parseLogGroupName(logGroupName);
  return parseLogGroupIdentifier(scope, logGroupIdentifier, 'logGroupIdentifier');
}

/** The name in a log group's name or ARN, with or without `:*` at the end. */
export function parseLogGroupIdentifier(
  scope: Scope,
  identifier: string | undefined,
  member: string,
): string {
  if (identifier === undefined) throw violatedConstraint(member, undefined, 'not be null');
  if (!isArn(identifier)) return parseLogGroupName(identifier, member);
  const { region, accountId } = scopeOfArn(identifier);
  const [, , service, , , type, name] = identifier.split(':');
  if (service !== 'logs' || type !== 'log-group') throw invalidArn(identifier);
  if (region !== scope.region || accountId !== scope.accountId) throw invalidArn(identifier);
  return parseLogGroupName(name, member);
}

/** [inferred wording] */
function invalidArn(arn: string): Error {
  return invalidLogParameter(`Invalid log group ARN: ${arn}`);
}

/** Without the `:*` that older answers carry. */
export function logGroupArn({ partition, region, accountId }: Scope, name: string): string {
  return `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;
}

export function logStreamArn(scope: Scope, group: string, stream: string): string {
  return `${logGroupArn(scope, group)}:log-stream:${stream}`;
}
