import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../../test/fixtures/a-service-connect.ts';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { aContainerDefinition, aTaskDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { lastPathElement } from '../arn.ts';
import type { HealthStatus, Task } from '../task/task.ts';
import { membershipOf } from './membership.ts';
import type { ServiceConnectEndpoint } from './service-connect.ts';

const secondMs = 1000;
const startedAt = 50_000;
const api = anEndpoint('api');

function aMember(given: Partial<Task> = {}, endpoint: ServiceConnectEndpoint = api): Task {
  const setting = aServiceConnect([endpoint]);
  return aTask({
    lastStatus: 'RUNNING',
    startedAt,
    containers: [aTaskContainer({ lastStatus: 'RUNNING', hasHealthCheck: false })],
    serviceConnect: { attachmentId: 'a', setting },
    networkInterface: {
      attachmentId: 'b',
      subnetId: 'subnet-1',
      status: 'ATTACHED',
      address: {
        networkInterfaceId: 'eni-1',
        macAddress: '02:42:ac:11:00:02',
        privateIpv4Address: '10.0.0.7',
      },
    },
    ...given,
  });
}

function checkedTask(healthStatus: HealthStatus): Task {
  const container = aTaskContainer({ lastStatus: 'RUNNING', hasHealthCheck: true, healthStatus });
  return aMember({ containers: [container] });
}

function definitionWith(check: { interval?: number; retries?: number; startPeriod?: number }) {
  const healthCheck = { command: ['CMD', 'true'], ...check };
  return aTaskDefinition({ containerDefinitions: [aContainerDefinition({ healthCheck })] });
}

const membership = (task: Task, now = startedAt, definition = definitionWith({})) =>
  membershipOf(task, definition, api.discoveryArn, now);

test('a task is called at its own address, on the port of its container or on the one that its proxy has instead', () => {
  const task = aMember();
  const id = lastPathElement(task.arn);
  const unchecked = aTaskDefinition();
  const endpoint = { id, address: '10.0.0.7', port: 8080 };
  expect(membership(task, startedAt, unchecked)).toEqual({ kind: 'In', endpoint });
  const overridden = aMember({}, { ...api, ingressPortOverride: 9000 });
  const { endpoint: other } = {
    endpoint: undefined,
    ...membership(overridden, startedAt, unchecked),
  };
  expect(other).toMatchObject({ address: '10.0.0.7', port: 9000 });
});

test.for([
  ['does not run yet', { lastStatus: 'PENDING' }],
  ['is to stop', { desiredStatus: 'STOPPED' }],
  ['has no address', { networkInterface: undefined }],
  ['has no Service Connect', { serviceConnect: undefined }],
] as const)('a task that %s is out', ([, given]) => {
  const { networkInterface, serviceConnect, ...task } = { ...aMember(), ...given };
  const present = {
    ...(networkInterface && { networkInterface }),
    ...(serviceConnect && { serviceConnect }),
  };
  expect(membership({ ...task, ...present }).kind).toBe('Out');
});

test('a task is out of an endpoint that is not its own', () => {
  expect(membershipOf(aMember(), aTaskDefinition(), anEndpoint('other').discoveryArn, 0).kind).toBe(
    'Out',
  );
});

test('a HEALTHY task is in at once, and an UNHEALTHY one is out', () => {
  expect(membership(checkedTask('HEALTHY')).kind).toBe('In');
  expect(membership(checkedTask('UNHEALTHY'), startedAt + 600 * secondMs).kind).toBe('Out');
});

test.for([
  { check: {}, seconds: 90 },
  { check: { interval: 5, retries: 2 }, seconds: 10 },
  { check: { interval: 5, retries: 2, startPeriod: 60 }, seconds: 70 },
  { check: { interval: 300, retries: 10 }, seconds: 8 * 60 },
])(
  'a task of UNKNOWN health waits $seconds seconds with the check $check',
  ({ check, seconds }) => {
    const task = checkedTask('UNKNOWN');
    const until = startedAt + seconds * secondMs;
    expect(membership(task, until - 1, definitionWith(check))).toEqual({ kind: 'Waits', until });
    expect(membership(task, until, definitionWith(check)).kind).toBe('In');
  },
);

test('nobody waits for longer than eight minutes', () => {
  const check = fc.record({
    interval: fc.integer({ min: 5, max: 300 }),
    retries: fc.integer({ min: 1, max: 10 }),
    startPeriod: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(check, (given) => {
      const at = startedAt + 8 * 60 * secondMs;
      expect(membership(checkedTask('UNKNOWN'), at, definitionWith(given)).kind).toBe('In');
    }),
  );
});
