import {
  lastPathElement,
  parseOwnArn,
  serviceArn,
  taskArn,
  type ParsedArn,
  type Scope,
} from '../../domain/arn.ts';
import {
  capacityProviderInactiveForTags,
  capacityProviderTakesNoTags,
} from '../../domain/capacity-provider/capacity-provider-errors.ts';
import { parseCapacityProviderRef } from '../../domain/capacity-provider/capacity-provider-ref.ts';
import { isBuiltInCapacityProvider } from '../../domain/capacity-provider/provider-kind.ts';
import { clusterInactiveForTags } from '../../domain/cluster/cluster-errors.ts';
import { clusterArn, containerInstanceArn } from '../../domain/arn.ts';
import { unexpectedSeparators } from '../../domain/cluster/cluster-ref.ts';
import { cannotDescribeDaemonTaskDefinition } from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import { parseDaemonArn } from '../../domain/daemon/daemon-ref.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { serviceInactiveForTags } from '../../domain/service/service-errors.ts';
import { isExternal } from '../../domain/service/service.ts';
import { withTaskSet } from '../../domain/service/task-sets/change-task-set.ts';
import {
  cannotDescribeTaskDefinition,
  daemonTaskDefinitions,
  parseRevisionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { Tag } from '../../domain/tags.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { Transaction } from '../../state/state.ts';

/** A resource that carries tags, and how to give it others. */
export interface Taggable {
  readonly tags: readonly Tag[];
  readonly put: (tx: Transaction, tags: readonly Tag[]) => void;
}

/**
 * Finds the resource that an ARN names (Developer Guide, "Tagging Amazon ECS resources").
 * @throws EcsError for one that does not exist or that takes no tags any more
 */
export function requireTaggable(
  tables: ReadonlyTables,
  scope: Scope,
  resourceArn: string | undefined,
): Taggable {
  if (!resourceArn) throw invalidParameter('ResourceArn can not be blank.');
  const arn = parseOwnArn(scope, resourceArn);
  switch (arn.resourceType) {
    case 'cluster':
      return taggableCluster(tables, scope, arn);
    case 'task':
      return taggableTask(tables, scope, arn);
    case 'task-definition':
      return taggableTaskDefinition(tables, scope, resourceArn);
    case 'capacity-provider':
      return taggableCapacityProvider(tables, scope, resourceArn);
    case 'service':
      return taggableService(tables, scope, arn);
    case 'container-instance':
      return taggableInstance(tables, scope, arn);
    case 'task-set':
      return taggableTaskSet(tables, scope, arn, resourceArn);
    case 'daemon-task-definition':
      return taggableDaemonTaskDefinition(tables, scope, resourceArn);
    case 'daemon':
      return taggableDaemon(tables, scope, resourceArn);
    default:
      throw invalidParameter(`Unsupported resource type: ${arn.resourceType}`);
  }
}

/** [inferred text] */
function doesNotExist(resource: string): Error {
  return invalidParameter(`The specified ${resource} does not exist.`);
}

function taggableCluster(tables: ReadonlyTables, scope: Scope, { path }: ParsedArn): Taggable {
  if (path.length > 1) throw unexpectedSeparators();
  const cluster = tables.clusters.findByArn(clusterArn(scope, path[0] ?? ''));
  if (!cluster) throw doesNotExist('cluster');
  if (cluster.status === 'INACTIVE') throw clusterInactiveForTags();
  return { tags: cluster.tags, put: (tx, tags) => tx.clusters.put({ ...cluster, tags }) };
}

function taggableInstance(tables: ReadonlyTables, scope: Scope, { path }: ParsedArn): Taggable {
  const [clusterName = '', id] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (id === undefined) {
    throw invalidParameter('Long arn format must be used for tagging operations');
  }
  const instance = tables.containerInstances.findByArn(
    containerInstanceArn(scope, clusterName, id),
  );
  if (!instance || instance.status === 'INACTIVE') throw doesNotExist('container instance');
  return {
    tags: instance.tags,
    put: (tx, tags) => tx.containerInstances.put({ ...instance, tags }),
  };
}

function taggableTask(tables: ReadonlyTables, scope: Scope, { path }: ParsedArn): Taggable {
  const [clusterName = '', id] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (id === undefined) {
    throw invalidParameter('Long arn format must be used for tagging operations');
  }
  const task = tables.tasks.findByArn(taskArn(scope, clusterName, id));
  if (!task) throw doesNotExist('task');
  if (task.lastStatus === 'STOPPED') {
    throw invalidParameter('The specified task is stopped. Specify a running task and try again.');
  }
  return { tags: task.tags, put: (tx, tags) => tx.tasks.put({ ...task, tags }) };
}

function taggableService(tables: ReadonlyTables, scope: Scope, { path }: ParsedArn): Taggable {
  const [clusterName = '', name] = path;
  if (path.length > 2) throw unexpectedSeparators();
  if (name === undefined) {
    throw invalidParameter('Long arn format must be used for tagging operations');
  }
  const service = tables.services.findByArn(serviceArn(scope, clusterName, name));
  if (!service) throw doesNotExist('service');
  if (service.status === 'INACTIVE') throw serviceInactiveForTags();
  return { tags: service.tags, put: (tx, tags) => tx.services.put({ ...service, tags }) };
}

function taggableTaskSet(
  tables: ReadonlyTables,
  scope: Scope,
  { path }: ParsedArn,
  resourceArn: string,
): Taggable {
  const [clusterName = '', name = ''] = path;
  const service = tables.services.findByArn(serviceArn(scope, clusterName, name));
  const taskSet =
    service && isExternal(service)
      ? service.taskSets.find(({ arn }) => arn === resourceArn)
      : undefined;
  if (!service || !isExternal(service) || !taskSet) throw doesNotExist('task set');
  return {
    tags: taskSet.tags,
    put: (tx, tags) => tx.services.put(withTaskSet(service, { ...taskSet, tags })),
  };
}

function taggableCapacityProvider(tables: ReadonlyTables, scope: Scope, text: string): Taggable {
  const arn = parseCapacityProviderRef(scope, text);
  if (isBuiltInCapacityProvider(lastPathElement(arn))) throw capacityProviderTakesNoTags();
  const provider = tables.capacityProviders.findByArn(arn);
  if (!provider) throw doesNotExist('capacity provider');
  if (provider.status === 'INACTIVE') throw capacityProviderInactiveForTags();
  return {
    tags: provider.tags,
    put: (tx, tags) => tx.capacityProviders.put({ ...provider, tags }),
  };
}

function taggableTaskDefinition(tables: ReadonlyTables, scope: Scope, arn: string): Taggable {
  const { family, revision } = parseRevisionRef(scope, arn);
  const definition = tables.taskDefinitions.findRevision(scope, family, revision);
  if (!definition) throw cannotDescribeTaskDefinition();
  return {
    tags: definition.tags,
    put: (tx, tags) => tx.taskDefinitions.put({ ...definition, tags }),
  };
}

function taggableDaemon(tables: ReadonlyTables, scope: Scope, arn: string): Taggable {
  const daemon = tables.daemons.findByArn(parseDaemonArn(scope, arn));
  if (!daemon) throw doesNotExist('daemon');
  return { tags: daemon.tags, put: (tx, tags) => tx.daemons.put({ ...daemon, tags }) };
}

function taggableDaemonTaskDefinition(
  { daemonTaskDefinitions: definitions }: ReadonlyTables,
  scope: Scope,
  arn: string,
): Taggable {
  const { family, revision } = parseRevisionRef(scope, arn, daemonTaskDefinitions);
  const definition = definitions.findRevision(scope, family, revision);
  if (!definition) throw cannotDescribeDaemonTaskDefinition();
  return {
    tags: definition.tags,
    put: (tx, tags) => tx.daemonTaskDefinitions.put({ ...definition, tags }),
  };
}
