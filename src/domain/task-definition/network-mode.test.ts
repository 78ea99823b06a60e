import type { ContainerDefinition, NetworkMode, PortMapping } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { AcceptedCase, RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  contentFor,
  registrationRefusal,
  untyped,
  withContainer,
  withPorts,
} from '../../../test/fixtures/task-definition-requests.ts';

const linked: ContainerDefinition[] = [aContainer({ links: ['db'] }), aContainer({ name: 'db' })];

test.each<RefusedCase>([
  {
    what: 'an unknown mode',
    given: untyped({ networkMode: 'overlay' }),
    message: 'Network mode should be one of [bridge,host,awsvpc,none]',
  },
  {
    what: 'the mode of Windows on Linux',
    given: untyped({ networkMode: 'default' }),
    message: 'Network mode should be one of [bridge,host,awsvpc,none]',
  },
  {
    what: 'another host port in awsvpc mode',
    given: ports('awsvpc', { containerPort: 80, hostPort: 8080 }),
    message:
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  },
  {
    what: 'a dynamic host port in awsvpc mode',
    given: ports('awsvpc', { containerPort: 80, hostPort: 0 }),
    message:
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  },
  {
    what: 'another host port in host mode',
    given: ports('host', { containerPort: 80, hostPort: 8080 }),
    message:
      'When networkMode=host, the host ports and container ports in port mappings must match.',
  },
  {
    what: 'a port range in host mode',
    given: ports('host', { containerPortRange: '8000-8010' }),
    message: 'Port ranges are not supported when networkMode=host.',
  },
  {
    what: 'port mappings without a network',
    given: ports('none', { containerPort: 80 }),
    message: 'Port mappings are not supported when networkMode=none.',
  },
  {
    what: 'links in awsvpc mode',
    given: { networkMode: 'awsvpc', containerDefinitions: linked },
    message: 'Links are not supported when networkMode=awsvpc.',
  },
  {
    what: 'links in host mode',
    given: { networkMode: 'host', containerDefinitions: linked },
    message: 'Links are not supported when networkMode=host.',
  },
  {
    what: 'a host name in awsvpc mode',
    given: awsvpc({ hostname: 'web' }),
    message: 'hostname is not supported on container when networkMode=awsvpc.',
  },
  {
    what: 'extra hosts in awsvpc mode',
    given: awsvpc({ extraHosts: [{ hostname: 'db', ipAddress: '10.0.0.1' }] }),
    message: 'Extra hosts are not supported on container when networkMode=awsvpc.',
  },
  {
    what: 'DNS servers in awsvpc mode',
    given: awsvpc({ dnsServers: ['10.0.0.2'] }),
    message: 'DNS servers are not supported on container when networkMode=awsvpc.',
  },
  {
    what: 'DNS search domains in awsvpc mode',
    given: awsvpc({ dnsSearchDomains: ['local'] }),
    message: 'DNS search domains are not supported on container when networkMode=awsvpc.',
  },
  {
    what: 'disabled networking in awsvpc mode',
    given: awsvpc({ disableNetworking: true }),
    message: 'Disable Networking is not supported on container when networkMode=awsvpc.',
  },
  {
    what: 'a container port twice in an awsvpc task',
    given: twoContainers('awsvpc', { containerPort: 8085 }),
    message: "TCP container port '8085' is used multiple times in task when networkMode=awsvpc.",
  },
  {
    what: 'a UDP container port twice in an awsvpc task',
    given: twoContainers('awsvpc', { containerPort: 53, protocol: 'udp' }),
    message: "UDP container port '53' is used multiple times in task when networkMode=awsvpc.",
  },
  {
    what: 'a mapping name twice in an awsvpc task',
    given: ports('awsvpc', { containerPort: 80, name: 'web' }, { containerPort: 81, name: 'web' }),
    message: 'When networkMode=awsvpc, port mapping name is already used',
  },
  {
    what: 'a host port twice in bridge mode',
    given: twoContainers('bridge', { containerPort: 80, hostPort: 3000 }),
    message: "TCP host port '3000' is mapped multiple times in task.",
  },
  {
    what: 'a host port twice in host mode',
    given: twoContainers('host', { containerPort: 3000 }),
    message: "TCP host port '3000' is mapped multiple times in task.",
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'no network mode', given: {} },
  { what: 'links in bridge mode', given: { containerDefinitions: linked } },
  {
    what: 'dynamic host ports for one port twice',
    given: twoContainers('bridge', { containerPort: 80 }),
  },
  {
    what: 'one host port over TCP and UDP',
    given: withPorts(
      { containerPort: 53, hostPort: 53 },
      { containerPort: 53, hostPort: 53, protocol: 'udp' },
    ),
  },
  { what: 'a host name in bridge mode', given: withContainer({ hostname: 'web' }) },
  { what: 'no network at all', given: { networkMode: 'none' } },
  { what: 'port ranges in awsvpc mode', given: ports('awsvpc', { containerPortRange: '80-90' }) },
  {
    what: 'equal ports in awsvpc mode',
    given: ports('awsvpc', { containerPort: 80, hostPort: 80 }),
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test.each<{ networkMode: NetworkMode; hostPort: number }>([
  { networkMode: 'bridge', hostPort: 0 },
  { networkMode: 'awsvpc', hostPort: 80 },
  { networkMode: 'host', hostPort: 80 },
])('in $networkMode mode a port 80 without a host port is shown with $hostPort', (row) => {
  const content = contentFor(ports(row.networkMode, { containerPort: 80 }));
  expect(content.containerDefinitions[0]?.portMappings).toEqual([
    { containerPort: 80, hostPort: row.hostPort, protocol: 'tcp' },
  ]);
});

test('a port range is shown without a host port', () => {
  const content = contentFor(ports('bridge', { containerPortRange: '80-90' }));
  expect(content.containerDefinitions[0]?.portMappings).toEqual([
    { containerPortRange: '80-90', protocol: 'tcp' },
  ]);
});

test('the default mode of Windows may be stated and is not shown', () => {
  const runtimePlatform = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' };
  const content = contentFor(untyped({ networkMode: 'default', runtimePlatform }));
  expect(content).not.toHaveProperty('networkMode');
});

function awsvpc(given: ContainerDefinition) {
  return { networkMode: 'awsvpc' as const, ...withContainer(given) };
}

function ports(networkMode: NetworkMode, ...portMappings: PortMapping[]) {
  return { networkMode, ...withPorts(...portMappings) };
}

function twoContainers(networkMode: NetworkMode, mapping: PortMapping) {
  const portMappings = [mapping];
  const names = ['app', 'other'];
  return {
    networkMode,
    containerDefinitions: names.map((name) => aContainer({ name, portMappings })),
  };
}
