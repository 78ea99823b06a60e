import { expect, test } from 'vitest';
import {
  aContainerInstance,
  aPlacementSpec,
  instanceArn,
  type GivenInstance,
  type GivenSpec,
} from '../../../test/fixtures/container-instances.ts';
import { randomNumbers } from '../../../test/fixtures/placement-lives.ts';
import type { ContainerInstanceArn } from '../arn.ts';
import { PlacementIndex, type Placement } from './placement-index.ts';
import { platformOf } from './platform.ts';
import { parseStrategy, strategyForm, type PlacementStrategy } from './placement-strategy.ts';
import type { Reservation } from './reservation.ts';

function clusterOf(...givens: readonly GivenInstance[]): PlacementIndex {
  const index = new PlacementIndex(randomNumbers(1));
  givens.forEach((given, id) => index.add(aContainerInstance({ id, ...given })));
  return index;
}

function failuresOf(placement: Placement): unknown {
  return placement.kind === 'Refused' ? placement.failures : 'placed';
}

function mustPlace(index: PlacementIndex, given: GivenSpec = {}): Reservation {
  const placement = index.place(aPlacementSpec(given));
  if (placement.kind === 'Refused') throw new Error('there is no place');
  return placement.reservation;
}

/** Places tasks of the specification one by one; gives the instances' numbers. */
function placesOf(index: PlacementIndex, count: number, given: GivenSpec): readonly number[] {
  return Array.from({ length: count }, () => {
    const { instanceArn: arn } = mustPlace(index, given);
    return Number.parseInt(arn.slice(-8), 16);
  });
}

const inZone = (zone: string): GivenInstance => ({ attributes: { 'ecs.availability-zone': zone } });

interface RefusedCase {
  readonly instance: GivenInstance;
  readonly spec: GivenSpec;
  readonly reason: string;
  readonly detail?: string;
}

test.each<RefusedCase>([
  { reason: 'AGENT', instance: { agentConnected: false }, spec: {} },
  {
    reason: 'ATTRIBUTE',
    instance: {},
    spec: { requiredAttributes: ['ecs.capability.task-eni'] },
    detail: 'ecs.capability.task-eni',
  },
  {
    reason: 'ATTRIBUTE',
    instance: { attributes: { 'ecs.cpu-architecture': 'x86_64' } },
    spec: { platform: platformOf({ cpuArchitecture: 'ARM64' }) },
    detail: 'ecs.cpu-architecture',
  },
  {
    reason: 'ATTRIBUTE',
    instance: { attributes: { 'ecs.os-type': 'windows' } },
    spec: { platform: platformOf(undefined) },
    detail: 'ecs.os-type',
  },
  {
    reason: 'ATTRIBUTE',
    instance: {
      attributes: { 'ecs.os-type': 'windows', 'ecs.os-family': 'WINDOWS_SERVER_2019_CORE' },
    },
    spec: { platform: platformOf({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }) },
    detail: 'ecs.os-family',
  },
  {
    reason: 'MemberOf placement constraint unsatisfied.',
    instance: {},
    spec: { memberOf: ['attribute:stack == prod'] },
  },
  {
    reason: 'LOCATION',
    instance: inZone('us-east-1a'),
    spec: { availabilityZones: ['us-east-1b'] },
  },
  { reason: 'RESOURCE:PORTS', instance: {}, spec: { requirements: { ports: [22] } } },
  {
    reason: 'RESOURCE:PORTS_UDP',
    instance: { registeredResources: { reservedUdpPorts: [53] } },
    spec: { requirements: { udpPorts: [53] } },
  },
  { reason: 'RESOURCE:CPU', instance: {}, spec: { requirements: { cpuUnits: 4097 } } },
  { reason: 'RESOURCE:MEMORY', instance: {}, spec: { requirements: { memoryMiB: 16_385 } } },
  { reason: 'RESOURCE:GPU', instance: {}, spec: { requirements: { gpuCount: 1 } } },
  { reason: 'RESOURCE:ENI', instance: {}, spec: { requirements: { networkInterfaces: 4 } } },
])('an instance is passed over for $reason $detail', ({ instance, spec, reason, detail }) => {
  const index = clusterOf(instance);
  const failure = { arn: instanceArn(0), reason, ...(detail && { detail }) };
  expect(failuresOf(index.place(aPlacementSpec(spec)))).toEqual([failure]);
});

