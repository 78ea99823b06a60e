import { clusterArn, isArn, parseOwnArn, type ClusterArn, type Scope } from '../arn.ts';
import { invalidParameter } from '../errors.ts';

export const defaultClusterName = 'default';

const namePattern = /^[a-zA-Z0-9\-_]{1,255}$/;

/** @throws EcsError InvalidParameterException [inferred text] */
export function parseNewClusterName(name: string | undefined): string {
  if (name === undefined || name === '') return defaultClusterName;
  if (name.length > 255) throw invalidParameter('Cluster name longer than 255.');
  if (!namePattern.test(name)) throw invalidParameter('Cluster name contains invalid characters.');
  return name;
}

/**
 * Resolves a `cluster` parameter: a name or an ARN of the caller's own; nothing means `default`.
 * @throws EcsError for anything that cannot name a cluster of this account and region
 */
export function parseClusterRef(scope: Scope, ref: string | undefined): ClusterArn {
  if (ref === undefined || ref === '') return clusterArn(scope, defaultClusterName);
  if (isArn(ref)) {
    const { resourceType, path } = parseOwnArn(scope, ref);
    if (path.length > 1) throw unexpectedSeparators();
    if (resourceType !== 'cluster') {
      throw invalidParameter(`Unsupported resource type: ${resourceType}`);
    }
    return clusterArn(scope, checkName(path[0] ?? ''));
  }
  return clusterArn(scope, checkName(ref));
}

function checkName(name: string): string {
  if (namePattern.test(name)) return name;
  throw invalidParameter(`Cluster must match ${namePattern.source}, but was ${name}`);
}

export function unexpectedSeparators(): Error {
  return invalidParameter('Invalid identifier: Unexpected number of separators');
}
