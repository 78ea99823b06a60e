import { expect, test } from 'vitest';
import type { AcceptedCase, RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  contentFor,
  registrationRefusal,
  withPorts,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';
import { parsePortRange } from './port-mappings.ts';

const invalidContainerPort = "Invalid 'containerPort' setting for container 'app'.";
const invalidRange = "Invalid 'containerPortRange' setting for container 'app'.";

test.each<RefusedCase>([
  {
    what: 'a port above 65535',
    given: withPorts({ containerPort: 65_536 }),
    message: invalidContainerPort,
  },
  {
    what: 'a negative port',
    given: withPorts({ containerPort: -1 }),
    message: invalidContainerPort,
  },
  {
    what: 'a mapping without a port',
    given: withPorts({ protocol: 'udp' }),
    message: invalidContainerPort,
  },
  {
    what: 'a host port above 65535',
    given: withPorts({ containerPort: 80, hostPort: 65_536 }),
    message: "Invalid 'hostPort' setting for container 'app'.",
  },
  {
    what: 'a range of one number',
    given: withPorts({ containerPortRange: '80' }),
    message: invalidRange,
  },
  {
    what: 'a range backwards',
    given: withPorts({ containerPortRange: '90-80' }),
    message: invalidRange,
  },
  {
    what: 'a range from 0',
    given: withPorts({ containerPortRange: '0-80' }),
    message: invalidRange,
  },
  {
    what: 'a range to 65536',
    given: withPorts({ containerPortRange: '1-65536' }),
    message: invalidRange,
  },
  {
    what: 'a port and a range in one mapping',
    given: withPorts({ containerPort: 80, containerPortRange: '8000-8010' }),
    message:
      "Invalid port mapping for container 'app', " +
      'cannot specify both single port and port range.',
  },
  {
    what: 'a range with a host port',
    given: withPorts({ containerPortRange: '8000-8010', hostPort: 8000 }),
    message: "Invalid 'hostPort' setting for container 'app'.",
  },
  {
    what: 'a hundred and one ranges',
    given: withPorts(...manyRanges(101)),
    message: "Container 'app' can have at most 100 port ranges.",
  },
  {
    what: 'ranges that overlap',
    given: withPorts({ containerPortRange: '8000-8010' }, { containerPortRange: '8010-8020' }),
    message: "Port ranges of container 'app' must not overlap.",
  },
  {
    what: 'a port within a range',
    given: withPorts({ containerPortRange: '8000-8010' }, { containerPort: 8005 }),
    message: "Port ranges of container 'app' must not overlap.",
  },
  {
    what: 'a name that starts with a hyphen',
    given: withPorts({ containerPort: 80, name: '-web' }),
    message: 'Port mapping name must match ^[a-z0-9_][a-z0-9_-]{0,63}$, but was -web',
  },
  {
    what: 'an unknown application protocol',
    given: withUntypedContainer({ portMappings: [{ containerPort: 80, appProtocol: 'gopher' }] }),
    message: 'appProtocol should be one of [http,http2,grpc]',
  },
  {
    what: 'an application protocol over UDP',
    given: withPorts({ containerPort: 80, protocol: 'udp', appProtocol: 'http' }),
    message: 'appProtocol is only supported with protocol tcp.',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'port 65535', given: withPorts({ containerPort: 65_535, hostPort: 65_535 }) },
  {
    what: 'one port over TCP and UDP',
    given: withPorts({ containerPort: 53 }, { containerPort: 53, protocol: 'udp' }),
  },
  { what: 'a hundred ranges', given: withPorts(...manyRanges(100)) },
  {
    what: 'a name of 64 characters',
    given: withPorts({ containerPort: 80, name: 'n'.repeat(64) }),
  },
  { what: 'an application protocol', given: withPorts({ containerPort: 80, appProtocol: 'grpc' }) },
  {
    what: 'one range over TCP and UDP',
    given: withPorts(
      { containerPortRange: '8000-8010' },
      { containerPortRange: '8000-8010', protocol: 'udp' },
    ),
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test('any protocol but udp is shown as tcp', () => {
  const portMappings = [
    { containerPort: 1, protocol: 'UDP' },
    { containerPort: 2, protocol: 'udp' },
  ];
  const [container] = contentFor(withUntypedContainer({ portMappings })).containerDefinitions;
  expect(container?.portMappings.map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
});

test.each([
  ['8000-9000', { first: 8000, last: 9000 }],
  ['1-65535', { first: 1, last: 65_535 }],
  ['80-80', undefined],
  ['a-b', undefined],
  ['1-2-3', undefined],
])('ECS reads the port range %s', (text, range) => {
  expect(parsePortRange(text)).toEqual(range);
});

function manyRanges(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    containerPortRange: `${i * 10 + 1}-${i * 10 + 5}`,
  }));
}
