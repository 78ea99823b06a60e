import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCluster, scope } from '../../test/fixtures/a-cluster.ts';
import { aTaskDefinition } from '../../test/fixtures/a-task-definition.ts';
import { aTask } from '../../test/fixtures/a-task.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { aServiceWorld } from '../../test/fixtures/service-world.ts';
import { clusterArn, serviceArn, taskArn, type ClusterArn } from '../domain/arn.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { shownRevisionOf, type AnyService } from '../domain/service/service.ts';
import { countsOf } from '../domain/service/service-tasks.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { LaunchType, Task } from '../domain/task/task.ts';
import type { Table } from './table.ts';
import type { TaskCounts } from './task-table.ts';
import type { ReadonlyTables, Tables } from './tables.ts';

/** The same records in the plainest of forms: what tables and their indices are compared with. */
type Model<Row> = Map<string, Row>;

interface Change<Row> {
  readonly row: Row;
  readonly deletes: boolean;
}

interface Bundle<Row> {
  readonly changes: readonly Change<Row>[];
  /** Ends with an error, so that nothing of it may be left. */
  readonly fails: boolean;
}

function bundlesOf<Row>(row: fc.Arbitrary<Row>): fc.Arbitrary<readonly Bundle<Row>[]> {
  const change = fc.record({ row, deletes: fc.boolean() });
  const bundle = fc.record({ changes: fc.array(change, { maxLength: 5 }), fails: fc.boolean() });
  return fc.array(bundle, { maxLength: 20 });
}

/** Makes all changes to a table and to a model of it, and compares after each bundle. */
async function compare<Row extends object>(
  bundles: readonly Bundle<Row>[],
  tableOf: (tables: Tables) => Table<Row>,
  check: (tables: ReadonlyTables, rows: readonly Row[]) => void,
): Promise<void> {
  const state = await openState();
  const model: Model<Row> = new Map();
  for (const { changes, fails } of bundles) {
    try {
      state.transact((tx) => {
        const table = tableOf(tx);
        for (const { row, deletes } of changes) {
          if (deletes) table.delete(row);
          else table.put(row);
        }
        if (fails) throw new Rollback();
        for (const { row, deletes } of changes) {
          if (deletes) model.delete(table.keyOf(row));
          else model.set(table.keyOf(row), row);
        }
      });
    } catch (error) {
      if (!(error instanceof Rollback)) throw error;
    }
    check(state.read, [...model.values()]);
  }
  await state.flush();
}

class Rollback extends Error {}

const arnsOf = (rows: Iterable<{ readonly arn: string }>): string[] =>
  Iterator.from(rows[Symbol.iterator]())
    .map(({ arn }) => arn)
    .toArray();
