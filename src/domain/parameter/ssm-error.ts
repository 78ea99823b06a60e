import { constraintText, type hidden } from '../model-constraint.ts';

/** A refusal of Systems Manager's that the caller can act on. Answered as HTTP 400. */
export class SsmError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

export function ssmValidation(message: string): SsmError {
  return new SsmError('ValidationException', message);
}

export function ssmConstraint(
  member: string,
  value: string | undefined | typeof hidden,
  constraint: string,
): SsmError {
  return ssmValidation(constraintText(member, value, constraint));
}

/** Systems Manager says no more than that. */
export function noSuchParameter(): SsmError {
  return new SsmError('ParameterNotFound', '');
}

export function noSuchVersion(name: string, selector: string): SsmError {
  return new SsmError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );
}

export function parameterExists(): SsmError {
  return new SsmError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );
}

/** [inferred wording] */
export function tooManyParameters(): SsmError {
  return new SsmError(
    'ParameterLimitExceeded',
    'You have exceeded the number of parameters for this AWS account.',
  );
}

/** [inferred wording] */
export function noSuchResource(id: string): SsmError {
  return new SsmError('InvalidResourceId', `The resource ID "${id}" is not valid. Verify the ID.`);
}

export function notATaggedType(type: string | undefined): SsmError {
  return new SsmError(
    'InvalidResourceType',
    `The resource type ${type} has no tags in this release of Longshore: parameters have. docs/secrets.md lists what is.`,
  );
}

export function notBuiltInSsm(what: string): SsmError {
  return ssmValidation(
    `${what} is not implemented in this release of Longshore. docs/secrets.md lists what is.`,
  );
}
