import { isArn, lastPathElement, parseOwnArn, scopeOfArn, serviceArn } from '../arn.ts';
import type { ClusterArn, ParsedArn, Scope, ServiceArn } from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { invalidParameter } from '../errors.ts';

const namePattern = /^[a-zA-Z0-9_-]{1,255}$/;

/** @throws EcsError InvalidParameterException [inferred text] */
export function parseNewServiceName(name: string | undefined): string {
  if (name !== undefined && namePattern.test(name)) return name;
  throw invalidParameter('Invalid service name.');
}

/**
 * Takes apart the ARN of a service, or of a part of one.
 * @throws EcsError InvalidParameterException; that for what is no ARN at all is [inferred]
 */
export function parseServiceArn(scope: Scope, text: string): ParsedArn {
  if (text.split(':').length < 6) throw invalidParameter(`Invalid identifier: ${text}`);
  return parseOwnArn(scope, text);
}

/** @throws EcsError InvalidParameterException where there is none [inferred text] */
export function requireServiceRef(ref: string | undefined): string {
  if (ref) return ref;
  throw invalidParameter('Service can not be blank.');
}

/**
 * Resolves a service's name or ARN, long or short, within a cluster.
 * @throws EcsError InvalidParameterException
 */
export function parseServiceRef(cluster: ClusterArn, given: string | undefined): ServiceArn {
  const ref = requireServiceRef(given);
  const scope = scopeOfArn(cluster);
  const clusterName = lastPathElement(cluster);
  if (!isArn(ref)) return serviceArn(scope, clusterName, parseNewServiceName(ref));
  const { resourceType, path } = parseServiceArn(scope, ref);
  if (resourceType !== 'service') {
    throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
  const [first = '', second] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (second === undefined) return serviceArn(scope, clusterName, parseNewServiceName(first));
  if (first !== clusterName) {
    throw invalidParameter(
      `Invalid identifier: Identifier is for cluster ${first}. Your cluster is ${clusterName}`,
    );
  }
  return serviceArn(scope, clusterName, parseNewServiceName(second));
}
