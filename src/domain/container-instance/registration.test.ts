import { expect, test } from 'vitest';
import { aCluster } from '../../../test/fixtures/a-cluster.ts';
import { attributeValue } from './container-instance.ts';
import { newContainerInstance, parseRegistration, reregistered } from './registration.ts';

const cluster = aCluster();
const id = '0123456789abcdef0123456789abcdef';

function register(input: Parameters<typeof parseRegistration>[0], now = 5) {
  const registration = parseRegistration(input, undefined);
  return newContainerInstance({ cluster, registration, now, id });
}

const external = [{ name: 'ecs.capability.external' }, { name: 'ecs.os-type', value: 'linux' }];

test('a machine outside EC2 is an instance with an id of its own kind, and not yet connected', () => {
  expect(register({ attributes: external })).toMatchObject({
    arn: `arn:aws:ecs:us-east-1:123456789012:container-instance/default/${id}`,
    ec2InstanceId: `mi-${id.slice(-17)}`,
    status: 'ACTIVE',
    agentConnected: false,
    version: 1,
    registeredAt: 5,
    attributes: [...external, { name: 'ecs.availability-zone', value: 'us-east-1a' }],
  });
});

test('an EC2 instance is what its identity document says', () => {
  const instance = register({
    instanceIdentityDocument: JSON.stringify({
      instanceId: 'i-0a1b',
      instanceType: 'm7i.large',
      availabilityZone: 'us-east-1c',
      imageId: 'ami-1',
      architecture: 'arm64',
      accountId: 7,
    }),
  });
  expect(instance.ec2InstanceId).toBe('i-0a1b');
  expect(attributeValue(instance, 'ecs.instance-type')).toBe('m7i.large');
  expect(attributeValue(instance, 'ecs.availability-zone')).toBe('us-east-1c');
  expect(attributeValue(instance, 'ecs.ami-id')).toBe('ami-1');
  expect(attributeValue(instance, 'ecs.cpu-architecture')).toBe('arm64');
});

test.each(['', '{', 'null', '7', '{"instanceId":""}'])(
  'an identity document %j tells nothing, and harms nothing',
  (instanceIdentityDocument) => {
    expect(register({ instanceIdentityDocument }).ec2InstanceId).toBe(`i-${id.slice(-17)}`);
  },
);

test('resources are taken as the agent sends them', () => {
  const instance = register({
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: 3767 },
      { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22', '2375', 'x'] },
      { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
    ],
    platformDevices: [{ id: 'GPU-1', type: 'GPU' }],
  });
  expect(instance.registeredResources).toMatchObject({
    cpuUnits: 2048,
    memoryMiB: 3767,
    reservedPorts: [22, 2375],
    reservedUdpPorts: [],
    gpuIds: ['GPU-1'],
  });
});

test('an invalid attribute is dropped, which tells the agent; the others are echoed', () => {
  const { attributes } = register({
    attributes: [
      { name: 'rack', value: 'r1' },
      { name: 'bad name', value: 'a' },
      { name: 'padded', value: ' a' },
      { name: 'long', value: 'v'.repeat(129) },
    ],
  });
  expect(attributes.map(({ name }) => name)).toEqual(['rack', 'ecs.availability-zone']);
});

test('a tag of aws: is refused', () => {
  expect(() => register({ tags: [{ key: 'aws:a', value: '' }] })).toThrow(
    'Tag key must not start with aws:',
  );
});

test('an agent that starts anew keeps its status, its custom attributes, and its zone', () => {
  const instance = {
    ...register({ attributes: [...external, { name: 'rack', value: 'r1' }] }),
    status: 'DRAINING' as const,
  };
  const again = parseRegistration({ attributes: [{ name: 'ecs.os-type', value: 'linux' }] }, 't');
  expect(reregistered(instance, again)).toMatchObject({
    arn: instance.arn,
    status: 'DRAINING',
    version: 2,
    registeredAt: 5,
    attributes: [
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'rack', value: 'r1' },
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
    ],
  });
});

test('an EC2 instance cannot come back as one of another type', () => {
  const document = (instanceType: string) => ({
    instanceIdentityDocument: JSON.stringify({ instanceType }),
  });
  const instance = register(document('m7i.large'));
  expect(() =>
    reregistered(instance, parseRegistration(document('m7i.xlarge'), undefined)),
  ).toThrow(
    `Container instance type changes are not supported. Container instance ${id} was previously ` +
      'registered as m7i.large.',
  );
});
