import { constraintText, type hidden } from '../model-constraint.ts';

/** A refusal of Secrets Manager's that the caller can act on. Answered as HTTP 400. */
export class SecretError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

export function secretConstraint(
  member: string,
  value: string | undefined | typeof hidden,
  constraint: string,
): SecretError {
  return new SecretError('ValidationException', constraintText(member, value, constraint));
}

export function invalidSecretParameter(message: string): SecretError {
  return new SecretError('InvalidParameterException', message);
}

export function invalidSecretRequest(message: string): SecretError {
  return new SecretError('InvalidRequestException', message);
}

export function noSuchSecret(): SecretError {
  const message = "Secrets Manager can't find the specified secret.";
  return new SecretError('ResourceNotFoundException', message);
}

/** @param which `staging label: AWSCURRENT` or `VersionId: ...` */
export function noSuchSecretValue(which: string): SecretError {
  return new SecretError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${which}`,
  );
}

export function secretExists(name: string): SecretError {
  const message = `The operation failed because the secret ${name} already exists.`;
  return new SecretError('ResourceExistsException', message);
}

export function secretNameIsScheduled(): SecretError {
  return invalidSecretRequest(
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  );
}

export function secretIsDeleted(): SecretError {
  return invalidSecretRequest(
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

export function tokenIsUsed(token: string, arn: string): SecretError {
  return new SecretError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );
}

export function notBuiltInSecrets(what: string): SecretError {
  return invalidSecretRequest(
    `${what} is not implemented in this release of Longshore. docs/secrets.md lists what is.`,
  );
}
