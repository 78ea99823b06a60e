import {
  containerInstanceArn,
  isArn,
  lastPathElement,
  parseOwnArn,
  scopeOfArn,
  type ClusterArn,
  type ContainerInstanceArn,
} from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { invalidParameter } from '../errors.ts';

/**
 * Resolves an instance's id or ARN within a cluster. Whether there is such an instance is not asked here.
 * @throws EcsError InvalidParameterException
 */
export function parseContainerInstanceRef(cluster: ClusterArn, ref: string): ContainerInstanceArn {
  const scope = scopeOfArn(cluster);
  const clusterName = lastPathElement(cluster);
  if (!isArn(ref)) return containerInstanceArn(scope, clusterName, checkId(ref));
  const { resourceType, path } = parseOwnArn(scope, ref);
  if (resourceType !== 'container-instance') {
    throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
  const [first = '', second] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (second === undefined) return containerInstanceArn(scope, clusterName, checkId(first));
  if (first !== clusterName) {
    throw invalidParameter(
      `Invalid identifier: Identifier is for cluster ${first}. Your cluster is ${clusterName}`,
    );
  }
  return containerInstanceArn(scope, clusterName, checkId(second));
}

/** [inferred text] */
function checkId(id: string): string {
  if (id.length === 32 || id.length === 36) return id;
  throw invalidParameter('containerInstanceId length should be one of [32,36]');
}
