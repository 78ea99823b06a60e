import {
  capacityProviderArn,
  isArn,
  parseOwnArn,
  type CapacityProviderArn,
  type Scope,
} from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { invalidParameter, type EcsError } from '../errors.ts';

/**
 * Resolves a name or an ARN where an operation is about providers themselves.
 * @throws EcsError for an ARN that cannot name one of this account and region
 */
export function parseCapacityProviderRef(scope: Scope, ref: string): CapacityProviderArn {
  if (!isArn(ref)) return capacityProviderArn(scope, ref);
  const { resourceType, path } = parseOwnArn(scope, ref);
  if (resourceType !== 'capacity-provider') {
    throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
  if (path.length > 1) throw unexpectedSeparators();
  return capacityProviderArn(scope, path[0] ?? '');
}

/**
 * The name in an ARN of ours, and anything else as it is: in associations and strategies, what is
 * not ours is only not found.
 */
export function capacityProviderName(scope: Scope, nameOrArn: string): string {
  const prefix = capacityProviderArn(scope, '');
  return nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn;
}

/** @throws EcsError InvalidParameterException */
export function parseNewCapacityProviderName(name: string | undefined): string {
  if (name === undefined || name.trim() === '') {
    throw invalidParameter('CapacityProvider name must not be blank');
  }
  if (!/^[a-zA-Z0-9_-]{1,255}$/.test(name) || /^(?:aws|ecs|fargate)/i.test(name)) {
    throw invalidName();
  }
  return name;
}

function invalidName(): EcsError {
  return invalidParameter(
    'The specified capacity provider name is invalid. Up to 255 characters are allowed, including ' +
      'letters (upper and lowercase), numbers, underscores, and hyphens. The name cannot be prefixed ' +
      'with "aws", "ecs", or "fargate". Specify a valid name and try again.',
  );
}
