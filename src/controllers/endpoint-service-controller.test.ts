import { expect, test } from 'vitest';
import {
  aDiscoveryInstance,
  aDiscoveryService,
  aPrivateNamespace,
} from '../../test/fixtures/a-discovery-service.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { aServiceWorld } from '../../test/fixtures/service-world.ts';
import { newDiscoveryServiceArn } from '../domain/cloud-map/discovery-service.ts';
import type { ServiceConnect } from '../domain/service-connect/service-connect.ts';
import { primaryOf, type Service } from '../domain/service/service.ts';
import { ManualClock } from '../support/clock.ts';
import { newId } from '../support/ids.ts';
import { EndpointServiceController } from './endpoint-service-controller.ts';

const namespace = aPrivateNamespace();
const discoveryArn = newDiscoveryServiceArn(namespace.arn, newId());
const serviceConnect: ServiceConnect = {
  configuration: { enabled: true },
  namespaceArn: namespace.arn,
  endpoints: [
    {
      portName: 'http',
      containerPort: 80,
      discoveryName: 'api',
      discoveryArn,
      dnsName: 'api.shop.local',
      port: 80,
      protocol: 'http',
    },
  ],
  reaches: [],
  containerName: 'ecs-service-connect-abcde',
};

/** A service whose endpoint no release has made a service of Cloud Map for. */
async function aWorld() {
  const { service: plain } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  const primary = primaryOf(plain);
  const revision = { ...primary.revision, serviceConnect };
  const service: Service = { ...plain, deployments: [{ ...primary, revision }] };
  const state = await openState();
  state.transact((tx) => {
    tx.namespaces.put(namespace);
    tx.services.put(service);
  });
  const controller = new EndpointServiceController({ state, clock: new ManualClock(5) });
  const settle = (): void => {
    expect([...controller.allKeys()]).toContain(service.arn);
    controller.reconcile(service.arn);
  };
  return { state, service, settle };
}

test('the endpoints of an older release get their services of Cloud Map', async () => {
  const { state, service, settle } = await aWorld();
  settle();
  const made = state.read.discoveryServices.findByArn(discoveryArn);
  expect(made).toMatchObject({
    namespaceArn: namespace.arn,
    name: 'api',
    type: 'HTTP',
    ownerServiceArn: service.arn,
    createdAt: 5,
  });
  settle();
  expect(state.read.discoveryServices.findByArn(discoveryArn)).toBe(made);
});

test("a name that is somebody else's stays theirs", async () => {
  const { state, settle } = await aWorld();
  const theirs = aDiscoveryService({ namespaceArn: namespace.arn, name: 'api' });
  state.transact((tx) => tx.discoveryServices.put(theirs));
  settle();
  expect([...state.read.discoveryServices.inNamespace(namespace.arn, undefined)]).toEqual([theirs]);
});

test('with the last deployment that needs it, a service of Cloud Map goes with its instances', async () => {
  const { state, service, settle } = await aWorld();
  settle();
  const instance = aDiscoveryInstance({ serviceArn: discoveryArn });
  state.transact((tx) => {
    tx.discoveryInstances.put(instance);
    tx.services.put({ ...service, status: 'DRAINING' });
  });
  settle();
  expect(state.read.discoveryInstances.countOf(discoveryArn)).toBe(1);
  state.transact((tx) => tx.services.put({ ...service, status: 'INACTIVE' }));
  settle();
  expect(state.read.discoveryServices.size).toBe(0);
  expect(state.read.discoveryInstances.size).toBe(0);
});
