import { keys, signedRequest, type ApiRequest } from './signed-request.ts';
import { taskDefinition } from './task-definition.ts';

/** What the load generator sends. It makes the requests itself, before the clock starts. */
export type Workload =
  | { readonly kind: 'same'; readonly request: ApiRequest; readonly path?: string }
  | { readonly kind: WriteKind; readonly first: number; readonly count: number };

export type WriteKind = 'CreateCluster' | 'RegisterTaskDefinition' | 'TagResource';

/** ECS lets an account have 10,000 clusters in a region. */
const clustersPerAccount = 5_000;
const families = 100;

export function requestsOf(workload: Workload): readonly Buffer[] {
  if (workload.kind === 'same') return [signedRequest(workload.request, workload.path)];
  const { kind, first, count } = workload;
  return Array.from({ length: count }, (_, index) => signedRequest(writeOf(kind, first + index)));
}

export function writeOf(kind: WriteKind, number: number): ApiRequest {
  switch (kind) {
    case 'CreateCluster': {
      const key = keyOf(Math.floor(number / clustersPerAccount));
      return { operation: kind, input: { clusterName: clusterName(number) }, key };
    }
    case 'RegisterTaskDefinition':
      return {
        operation: kind,
        input: taskDefinition(`family-${number % families}`, number),
        key: keyOf(0),
      };
    case 'TagResource': {
      const { accountId } = keyOf(0);
      const resourceArn = `arn:aws:ecs:us-east-1:${accountId}:cluster/${taggedCluster(number)}`;
      const tags = [{ key: 'benchmark', value: String(number) }];
      return { operation: kind, input: { resourceArn, tags }, key: keyOf(0) };
    }
  }
}

export function clusterName(number: number): string {
  return `cluster-${String(number).padStart(7, '0')}`;
}

/** The clusters that TagResource changes; they are made before. */
export const taggedClusters = 100;

function taggedCluster(number: number): string {
  return clusterName(number % taggedClusters);
}

export function keyOf(index: number) {
  const key = keys[index];
  if (!key) throw new Error('The benchmark has run out of accounts: give it fewer rounds.');
  return key;
}
