import type {
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
} from '@aws-sdk/client-ecs';
import type {
  ContainerInstance,
  ContainerInstanceStatus,
} from '../../domain/container-instance/container-instance.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';

const listedStatuses: readonly ContainerInstanceStatus[] = [
  'ACTIVE',
  'DEREGISTERING',
  'DRAINING',
  'REGISTERING',
  'REGISTRATION_FAILED',
];

export function listContainerInstances(
  input: ListContainerInstancesRequest,
  { state, scope }: RequestContext,
): ListContainerInstancesResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  const status = parseStatus(input.status);
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListContainerInstances', cluster.arn, status, input.filter],
    rowsAfter: (key) => withStatus(state.read.containerInstances.list(cluster.arn, key), status),
    keyOf: (instance) => instance.arn,
  });
  return { containerInstanceArns: rows.map(({ arn }) => arn), ...present({ nextToken }) };
}

function* withStatus(
  instances: Iterable<ContainerInstance>,
  status: ContainerInstanceStatus | undefined,
): IterableIterator<ContainerInstance> {
  for (const instance of instances) {
    if (status === undefined || instance.status === status) yield instance;
  }
}

function parseStatus(status: string | undefined): ContainerInstanceStatus | undefined {
  if (status === undefined || status === '') return undefined;
  const known = listedStatuses.find((one) => one === status);
  if (known !== undefined) return known;
  throw invalidParameter(
    `Container instances status should be one of [${listedStatuses.join(',')}]`,
  );
}
