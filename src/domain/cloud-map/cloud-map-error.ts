import { constraintText } from '../model-constraint.ts';

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

/** What AWS's checks of a request's shape say of a member that is not as it must be. */
export function cloudMapConstraint(
  member: string,
  value: string | undefined,
  constraint: string,
): CloudMapError {
  return invalidInput(constraintText(member, value, constraint));
}

// The texts that follow are [inferred], but for those that say otherwise.

export function namespaceUnknown(id: string): CloudMapError {
  return new CloudMapError('NamespaceNotFound', `Namespace ${id} not found.`);
}

export function serviceUnknown(id: string): CloudMapError {
  return new CloudMapError('ServiceNotFound', `Service ${id} not found.`);
}

export function instanceUnknown(id: string): CloudMapError {
  return new CloudMapError('InstanceNotFound', `Instance ${id} not found.`);
}

export function operationUnknown(id: string): CloudMapError {
  return new CloudMapError('OperationNotFound', `Operation ${id} not found.`);
}

export function resourceUnknown(arn: string): CloudMapError {
  return new CloudMapError('ResourceNotFoundException', `Resource ${arn} not found.`);
}

export function namespaceInUse(): CloudMapError {
  return new CloudMapError(
    'ResourceInUse',
    'Namespace contains services; delete the services before deleting the namespace',
  );
}

/** [seen] */
export function serviceInUse(): CloudMapError {
  return new CloudMapError(
    'ResourceInUse',
    'Service contains registered instances; delete the instances before deleting the service',
  );
}

export function limitReached(of: string): CloudMapError {
  return new CloudMapError(
    'ResourceLimitExceeded',
    `The maximum number of ${of} has been reached.`,
  );
}

export function tooManyCloudMapTags(arn: string): CloudMapError {
  return new CloudMapError(
    'TooManyTagsException',
    'The maximum number of tags per resource is 50.',
    { ResourceName: arn },
  );
}

export function notBuiltInCloudMap(what: string): CloudMapError {
  return invalidInput(
    `${what} is not implemented in this release of Longshore. docs/cloud-map.md lists what is.`,
  );
}