const sorted = (keys: readonly string[]): string[] => keys.toSorted((a, b) => (a < b ? -1 : 1));
const among = <Value>(...values: Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

const otherScope = { ...scope, accountId: '999999999999' };

test('clusters are found as in a plain list', async () => {
  const anyCluster = fc
    .record({
      name: among('a', 'b', 'c', 'd'),
      of: among(scope, otherScope),
      status: among<Cluster['status']>('PROVISIONING', 'ACTIVE', 'DEPROVISIONING', 'INACTIVE'),
    })
    .map(({ name, of, status }): Cluster => aCluster({ name, arn: clusterArn(of, name), status }));
  await fc.assert(
    fc.asyncProperty(bundlesOf(anyCluster), (bundles) =>
      compare(bundles, (tables) => tables.clusters, checkClusters),
    ),
  );
});

function checkClusters({ clusters }: ReadonlyTables, rows: readonly Cluster[]): void {
  const where = (...statuses: Cluster['status'][]) =>
    sorted(arnsOf(rows.filter(({ status }) => statuses.includes(status))));
  expect(arnsOf(clusters.inactive())).toEqual(where('INACTIVE'));
  expect(arnsOf(clusters.unsettled())).toEqual(where('PROVISIONING', 'DEPROVISIONING'));
  const live = where('PROVISIONING', 'ACTIVE', 'DEPROVISIONING');
  for (const of of [scope, otherScope]) {
    const mine = live.filter((arn) => arn.includes(of.accountId));
    expect(clusters.count(of)).toBe(mine.length);
    expect(arnsOf(clusters.list(of, undefined))).toEqual(mine);
    for (const after of ['a', 'bb', 'z'].map((name) => clusterArn(of, name))) {
      expect(arnsOf(clusters.list(of, after))).toEqual(mine.filter((arn) => arn > after));
    }
  }
}

const families = ['a', 'a-', 'a_b', 'ab', 'b'];
const definitionStatuses = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'] as const;

test('task definitions and families are found as in a plain list', async () => {
  const anyDefinition = fc
    .record({
      family: among(...families),
      revision: among(1, 2, 9, 10, 11, 1_000_000),
      status: among(...definitionStatuses),
    })
    .map((given): TaskDefinition => aTaskDefinition(given));
  await fc.assert(
    fc.asyncProperty(bundlesOf(anyDefinition), (bundles) =>
      compare(bundles, (tables) => tables.taskDefinitions, checkDefinitions),
    ),
  );
});

function checkDefinitions(
  { taskDefinitions }: ReadonlyTables,
  rows: readonly TaskDefinition[],
): void {
  const inOrder = rows.toSorted((a, b) =>
    a.family === b.family ? a.revision - b.revision : a.family < b.family ? -1 : 1,
  );
  for (const status of definitionStatuses) {
    for (const family of [undefined, ...families]) {
      const expected = arnsOf(
        inOrder.filter((row) => row.status === status && (family ?? row.family) === row.family),
      );
      const query = { scope, status, family };
      const list = (direction: 'ASC' | 'DESC') =>
        arnsOf(taskDefinitions.list({ ...query, direction }, undefined));
      expect(list('ASC')).toEqual(expected);
      expect(list('DESC')).toEqual(expected.toReversed());
    }
  }
  for (const family of families) {
    const active = inOrder.filter((row) => row.family === family && row.status === 'ACTIVE');
    expect(taskDefinitions.findLatestActive(scope, family)).toBe(active.at(-1));
  }
  const names = [...new Set(inOrder.map(({ family }) => family))];
  for (const prefix of ['', ...families, 'c']) {
    const listed = [...taskDefinitions.families(scope, prefix, undefined)];
    expect(listed.map(([name]) => name)).toEqual(names.filter((name) => name.startsWith(prefix)));
    for (const [name, counts] of listed) {
      const of = inOrder.filter(({ family }) => family === name);
      for (const status of definitionStatuses) {
        expect(counts[status]).toBe(of.filter((row) => row.status === status).length);
      }
    }
  }
  const deleting = inOrder.filter(({ status }) => status === 'DELETE_IN_PROGRESS');
  expect(arnsOf(taskDefinitions.deleting())).toEqual(arnsOf(deleting));
}

const clusterNames = ['blue', 'green'];

/** A task's cluster, launch type and group never change, and so follow from its id here. */
function launchTypeOf(id: string): LaunchType {
  return Number(id) % 2 === 0 ? 'FARGATE' : 'EC2';
}

function groupOf(id: string): string {
  return Number(id) < 4 ? 'service:shop' : 'family:web';
}

test('tasks are found and counted as in a plain list', async () => {
  const anyTask = fc
    .record({
      id: among('1', '2', '3', '4', '5'),
      cluster: among(...clusterNames),
      family: among('web', 'api'),
      startedBy: among('me', 'you', undefined),
      lastStatus: among<Task['lastStatus']>('PROVISIONING', 'RUNNING', 'DEPROVISIONING', 'STOPPED'),
      desiredStatus: among<Task['desiredStatus']>('RUNNING', 'STOPPED'),
    })
    .map(({ id, cluster, startedBy, ...given }): Task => {
      const of = { arn: taskArn(scope, cluster, id), clusterArn: clusterArn(scope, cluster) };
      const launchType = launchTypeOf(id);
      return aTask({
        ...given,
        ...of,
        launchType,
        group: groupOf(id),
        ...(startedBy && { startedBy }),
      });
    });
  await fc.assert(
    fc.asyncProperty(bundlesOf(anyTask), (bundles) =>
      compare(bundles, (tables) => tables.tasks, checkTasks),
    ),
  );
});

function checkTasks({ tasks }: ReadonlyTables, rows: readonly Task[]): void {
  const where = (matches: (task: Task) => boolean) => sorted(arnsOf(rows.filter(matches)));
  expect(arnsOf(tasks.live())).toEqual(where((task) => task.lastStatus !== 'STOPPED'));
  expect(arnsOf(tasks.stopped())).toEqual(where((task) => task.lastStatus === 'STOPPED'));
  for (const cluster of clusterNames.map((name) => clusterArn(scope, name))) {
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      const of = (task: Task) =>
        task.clusterArn === cluster && task.desiredStatus === desiredStatus;
      const query = { clusterArn: cluster, desiredStatus };
      const list = (given: { family?: string; startedBy?: string }) =>
        arnsOf(tasks.list({ ...query, ...given }, undefined));
      expect(list({})).toEqual(where(of));
      expect(list({ family: 'web' })).toEqual(where((t) => of(t) && t.family === 'web'));
      expect(list({ startedBy: 'me' })).toEqual(where((t) => of(t) && t.startedBy === 'me'));
    }
    checkCounts(
      tasks.countsOf(cluster),
      rows.filter((task) => task.clusterArn === cluster),
    );
    checkDeployments(tasks, cluster);
  }
  const [definition] = rows;
  if (!definition) return;
  const uses = rows.some(({ lastStatus }) => lastStatus !== 'STOPPED');
  expect(tasks.usesDefinition(definition.taskDefinitionArn)).toBe(uses);
}

