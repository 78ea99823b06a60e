import { expect, test } from 'vitest';
import { aCluster } from '../../test/fixtures/a-cluster.ts';
import { aServiceConnect, anEndpoint } from '../../test/fixtures/a-service-connect.ts';
import { aTask } from '../../test/fixtures/a-task.ts';
import { aServiceWorld } from '../../test/fixtures/service-world.ts';
import { newEvents } from '../domain/service/service-events.ts';
import { messages } from '../domain/service/service-messages.ts';
import { revisionsOf } from '../domain/service/service.ts';
import { StoredForms, UnreadableRecordError } from './stored-forms.ts';
import { Tables } from './tables.ts';

const openJournal = { isOpen: true, note: () => undefined };

function aWorld(): { tables: Tables; forms: StoredForms } {
  const tables = new Tables(openJournal);
  return { tables, forms: new StoredForms(tables) };
}

const cluster = aCluster({ tags: [{ key: 'größe', value: '\n"🚢' }] });
const stored = { kind: 'cluster', key: cluster.arn, form: 1, body: JSON.stringify(cluster) };

test('a record comes back from the store as it went there', () => {
  const before = aWorld();
  before.tables.clusters.put(cluster);
  const record = before.forms.encode('cluster', cluster.arn);
  expect(record).toEqual(stored);
  const after = aWorld();
  after.forms.restore(stored);
  expect(after.tables.clusters.findByArn(cluster.arn)).toEqual(cluster);
});

test('a restored record is found by every index', () => {
  const { tables, forms } = aWorld();
  forms.restore(stored);
  forms.restore({ ...stored, body: JSON.stringify({ ...cluster, status: 'INACTIVE' }) });
  expect([...tables.clusters.inactive()]).toHaveLength(1);
  expect(tables.clusters.size).toBe(1);
});

test('a record that is gone has no stored form', () => {
  expect(aWorld().forms.encode('cluster', cluster.arn)).toBeUndefined();
});

test.each([
  [
    'a form of a later release',
    { form: 2 },
    `The cluster ${cluster.arn} is stored in form 2, but this release of Longshore knows forms up to 1. ` +
      'Start the newer release that wrote it.',
  ],
  [
    'a kind that is not known',
    { kind: 'unheard-of' },
    `The store holds ${cluster.arn} of the kind "unheard-of", which this release of Longshore does not know. ` +
      'Start the newer release that wrote it.',
  ],
  ...['{"arn":', '', 'null', '"text"', '7', '[]', '{}', '{"arn":"another"}'].map(
    (body): [string, object, string] => [
      `the damaged body '${body}'`,
      { body },
      `The stored cluster ${cluster.arn} is damaged and cannot be read. ` +
        'Restore the data folder from a backup.',
    ],
  ),
])('a record of %s is refused by name', (_, given, message) => {
  const { tables, forms } = aWorld();
  const restore = () => forms.restore({ ...stored, ...given });
  expect(restore).toThrow(UnreadableRecordError);
  expect(restore).toThrow(message);
  expect(tables.clusters.size).toBe(0);
});

test.each(['service', 'task-definition', 'task', 'family', 'client-token', 'namespace'])(
  'a %s that is not one is refused by name',
  (kind) => {
    const restore = () => aWorld().forms.restore({ kind, key: 'a', form: 1, body: '{}' });
    expect(restore).toThrow(`The stored ${kind} a is damaged and cannot be read.`);
  },
);

test('a service of form 1, which knows no other strategy than REPLICA, says so in the newest form', () => {
  const { tables, forms } = aWorld();
  const { service } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  const { schedulingStrategy, placementConstraints, placementStrategy, ...former } = service;
  const body = JSON.stringify(former);
  forms.restore({ kind: 'service', key: service.arn, form: 1, body });
  expect(schedulingStrategy).toBe('REPLICA');
  expect([placementConstraints, placementStrategy]).toEqual([[], []]);
  expect(tables.services.findByArn(service.arn)).toEqual(service);
  expect(forms.encode('service', service.arn)).toMatchObject({ form: 4 });
});

test('what tasks reach, which was names and ports alone, has all members in the newest form', () => {
  const { tables, forms } = aWorld();
  const [own, other] = [anEndpoint('api'), anEndpoint('web')];
  const names = [other, own].map(({ dnsName, port }) => ({ dnsName, port }));
  const { protocol: _, ...formerOwn } = own;
  const setting = {
    ...aServiceConnect([own], [other, own]),
    endpoints: [formerOwn],
    reaches: names,
  };
  const task = aTask({ lastStatus: 'RUNNING' });
  const stored = { ...task, serviceConnect: { attachmentId: 'a', setting } };
  forms.restore({ kind: 'task', key: task.arn, form: 1, body: JSON.stringify(stored) });
  expect(tables.tasks.findByArn(task.arn)?.serviceConnect?.setting).toMatchObject({
    endpoints: [{ ...formerOwn, protocol: 'tcp' }],
    reaches: names.map((name) => ({ ...name, discoveryArn: '', protocol: 'tcp' })),
  });
  expect([...tables.tasks.behindEndpoint(own.discoveryArn)]).toHaveLength(1);

  const { service } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  const [primary] = service.deployments;
  const revision = { ...primary.revision, serviceConnect: setting };
  const former = { ...service, deployments: [{ ...primary, revision }] };
  forms.restore({ kind: 'service', key: service.arn, form: 3, body: JSON.stringify(former) });
  forms.restore({
    kind: 'service-revision',
    key: revision.arn,
    form: 1,
    body: JSON.stringify(revision),
  });
  const restored = tables.serviceRevisions.findByArn(revision.arn);
  expect(restored?.serviceConnect?.reaches).toMatchObject([{ protocol: 'tcp' }, { port: 80 }]);
  const [deployment] = revisionsOf(tables.services.findByArn(service.arn) ?? service);
  expect(deployment?.serviceConnect).toEqual(restored?.serviceConnect);
});

test('events of form 2, which only their words tell apart, have a subject in form 3', () => {
  const { tables, forms } = aWorld();
  const { service } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  const newest = newEvents(
    service,
    [
      messages.steady,
      messages.taskSetSteady('ecs-svc/1'),
      messages.unableToPlace('RESOURCE:CPU'),
      messages.blocked,
    ],
    service.createdAt,
    () => 'id',
  );
  const { events: _, ...rest } = service;
  const former = newest.map(({ id, createdAt, message }) => ({ id, createdAt, message }));
  const body = JSON.stringify({ ...rest, events: former });
  forms.restore({ kind: 'service', key: service.arn, form: 2, body });
  expect(tables.services.findByArn(service.arn)?.events.map(({ subject }) => subject.kind)).toEqual(
    ['SteadyState', 'Message', 'PlacementFailed', 'Message'],
  );
});

test('a namespace of form 1, which ECS made for a cluster, is an HTTP namespace in form 2', () => {
  const { tables, forms } = aWorld();
  const arn = 'arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef';
  const former = { arn, scope: 'arn:aws:ecs:us-east-1:123456789012', name: 'shop', createdAt: 5 };
  forms.restore({ kind: 'namespace', key: arn, form: 1, body: JSON.stringify(former) });
  const newest = { ...former, kind: 'HTTP', httpName: 'shop', tags: [] };
  expect(tables.namespaces.findByArn(arn)).toEqual(newest);
  expect(forms.encode('namespace', arn)).toMatchObject({ form: 2 });
});
