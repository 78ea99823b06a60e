import type {
  DescribeClustersRequest,
  DescribeClustersResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { defaultClusterName, parseClusterRef } from '../../domain/cluster/cluster-ref.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { Encodable } from '../../protocol/fragment.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { clusterFragment, type ShownMembers } from './cluster-view.ts';

const most = 100;

export function describeClusters(
  input: DescribeClustersRequest,
  ctx: RequestContext,
): Encodable<DescribeClustersResponse> {
  const refs = input.clusters?.length ? input.clusters : [defaultClusterName];
  // [inferred text]
  if (refs.length > most)
    throw invalidParameter(`Clusters cannot have more than ${most} elements.`);

  const { read } = ctx.state;
  const found: Cluster[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseClusterRef(ctx.scope, ref)))) {
    const cluster = read.clusters.findByArn(arn);
    if (cluster) found.push(cluster);
    else failures.push({ arn, reason: 'MISSING' });
  }

  // An unknown include goes unnoticed while there is nothing to include it in.
  const shown = found.length > 0 ? shownMembers(input.include) : {};
  const clusters = found.map((cluster) => clusterFragment(cluster, read, shown));
  return { clusters, failures };
}

function shownMembers(include: readonly string[] | undefined): ShownMembers {
  const included = parseIncludes(include, [
    'ATTACHMENTS',
    'CONFIGURATIONS',
    'SETTINGS',
    'STATISTICS',
    'TAGS',
  ]);
  return {
    statistics: included.has('STATISTICS'),
    tags: included.has('TAGS'),
    settings: included.has('SETTINGS'),
    configuration: included.has('CONFIGURATIONS'),
    attachments: included.has('ATTACHMENTS') ? 'always' : 'never',
  };
}
