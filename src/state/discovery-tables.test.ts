import { expect, test } from 'vitest';
import { scope } from '../../test/fixtures/a-cluster.ts';
import { aDiscoveryService, aPrivateNamespace } from '../../test/fixtures/a-discovery-service.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { scopeKey } from '../domain/arn.ts';
import { mostOperations } from '../domain/cloud-map/cloud-map-operation.ts';
import { namespaceArn, namespaceOfCluster } from '../domain/namespace/namespace.ts';
import { newId } from '../support/ids.ts';
import { deregisterInstance, registerInstance } from './register-instance.ts';

const aRecord = { routingPolicy: 'MULTIVALUE', records: [{ type: 'A', ttlSeconds: 10 }] } as const;
const attributes = { AWS_INSTANCE_IPV4: '10.0.0.1' };

test('of namespaces that share a name the HTTP namespace is found by it, and each private one by DNS', async () => {
  const { transact, read } = await openStateBound();
  const elsewhere = { ...scope, accountId: '999999999999' };
  const mine = aPrivateNamespace({ name: 'Shop' });
  const theirs = aPrivateNamespace({ name: 'shop', scope: scopeKey(elsewhere) });
  const now = 0;
  const arn = namespaceArn(scope, newId());
  const http = namespaceOfCluster({ scope, arn, name: 'Shop', httpName: 'Shop-1', now });
  transact((tx) => {
    for (const namespace of [mine, theirs, http]) tx.namespaces.put(namespace);
  });
  expect(read.namespaces.findByName(scope, 'Shop')).toBe(http);
  expect(read.namespaces.findByHttpName(scope, 'Shop-1')).toBe(http);
  expect(read.namespaces.findByHttpName(scope, 'Shop')).toBe(mine);
  expect([...read.namespaces.privateZones('sHop')]).toEqual([mine, theirs]);
});

test('a service of Cloud Map is found by its id, by its name and, with records, by its name in DNS', async () => {
  const { transact, read } = await openStateBound();
  const service = aDiscoveryService({ name: 'Api', dnsConfig: aRecord });
  const plain = aDiscoveryService({ namespaceArn: service.namespaceArn, name: 'api' });
  transact((tx) => {
    tx.discoveryServices.put(service);
    tx.discoveryServices.put(plain);
  });
  const { discoveryServices } = read;
  expect(discoveryServices.findById(scope, service.id)).toBe(service);
  expect(discoveryServices.findByName(service.namespaceArn, 'Api')).toBe(service);
  expect(discoveryServices.findByName(service.namespaceArn, 'api')).toBe(plain);
  expect(discoveryServices.findByDnsName(service.namespaceArn, 'api')).toBe(service);
  expect(discoveryServices.countIn(service.namespaceArn)).toBe(2);
});

test('each registration and each deregistration changes the revision of the instances', async () => {
  const { transact, read } = await openStateBound();
  const service = aDiscoveryService({ dnsConfig: aRecord });
  transact((tx) => tx.discoveryServices.put(service));
  const current = () => read.discoveryServices.findByArn(service.arn) ?? service;
  const ids = () =>
    [...read.discoveryInstances.ofService(service.arn, undefined)].map((one) => one.instanceId);
  const register = (instanceId: string, now: number) =>
    transact((tx) => registerInstance(tx, current(), { instanceId, attributes }, now));

  register('b', 10);
  const first = register('a', 20);
  register('b', 30);
  expect([ids(), current().instancesRevision]).toEqual([['a', 'b'], 30]);
  transact((tx) => deregisterInstance(tx, first, 30));
  expect([ids(), current().instancesRevision]).toEqual([['b'], 31]);
});

test('a service takes 1,000 instances, and its namespace 2,000', async () => {
  const { transact } = await openStateBound();
  const first = aDiscoveryService({ name: 'a', dnsConfig: aRecord });
  const [second, third] = ['b', 'c'].map((name) => aDiscoveryService({ ...first, name }));
  const fill = (service: typeof first, count: number, from = 0) =>
    transact((tx) => {
      for (let index = from; index < from + count; index += 1) {
        registerInstance(tx, service, { instanceId: `i-${index}`, attributes }, 0);
      }
    });
  fill(first, 1_000);
  expect(() => fill(first, 1, 1_000)).toThrow('The maximum number of instances in the service');
  fill(first, 1); // It is there already.
  if (!second || !third) throw new Error('There are three services.');
  fill({ ...second, arn: `${first.arn}b` }, 1_000);
  const one = () => fill({ ...third, arn: `${first.arn}c` }, 1);
  expect(one).toThrow('The maximum number of instances in the namespace');
});

test('the newest 10,000 operations of an account in a region are remembered', async () => {
  const { transact, read } = await openStateBound();
  const add = (from: number, count: number, accountId = scope.accountId) =>
    transact((tx) => {
      for (let index = from; index < from + count; index += 1) {
        tx.cloudMapOperations.add({
          id: `${accountId}-${String(index).padStart(6, '0')}`,
          scope: scopeKey({ ...scope, accountId }),
          type: 'CREATE_NAMESPACE',
          targets: {},
          namespaceId: 'ns-1',
          request: { id: 'same', digest: '' },
          createdAt: index,
        });
      }
    });
  add(0, mostOperations);
  add(0, 1, '999999999999');
  expect(read.cloudMapOperations.size).toBe(mostOperations + 1);
  add(mostOperations, 2);
  expect(read.cloudMapOperations.size).toBe(mostOperations + 1);
  const { cloudMapOperations } = read;
  const [newest] = cloudMapOperations.list(scope, undefined);
  expect(newest?.createdAt).toBe(mostOperations + 1);
  expect(cloudMapOperations.findByRequest(scope, 'same')).toBe(newest);
  const found = [1, 2].map((index) =>
    cloudMapOperations.findById(scope, `${scope.accountId}-00000${index}`),
  );
  expect(found.map((one) => one?.createdAt)).toEqual([undefined, 2]);
  expect(cloudMapOperations.findById(scope, '999999999999-000000')).toBeUndefined();
});

async function openStateBound() {
  const state = await openState();
  const transact: typeof state.transact = (body) => state.transact(body);
  return { transact, read: state.read };
}