test('of several reasons the instance shows the one whose filter comes first', () => {
  const wrong: GivenInstance = { ...inZone('us-east-1a'), agentConnected: false };
  const spec = aPlacementSpec({
    requiredAttributes: ['gone'],
    memberOf: ['attribute:gone exists'],
    availabilityZones: ['us-east-1b'],
    requirements: { ports: [22], cpuUnits: 9999, memoryMiB: 99_999, gpuCount: 1 },
  });
  const reasonNow = (given: GivenInstance, changed: GivenSpec = {}): unknown =>
    failuresOf(clusterOf(given).place(aPlacementSpec({ ...spec, ...changed })));
  const connected = { ...wrong, agentConnected: true };
  const withoutAttribute = { requiredAttributes: [] };
  const withoutConstraint = { ...withoutAttribute, memberOf: [] };
  const inItsZone = { ...withoutConstraint, availabilityZones: ['us-east-1a'] };
  const rightPorts = { ...inItsZone, requirements: { ...spec.requirements, ports: [] } };
  expect([
    reasonNow(wrong),
    reasonNow(connected),
    reasonNow(connected, withoutAttribute),
    reasonNow(connected, withoutConstraint),
    reasonNow(connected, inItsZone),
    reasonNow(connected, rightPorts),
  ]).toMatchObject([
    [{ reason: 'AGENT' }],
    [{ reason: 'ATTRIBUTE' }],
    [{ reason: 'MemberOf placement constraint unsatisfied.' }],
    [{ reason: 'LOCATION' }],
    [{ reason: 'RESOURCE:PORTS' }],
    [{ reason: 'RESOURCE:CPU' }],
  ]);
});

test('tasks of a group that must be on distinct instances get one each, until none is left', () => {
  const index = clusterOf({}, {});
  const spec = aPlacementSpec({ distinctInstance: true });
  const first = mustPlace(index, spec);
  const second = mustPlace(index, spec);
  expect(second.instanceArn).not.toBe(first.instanceArn);
  const reason = 'distinctInstance placement constraint unsatisfied.';
  expect(failuresOf(index.place(spec))).toEqual([
    { arn: instanceArn(0), reason },
    { arn: instanceArn(1), reason },
  ]);
  expect(mustPlace(index, { ...spec, group: 'family:other' })).toBeDefined();
  // A task that is to stop makes room before it has stopped.
  index.retire(first);
  expect(mustPlace(index, spec).instanceArn).toBe(first.instanceArn);
});

test('a cluster of draining instances has no active ones', () => {
  const index = clusterOf({ status: 'DRAINING' }, { status: 'DRAINING' });
  expect(failuresOf(index.place(aPlacementSpec()))).toEqual([{ reason: 'NO ACTIVE INSTANCES' }]);
});

test('a capacity provider without instances is empty', () => {
  const index = clusterOf({ capacityProviderName: 'blue' });
  expect(failuresOf(index.place(aPlacementSpec({ capacityProviderName: 'green' })))).toEqual([
    { reason: 'EMPTY CAPACITY PROVIDER' },
  ]);
  expect(mustPlace(index, { capacityProviderName: 'blue' }).instanceArn).toBe(instanceArn(0));
});

test('a cluster without instances has no failure to report', () => {
  expect(failuresOf(clusterOf().place(aPlacementSpec()))).toEqual([]);
});