test('services are listed and counted as in a plain list', async () => {
  const { service } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  const [primary] = service.deployments;
  const anyService = fc
    .record({
      name: among('1', '2', '3', '4', '5'),
      cluster: among(...clusterNames),
      status: among<AnyService['status']>('ACTIVE', 'DRAINING', 'INACTIVE'),
      launchType: among<LaunchType>('FARGATE', 'EC2'),
    })
    .map(({ name, cluster, status, launchType }): AnyService => {
      const revision = { ...primary.revision, launchType };
      return {
        ...service,
        arn: serviceArn(scope, cluster, name),
        clusterArn: clusterArn(scope, cluster),
        status,
        deployments: [{ ...primary, revision }],
      };
    });
  await fc.assert(
    fc.asyncProperty(bundlesOf(anyService), (bundles) =>
      compare(bundles, (tables) => tables.services, checkServices),
    ),
  );
});

function checkServices({ services }: ReadonlyTables, rows: readonly AnyService[]): void {
  for (const cluster of clusterNames.map((name) => clusterArn(scope, name))) {
    const of = (status: string) =>
      rows.filter((row) => row.clusterArn === cluster && row.status === status);
    expect(arnsOf(services.list(cluster, undefined))).toEqual(sorted(arnsOf(of('ACTIVE'))));
    const launched = (status: string, launchType: LaunchType) =>
      of(status).filter((row) => shownRevisionOf(row)?.launchType === launchType);
    const { active, draining } = services.countsOf(cluster);
    for (const launchType of ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const) {
      expect(active[launchType]).toBe(launched('ACTIVE', launchType).length);
      expect(draining[launchType]).toBe(launched('DRAINING', launchType).length);
    }
  }
}

/** What is counted as tasks change is what the scheduler of services counts by looking at them. */
function checkDeployments(tasks: ReadonlyTables['tasks'], cluster: ClusterArn): void {
  const ofService = tasks.unaccountedOf(cluster, 'service:shop');
  for (const id of ['me', 'you']) {
    const { running, pending } = countsOf(ofService, { id, desiredCount: 0 });
    expect(tasks.deploymentCounts(cluster, 'service:shop', id)).toEqual({ running, pending });
  }
  expect(tasks.deploymentCounts(cluster, 'family:web', 'me')).toEqual({ running: 0, pending: 0 });
}

function checkCounts(counts: TaskCounts, tasks: readonly Task[]): void {
  const live = tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  expect(counts.notStopped).toBe(live.length);
  const wanted = live.filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  for (const launchType of ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const) {
    const launched = wanted.filter((task) => task.launchType === launchType);
    const running = launched.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    expect(counts.running[launchType]).toBe(running);
    expect(counts.pending[launchType]).toBe(launched.length - running);
  }
}
