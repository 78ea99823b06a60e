import { isArn, lastPathElement, parseOwnArn, scopeOfArn, taskArn } from '../arn.ts';
import type { ClusterArn, TaskArn } from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { invalidParameter } from '../errors.ts';

/**
 * Resolves a task's id or ARN within a cluster. Whether there is such a task is not asked here.
 * @throws EcsError InvalidParameterException
 */
export function parseTaskRef(cluster: ClusterArn, ref: string): TaskArn {
  const scope = scopeOfArn(cluster);
  const clusterName = lastPathElement(cluster);
  if (!isArn(ref)) return taskArn(scope, clusterName, checkId(ref));
  const { resourceType, path } = parseOwnArn(scope, ref);
  if (resourceType !== 'task') throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  const [first = '', second] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (second === undefined) return taskArn(scope, clusterName, checkId(first));
  if (first !== clusterName) {
    throw invalidParameter(
      `Invalid identifier: Identifier is for cluster ${first}. Your cluster is ${clusterName}`,
    );
  }
  return taskArn(scope, clusterName, checkId(second));
}

function checkId(id: string): string {
  if (id.length === 32 || id.length === 36) return id;
  throw invalidParameter('taskId length should be one of [32,36]');
}