test('EXTERNAL tasks go to machines of ECS Anywhere, and no others do', () => {
  const index = clusterOf({}, { attributes: { 'ecs.capability.external': '' } });
  expect(mustPlace(index, { isExternal: true }).instanceArn).toBe(instanceArn(1));
  expect(mustPlace(index, { isExternal: false }).instanceArn).toBe(instanceArn(0));
});

test('StartTask goes to the instance that it names, constraints or not', () => {
  const index = clusterOf({}, { status: 'DRAINING' }, {});
  const on = (id: number, given: GivenSpec = {}): unknown => {
    const placement = index.placeOn(instanceArn(id), aPlacementSpec(given));
    return placement.kind === 'Placed' ? placement.reservation.instanceArn : placement.failures;
  };
  expect(on(2, { memberOf: ['attribute:gone exists'] })).toBe(instanceArn(2));
  expect(on(1)).toEqual([{ arn: instanceArn(1), reason: 'INACTIVE' }]);
  expect(on(9)).toEqual([{ arn: instanceArn(9), reason: 'MISSING' }]);
  const tooBig = { requirements: { cpuUnits: 4096 } };
  expect(on(2, tooBig)).toEqual([{ arn: instanceArn(2), reason: 'RESOURCE:CPU' }]);
});

test('a task takes devices that are free, and gives them back when it has stopped', () => {
  const index = clusterOf({ registeredResources: { gpuIds: ['gpu-0', 'gpu-1', 'gpu-2'] } });
  const first = mustPlace(index, { requirements: { gpuCount: 2 } });
  expect(first.gpuIds).toEqual(['gpu-0', 'gpu-1']);
  expect(mustPlace(index, { requirements: { gpuCount: 1 } }).gpuIds).toEqual(['gpu-2']);
  index.retire(first);
  expect(index.remaining(first.instanceArn)?.gpuIds).toEqual([]);
  index.release(first);
  expect(index.remaining(first.instanceArn)?.gpuIds).toEqual(['gpu-0', 'gpu-1']);
});

test('a task that takes all GPUs gets those that are free, if there is one', () => {
  const index = clusterOf({ registeredResources: { gpuIds: ['gpu-0', 'gpu-1', 'gpu-2'] } });
  mustPlace(index, { requirements: { gpuCount: 1 } });
  const all = { requirements: { gpuCount: 1, takesAllGpus: true } };
  expect(mustPlace(index, all).gpuIds).toEqual(['gpu-1', 'gpu-2']);
  expect(index.place(aPlacementSpec(all))).toMatchObject({
    failures: [{ reason: 'RESOURCE:GPU' }],
  });
});

test('a task without an interface of its own fits where more are taken than there are', () => {
  const index = clusterOf({ registeredResources: { networkInterfaces: 1, gpuIds: ['gpu-0'] } });
  mustPlace(index, { requirements: { networkInterfaces: 1 } });
  index.update(aContainerInstance({ id: 0, registeredResources: { networkInterfaces: 0 } }));
  expect(failuresOf(index.place(aPlacementSpec({ requirements: { cpuUnits: 4097 } })))).toEqual([
    { arn: instanceArn(0), reason: 'RESOURCE:CPU' },
  ]);
  mustPlace(index, { requirements: { ports: [80] } });
  mustPlace(index, {});
});

test('a task without a GPU fits where more are taken than there are', () => {
  const index = clusterOf({ registeredResources: { gpuIds: ['gpu-0'] } });
  mustPlace(index, { requirements: { gpuCount: 1 } });
  index.update(aContainerInstance({ id: 0, registeredResources: { gpuIds: [] } }));
  mustPlace(index, { requirements: { ports: [80] } });
  expect(index.place(aPlacementSpec({})).kind).toBe('Placed');
});

