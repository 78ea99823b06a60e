import type {
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
} from '@aws-sdk/client-ecs';
import type { ClusterArn } from '../../domain/arn.ts';
import {
  attributeValues,
  type ContainerInstance,
  type ContainerInstanceStatus,
} from '../../domain/container-instance/container-instance.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import {
  compileExpression,
  type InstanceTest,
} from '../../domain/query-language/compile-expression.ts';
import type { ContainerInstanceFacts } from '../../domain/query-language/container-instance-facts.ts';
import { parseExpression } from '../../domain/query-language/parse-expression.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { longestExpression } from '../../domain/task-definition/placement-constraints.ts';
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
  const selects = parseFilter(input.filter);
  const { rows, nextToken } = pageOf({
    request: input,
    list: ['ListContainerInstances', cluster.arn, status, input.filter],
    rowsAfter: (key) => matching(state.read, { clusterArn: cluster.arn, status, selects }, key),
    keyOf: (instance) => instance.arn,
  });
  return { containerInstanceArns: rows.map(({ arn }) => arn), ...present({ nextToken }) };
}

/** @throws EcsError InvalidParameterException */
function parseFilter(filter: string | undefined): InstanceTest | undefined {
  if (!filter) return undefined;
  // [inferred text]
  if (filter.length > longestExpression) {
    throw invalidParameter(`filter longer than ${longestExpression}.`);
  }
  return compileExpression(parseExpression(filter, invalidParameter));
}

interface InstanceFilter {
  readonly clusterArn: ClusterArn;
  readonly status: ContainerInstanceStatus | undefined;
  readonly selects: InstanceTest | undefined;
}

function* matching(
  tables: ReadonlyTables,
  { clusterArn, status, selects }: InstanceFilter,
  after: string | undefined,
): IterableIterator<ContainerInstance> {
  for (const instance of tables.containerInstances.list(clusterArn, after)) {
    if (status !== undefined && instance.status !== status) continue;
    if (!selects || selects(factsOf(instance, tables))) yield instance;
  }
}

function factsOf(instance: ContainerInstance, tables: ReadonlyTables): ContainerInstanceFacts {
  const tasks = [...tables.tasks.onInstance(instance.arn)];
  return {
    attributes: attributeValues(instance),
    agentConnected: instance.agentConnected,
    agentVersion: instance.versionInfo.agentVersion,
    ec2InstanceId: instance.ec2InstanceId,
    registeredAt: instance.registeredAt,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    taskGroups: tasks.map(({ group }) => group),
  };
}

function parseStatus(status: string | undefined): ContainerInstanceStatus | undefined {
  if (status === undefined || status === '') return undefined;
  const known = listedStatuses.find((one) => one === status);
  if (known !== undefined) return known;
  throw invalidParameter(
    `Container instances status should be one of [${listedStatuses.join(',')}]`,
  );
}
