import type { Scope } from '../arn.ts';
import { secretConstraint, SecretError } from './secret-error.ts';

const longestName = 512;
const longestId = 2048;

/** What precedes the names in the ARNs of a scope's secrets. */
export function secretPrefix({ partition, region, accountId }: Scope): string {
  return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:`;
}

/** The suffix tells a secret from a former one of the same name. */
export function secretArn(scope: Scope, name: string, suffix: string): string {
  return `${secretPrefix(scope)}${name}-${suffix}`;
}

/** @throws SecretError ValidationException */
export function parseSecretName(name: string | undefined): string {
  if (name === undefined) throw secretConstraint('name', name, 'not be null');
  if (name.length > longestName) {
    throw secretConstraint('name', name, `have length less than or equal to ${longestName}`);
  }
  if (/^[a-zA-Z0-9/_+=.@!-]+$/.test(name)) return name;
  throw new SecretError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

/** A name, an ARN, or an ARN without its suffix. */
export interface SecretRef {
  readonly arn: string | undefined;
  readonly name: string;
}

/** @throws SecretError ValidationException */
export function parseSecretRef(scope: Scope, id: string | undefined): SecretRef {
  if (id === undefined) throw secretConstraint('secretId', id, 'not be null');
  if (id.length < 1 || id.length > longestId) {
    throw secretConstraint('secretId', id, `have length between 1 and ${longestId}`);
  }
  const prefix = secretPrefix(scope);
  // An ARN of another scope is nobody's name.
  return id.startsWith(prefix)
    ? { arn: id, name: id.slice(prefix.length) }
    : { arn: undefined, name: id };
}
