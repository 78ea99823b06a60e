import { expect, test } from 'vitest';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import type { Cluster } from './cluster.ts';
import { deletedCluster } from './delete-cluster.ts';

const empty = { containerInstances: 0, services: 0, tasks: 0, capacityProviders: 0 };

test('an empty cluster is INACTIVE at once', () => {
  const cluster = aCluster();
  expect(deletedCluster(cluster, empty, 7)).toEqual({
    ...cluster,
    status: 'INACTIVE',
    inactiveAt: 7,
  });
});

test('a cluster with a namespace is DEPROVISIONING first', () => {
  const attachments = [{ id: 'a', type: 'sc', status: 'ATTACHED' }] as const;
  const cluster = aCluster({ attachments, attachmentsStatus: 'UPDATE_COMPLETE' });
  expect(deletedCluster(cluster, empty, 7)).toEqual({ ...cluster, status: 'DEPROVISIONING' });
});

test.each(['INACTIVE', 'DEPROVISIONING'] as const)('a cluster that is %s stays so', (status) => {
  const cluster = aCluster({ status });
  expect(deletedCluster(cluster, { ...empty, tasks: 1 }, 7)).toBe(cluster);
});

test.each<[string, Partial<Cluster>, object, string]>([
  [
    'attachments that change',
    { attachmentsStatus: 'UPDATE_IN_PROGRESS' },
    { services: 1 },
    'UpdateInProgressException: The specified cluster is in a busy state. Cluster attachments ' +
      'must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated.',
  ],
  [
    'container instances',
    {},
    { containerInstances: 1, services: 1, tasks: 1 },
    'ClusterContainsContainerInstancesException: The Cluster cannot be deleted while ' +
      'Container Instances are active or draining.',
  ],
  [
    'services',
    {},
    { services: 1, tasks: 1 },
    'ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.',
  ],
  [
    'tasks',
    {},
    { tasks: 1, capacityProviders: 1 },
    'ClusterContainsTasksException: The Cluster cannot be deleted while Tasks are active.',
  ],
  [
    'capacity providers of its own',
    {},
    { capacityProviders: 1 },
    'ClientException: The Cluster cannot be deleted while Cluster Scoped Capacity Providers are ' +
      'attached to the cluster.',
  ],
])('a cluster with %s is not deleted', (_, given, contents, refusal) => {
  const attempt = () => deletedCluster(aCluster(given), { ...empty, ...contents }, 7);
  expect(refusalOf(attempt)).toBe(refusal);
});