test('a port that Docker picked is taken from then on, until the task has stopped', () => {
  const index = clusterOf({});
  const reservation = mustPlace(index);
  const onPort = { requirements: { ports: [32_768] } };
  index.bindPorts(reservation, { tcp: [32_768], udp: [] });
  expect(failuresOf(index.place(aPlacementSpec(onPort)))).toMatchObject([
    { reason: 'RESOURCE:PORTS' },
  ]);
  index.release(reservation);
  expect(mustPlace(index, onPort).instanceArn).toBe(reservation.instanceArn);
});

test('stopping a task twice, or on an instance that is gone, gives nothing back', () => {
  const index = clusterOf({});
  const whole = { requirements: { cpuUnits: 4096 } };
  const first = mustPlace(index, whole);
  index.release(first);
  index.release(first);
  const second = mustPlace(index, whole);
  index.remove(second.instanceArn);
  index.add(aContainerInstance({ id: 5 }));
  mustPlace(index, whole);
  index.release(second);
  expect(index.remaining(instanceArn(5))?.cpuUnits).toBe(0);
});

test('a task that is known from the records has its place without being placed', () => {
  const index = clusterOf({});
  const { requirements, group } = aPlacementSpec({ requirements: { memoryMiB: 16_000 } });
  const share = { requirements, group, gpuIds: [] };
  expect(index.take(instanceArn(0), share)?.instanceArn).toBe(instanceArn(0));
  expect(index.remaining(instanceArn(0))?.memoryMiB).toBe(384);
  const nowhere: ContainerInstanceArn = instanceArn(7);
  expect(index.take(nowhere, share)).toBeUndefined();
});

const zone: PlacementStrategy = { type: 'spread', attribute: 'ecs.availability-zone' };

test('tasks are spread over zones first, and over the instances of a zone then', () => {
  const index = clusterOf(inZone('a'), inZone('a'), inZone('a'), inZone('b'));
  const places = placesOf(index, 6, { strategy: [zone, { type: 'spread' }] });
  expect(places.filter((id) => id === 3)).toHaveLength(3);
  expect(new Set(places)).toEqual(new Set([0, 1, 2, 3]));
});

test('instances without the attribute that is spread over are the last choice', () => {
  const small = { registeredResources: { cpuUnits: 256 } };
  const index = clusterOf({}, { ...inZone('a'), ...small }, { ...inZone('b'), ...small });
  expect(placesOf(index, 3, { strategy: [zone] }).slice(2)).toEqual([0]);
});

test('binpack fills the instance with the least left that still fits', () => {
  const index = clusterOf(
    { registeredResources: { memoryMiB: 2000 } },
    { registeredResources: { memoryMiB: 1100 } },
    { registeredResources: { memoryMiB: 400 } },
  );
  const places = placesOf(index, 5, { strategy: [{ type: 'binpack', field: 'memory' }] });
  expect(places).toEqual([1, 1, 0, 0, 0]);
});

test('random tasks come to every instance that fits', () => {
  const index = clusterOf(...Array.from({ length: 20 }, () => ({})));
  const places = placesOf(index, 200, { strategy: [{ type: 'random' }] });
  expect(new Set(places).size).toBe(20);
});

test('a strategy is read as the API has it: keywords in any case, host for instanceId', () => {
  expect(
    parseStrategy([
      { type: 'spread', field: 'attribute:Rack' },
      { type: 'spread', field: 'host' },
      { type: 'spread', field: 'instanceId' },
      { type: 'binpack', field: 'CPU' },
      { type: 'binpack', field: 'memory' },
      { type: 'random' },
    ]),
  ).toEqual([
    { type: 'spread', attribute: 'Rack' },
    { type: 'spread' },
    { type: 'spread' },
    { type: 'binpack', field: 'cpu' },
    { type: 'binpack', field: 'memory' },
    { type: 'random' },
  ]);
});

test('nothing that comes behind random matters', () => {
  expect(strategyForm([{ type: 'random' }, zone]).attributes).toEqual([]);
});
