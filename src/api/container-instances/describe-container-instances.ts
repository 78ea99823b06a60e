import type {
  ContainerInstance as WireContainerInstance,
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { containerInstanceView } from './container-instance-view.ts';

const most = 100;

export function describeContainerInstances(
  input: DescribeContainerInstancesRequest,
  { state, scope }: RequestContext,
): DescribeContainerInstancesResponse {
  const { read } = state;
  const cluster = requireLiveCluster(read, scope, input.cluster);
  const refs = input.containerInstances ?? [];
  if (refs.length === 0) throw invalidParameter('Container instance cannot be empty.');
  if (refs.length > most) {
    throw invalidParameter(`instanceIds can have at most ${most} items.`);
  }
  const includes = parseIncludes(input.include, ['TAGS', 'CONTAINER_INSTANCE_HEALTH']);
  const shown = { tags: includes.has('TAGS'), health: includes.has('CONTAINER_INSTANCE_HEALTH') };

  const containerInstances: WireContainerInstance[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseContainerInstanceRef(cluster.arn, ref)))) {
    const instance = read.containerInstances.findByArn(arn);
    if (instance) containerInstances.push(containerInstanceView(instance, read, shown));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { containerInstances, failures };
}
