/** Codes of the errors that CloudWatch Logs answers with, of those that are needed here. */
export type LogErrorCode =
  | 'InvalidParameterException'
  | 'LimitExceededException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceNotFoundException'
  | 'TooManyTagsException'
  | 'UnsupportedFeatureException'
  | 'ValidationException';

/** A refusal that the caller can act on. Answered as HTTP 400 with the code and the message. */
export class LogError extends Error {
  readonly code: LogErrorCode;
  readonly members: Readonly<Record<string, unknown>> = {};

  constructor(code: LogErrorCode, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

export function invalidLogParameter(message: string): LogError {
  return new LogError('InvalidParameterException', message);
}

/** The words of AWS's checks that come from the service's model. */
export function violatedConstraint(
  member: string,
  value: string | undefined,
  constraint: string,
): LogError {
  const shown = value === undefined ? 'null' : `'${value}'`;
  return invalidLogParameter(
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ` +
      `Member must ${constraint}`,
  );
}

export function noSuchLogGroup(): LogError {
  return new LogError('ResourceNotFoundException', 'The specified log group does not exist.');
}

export function noSuchLogStream(): LogError {
  return new LogError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

export function logGroupExists(): LogError {
  const message = 'The specified log group already exists';
  return new LogError('ResourceAlreadyExistsException', message);
}

export function logStreamExists(): LogError {
  const message = 'The specified log stream already exists';
  return new LogError('ResourceAlreadyExistsException', message);
}
