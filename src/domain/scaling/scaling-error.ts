import { constraintText } from '../model-constraint.ts';

export type ScalingErrorCode =
  | 'FailedResourceAccessException'
  | 'InvalidNextTokenException'
  | 'LimitExceededException'
  | 'ObjectNotFoundException'
  | 'ResourceNotFoundException'
  | 'TooManyTagsException'
  | 'ValidationException';

/** A refusal of Application Auto Scaling's that the caller can act on. Answered as HTTP 400. */
export class ScalingError extends Error {
  readonly code: ScalingErrorCode;
  /** Members of the exception besides the message. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ScalingErrorCode,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.members = members;
  }
}

export function scalingValidation(message: string): ScalingError {
  return new ScalingError('ValidationException', message);
}

export function scalingConstraint(
  member: string,
  value: string | undefined,
  constraint: string,
): ScalingError {
  return scalingValidation(constraintText(member, value, constraint));
}

export function unsupportedResource(): ScalingError {
  return scalingValidation('Unsupported service namespace, resource type or scalable dimension');
}

export function noSuchService(resourceId: string): ScalingError {
  return scalingValidation(`ECS service doesn't exist: ${resourceId}`);
}

export function nothingRegistered(resourceId: string): ScalingError {
  return new ScalingError(
    'ObjectNotFoundException',
    `No scalable target registered for ${place(resourceId)}`,
  );
}

export function noSuchTarget(resourceId: string): ScalingError {
  return new ScalingError(
    'ObjectNotFoundException',
    `No scalable target found for ${place(resourceId)}`,
  );
}

export function noSuchPolicy(resourceId: string, name: string): ScalingError {
  return new ScalingError(
    'ObjectNotFoundException',
    `No scaling policy found for ${place(resourceId)}, policy name: ${name}`,
  );
}

/** [inferred text, after the others] */
export function noSuchAction(resourceId: string, name: string): ScalingError {
  return new ScalingError(
    'ObjectNotFoundException',
    `No scheduled action found for ${place(resourceId)}, scheduled action name: ${name}`,
  );
}

function place(resourceId: string): string {
  return (
    `service namespace: ecs, resource ID: ${resourceId}, ` +
    'scalable dimension: ecs:service:DesiredCount'
  );
}

// The texts below are [inferred].

export function noSuchResource(arn: string): ScalingError {
  return new ScalingError('ResourceNotFoundException', `The resource doesn't exist: ${arn}`, {
    ResourceName: arn,
  });
}

export function tooManyTags(arn: string, most: number): ScalingError {
  const text = `The maximum number of tags per resource is ${most}.`;
  return new ScalingError('TooManyTagsException', text, { ResourceName: arn });
}

export function invalidToken(): ScalingError {
  return new ScalingError('InvalidNextTokenException', 'The next token supplied was invalid.');
}

export function limitExceeded(what: string, most: number): ScalingError {
  return new ScalingError(
    'LimitExceededException',
    `The maximum number of ${what} is ${most}, and it has been reached.`,
  );
}

export function notBuiltInScaling(what: string): ScalingError {
  return scalingValidation(
    `${what} is not implemented in this release of Longshore. docs/auto-scaling.md lists what is.`,
  );
}

/** Metrics of others are CloudWatch's: without it nobody would know them. */
export function metricNeedsCloudWatch(metric: string): ScalingError {
  return new ScalingError(
    'FailedResourceAccessException',
    `${metric} is read from CloudWatch, and this server was not told where it is. Start it with ` +
      '--aws-endpoint cloudwatch=URL.',
  );
}
