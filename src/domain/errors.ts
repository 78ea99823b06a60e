/**
 * Codes of the errors that ECS answers with: the exceptions of the service model, which every SDK
 * knows by class.
 */
export type EcsErrorCode =
  | 'AccessDeniedException'
  | 'AttributeLimitExceededException'
  | 'BlockedException'
  | 'ClientException'
  | 'ClusterContainsCapacityProviderException'
  | 'ClusterContainsContainerInstancesException'
  | 'ClusterContainsServicesException'
  | 'ClusterContainsTasksException'
  | 'ClusterNotFoundException'
  | 'ConflictException'
  | 'InvalidParameterException'
  | 'DaemonNotActiveException'
  | 'DaemonNotFoundException'
  | 'LimitExceededException'
  | 'MissingVersionException'
  | 'NamespaceNotFoundException'
  | 'NoUpdateAvailableException'
  | 'PlatformTaskDefinitionIncompatibilityException'
  | 'PlatformUnknownException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ServerException'
  | 'ServiceDeploymentNotFoundException'
  | 'ServiceNotActiveException'
  | 'ServiceNotFoundException'
  | 'TargetNotConnectedException'
  | 'TargetNotFoundException'
  | 'TaskSetNotFoundException'
  | 'UnsupportedFeatureException'
  | 'UpdateInProgressException';

/** A refusal that the caller can act on. Answered as HTTP 400 with the code and the message. */
export class EcsError extends Error {
  readonly code: EcsErrorCode;
  /** Members of the exception besides the message, such as `resourceIds` of ConflictException. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: EcsErrorCode,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.members = members;
  }
}

/** Shorthand for the code that most runtime operations use for a bad value. */
export function invalidParameter(message: string): EcsError {
  return new EcsError('InvalidParameterException', message);
}

/** Shorthand for the code that RegisterTaskDefinition and state conflicts use. */
export function clientError(message: string): EcsError {
  return new EcsError('ClientException', message);
}
