import { describe, expect, test } from 'vitest';
import { anOrder, type GivenContainer } from '../../../../test/fixtures/an-order.ts';
import type { TaskDefinitionContent } from '../../../domain/task-definition/task-definition.ts';
import { containerSpecs } from '../container-spec.ts';
import { networkOf } from './task-network.ts';

type NetworkMode = NonNullable<TaskDefinitionContent['networkMode']>;

/** The network of an EC2 task, and what its first container gets of it. */
function networkIn(networkMode: NetworkMode, ...containers: Partial<GivenContainer>[]) {
  const order = anOrder(
    containers.map((container) => ({ image: 'nginx', ...container })),
    { task: { launchType: 'EC2' }, content: { networkMode } },
  );
  const [spec] = containerSpecs(order);
  if (!spec) throw new Error('An order has a container.');
  const network = networkOf(order);
  const body = network.bodyOf(spec, { order, pauseId: 'pause', hostRanges, nameServers });
  return { network, spec, body, order };
}

const nameServers = ['169.254.169.253', '192.0.2.1'];
const hostRanges = new Map([['9000-9002/tcp', 50_000]]);

const twoPorts = [
  { containerPort: 80, hostPort: 8080, protocol: 'tcp' as const },
  { containerPort: 53, hostPort: 0, protocol: 'udp' as const },
];

describe('on the bridge', () => {
  test('a port of the host is bound as it is named, or chosen by the Engine', () => {
    const { body } = networkIn('bridge', { portMappings: twoPorts });
    expect(body).toEqual({
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      HostConfig: {
        NetworkMode: 'bridge',
        Dns: nameServers,
        Links: [],
        PortBindings: {
          '80/tcp': [{ HostIp: '', HostPort: '8080' }],
          '53/udp': [{ HostIp: '', HostPort: '' }],
        },
      },
    });
  });

  test('one port of a container can have several of the host', () => {
    const portMappings = [8080, 8081].map((hostPort) => ({ containerPort: 80, hostPort }));
    const { body, network, spec } = networkIn('bridge', { portMappings });
    expect(body.HostConfig.PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '', HostPort: '8080' },
        { HostIp: '', HostPort: '8081' },
      ],
    });
    const published = {
      '80/tcp': [
        { HostIp: '0.0.0.0', HostPort: '8080' },
        { HostIp: '0.0.0.0', HostPort: '8081' },
      ],
    };
    expect(network.bindingsOf(spec.definition, published)).toHaveLength(2);
  });

  test('bindings are what the Engine says, of IPv4 alone', () => {
    const { network, spec } = networkIn('bridge', { portMappings: twoPorts });
    const published = {
      '80/tcp': [
        { HostIp: '0.0.0.0', HostPort: '8080' },
        { HostIp: '::', HostPort: '8080' },
      ],
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '32768' }],
      '99/tcp': null,
    };
    expect(network.bindingsOf(spec.definition, published)).toEqual([
      { bindIP: '0.0.0.0', containerPort: 80, hostPort: 8080, protocol: 'tcp' },
      { bindIP: '127.0.0.1', containerPort: 53, hostPort: 32_768, protocol: 'udp' },
    ]);
  });

  test('a range of ports is bound to as many of the host, and told as one', () => {
    const portMappings = [{ containerPortRange: '9000-9002', protocol: 'tcp' as const }];
    const { body, network, spec } = networkIn('bridge', { portMappings });
    expect(body.HostConfig.PortBindings).toEqual({
      '9000/tcp': [{ HostIp: '', HostPort: '50000' }],
      '9001/tcp': [{ HostIp: '', HostPort: '50001' }],
      '9002/tcp': [{ HostIp: '', HostPort: '50002' }],
    });
    expect(Object.keys(body.ExposedPorts ?? {})).toEqual(['9000/tcp', '9001/tcp', '9002/tcp']);
    const published = { '9000/tcp': [{ HostIp: '0.0.0.0', HostPort: '50000' }] };
    expect(network.bindingsOf(spec.definition, published)).toEqual([
      {
        bindIP: '0.0.0.0',
        containerPortRange: '9000-9002',
        hostPortRange: '50000-50002',
        protocol: 'tcp',
      },
    ]);
  });

  test('a container has names of its own, and finds those that it is linked to', () => {
    const { body, order } = networkIn(
      'bridge',
      {
        hostname: 'me',
        dnsServers: ['10.0.0.2'],
        dnsSearchDomains: ['example.com'],
        extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.9' }],
        links: ['web:site', 'web'],
      },
      { name: 'web' },
    );
    const web = containerSpecs(order)[1]?.dockerName;
    expect(web).toMatch(/^ecs-test-1-web-[0-9a-f]{20}$/);
    expect(body).toMatchObject({
      Hostname: 'me',
      HostConfig: {
        Dns: ['10.0.0.2'],
        DnsSearch: ['example.com'],
        ExtraHosts: ['db:10.0.0.9'],
        Links: [`${web}:site`, `${web}:web`],
      },
    });
  });

  test('a container with links is made after those that it is linked to, and starts after them', () => {
    const { spec } = networkIn('bridge', { links: ['web:site', 'db'] }, { name: 'web' });
    expect(spec.ordering.buildsOn).toEqual(['web', 'db']);
  });
});

test("in host mode a container's ports are the host's", () => {
  const portMappings = [{ containerPort: 80, hostPort: 80, protocol: 'tcp' as const }];
  const { body, network, spec } = networkIn('host', { portMappings });
  expect(body).toEqual({ HostConfig: { NetworkMode: 'host' } });
  expect(network.bindingsOf(spec.definition, {})).toEqual([
    { bindIP: '0.0.0.0', containerPort: 80, hostPort: 80, protocol: 'tcp' },
  ]);
});

test('without a network a container is reached nowhere', () => {
  const { body, network, spec } = networkIn('none', { disableNetworking: true });
  expect(body).toEqual({ NetworkDisabled: true, HostConfig: { NetworkMode: 'none' } });
  expect(network.bindingsOf(spec.definition, {})).toEqual([]);
});

test('with an interface of its own a task has one namespace, which a pause container holds', () => {
  const { body, network } = networkIn('awsvpc', {});
  expect(network.isShared).toBe(true);
  expect(body).toEqual({ HostConfig: { NetworkMode: 'container:pause' } });
});
