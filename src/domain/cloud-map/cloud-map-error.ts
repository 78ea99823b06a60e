/** Codes of the errors that Cloud Map answers with, as its service model has them. */
export type CloudMapErrorCode =
  | 'CustomHealthNotFound'
  | 'DuplicateRequest'
  | 'InstanceNotFound'
  | 'InvalidInput'
  | 'NamespaceAlreadyExists'
  | 'NamespaceNotFound'
  | 'OperationNotFound'
  | 'ResourceInUse'
  | 'ResourceLimitExceeded'
  | 'ResourceNotFoundException'
  | 'ServiceAlreadyExists'
  | 'ServiceNotFound'
  | 'TooManyTagsException';

/** A refusal of Cloud Map's that the caller can act on. Answered as HTTP 400. */
export class CloudMapError extends Error {
  readonly code: CloudMapErrorCode;
  /** Members of the exception besides the message, such as `NamespaceId` of NamespaceAlreadyExists. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: CloudMapErrorCode,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.members = members;
  }
}

/** Shorthand for the code of a bad value. */
export function invalidInput(message: string): CloudMapError {
  return new CloudMapError('InvalidInput', message);
}
