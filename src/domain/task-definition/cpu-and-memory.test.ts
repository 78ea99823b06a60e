import { expect, test } from 'vitest';
import type { AcceptedCase, RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  contentFor,
  onFargate,
  refusalOf,
  registrationRefusal,
  untyped,
  withContainer,
} from '../../../test/fixtures/task-definition-requests.ts';
import { parseTaskCpu, parseTaskMemory } from './cpu-and-memory.ts';

test.each([
  ['256', 256],
  ['1024', 1024],
  ['.25 vCPU', 256],
  ['0.5 VCPU', 512],
  ['1 vcpu', 1024],
  ['1vCPU', 1024],
  ['192 vCPU', 196_608],
])("ECS reads a task's CPU of %s as %i units", (text, units) => {
  expect(parseTaskCpu(text)).toBe(units);
});

test.each([
  ['512', 512],
  ['0.5GB', 512],
  ['.5 gb', 512],
  ['1 GB', 1024],
  ['1.5 GB', 1536],
])("ECS reads a task's memory of %s as %i MiB", (text, mib) => {
  expect(parseTaskMemory(text)).toBe(mib);
});

test.each(['', ' ', 'abc', '-1', '1.5', '1 GB', '. vCPU', '1e3', '2147483648', '9'.repeat(400)])(
  "RegisterTaskDefinition refuses a task's CPU of %j",
  (cpu) => {
    expect(registrationRefusal({ cpu })).toBe(
      "InvalidParameterException: Invalid 'cpu' setting for task.",
    );
  },
);

test.each(['', '0', 'abc', '-1', '1.5', '1 vCPU', '0 GB', '2147483648'])(
  "RegisterTaskDefinition refuses a task's memory of %j",
  (memory) => {
    expect(registrationRefusal({ memory })).toBe(
      "InvalidParameterException: Invalid 'memory' setting for task.",
    );
  },
);

test("a malformed CPU is found before a missing essential container and another network mode's fault", () => {
  const given = onFargate({
    cpu: '',
    networkMode: 'bridge',
    ...withContainer({ essential: false }),
  });
  expect(registrationRefusal(given)).toBe(
    "InvalidParameterException: Invalid 'cpu' setting for task.",
  );
});

test('a container without memory is found before the sizes of Fargate', () => {
  const given = onFargate({
    cpu: '512',
    memory: undefined,
    ...withContainer({ memory: undefined }),
  });
  expect(registrationRefusal(given)).toBe(
    "ClientException: Invalid setting for container 'app'. " +
      "At least one of 'memory' or 'memoryReservation' must be specified.",
  );
});

const outOfRange =
  "Invalid 'cpu' setting for task. For more information, see the Troubleshooting section " +
  'of the Amazon ECS Developer Guide.';

test.each<RefusedCase>([
  {
    what: 'no memory anywhere',
    given: withContainer({ memory: undefined }),
    message:
      "Invalid setting for container 'app'. " +
      "At least one of 'memory' or 'memoryReservation' must be specified.",
  },
  {
    what: 'memory of zero alone',
    given: withContainer({ memory: 0 }),
    message:
      "Invalid setting for container 'app'. " +
      "At least one of 'memory' or 'memoryReservation' must be specified.",
  },
  {
    what: 'a reservation greater than the limit',
    given: withContainer({ memory: 128, memoryReservation: 129 }),
    message:
      "Invalid setting for container 'app'. " +
      "'memory' must be greater than or equal to 'memoryReservation'.",
  },
  {
    what: 'a limit greater than that of the task',
    given: { memory: '512', ...withContainer({ memory: 513 }) },
    message: "The 'memory' setting for container 'app' is greater than for the task",
  },
  {
    what: 'reservations greater than the task together',
    given: { memory: '512', ...twoContainers({ memoryReservation: 257, memory: undefined }) },
    message:
      "The sum of all container 'memoryReservation' values cannot be greater than " +
      "the value of the task 'memory'.",
  },
  {
    what: 'CPU greater than that of the task together',
    given: { cpu: '256', ...twoContainers({ cpu: 129 }) },
    message:
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  },
  {
    what: 'negative CPU',
    given: withContainer({ cpu: -1 }),
    message: "Invalid 'cpu' setting for container 'app'.",
  },
  {
    what: 'negative memory',
    given: withContainer({ memory: -1 }),
    message: "Invalid 'memory' setting for container 'app'.",
  },
  {
    what: 'a negative reservation',
    given: withContainer({ memoryReservation: -1 }),
    message: "Invalid 'memoryReservation' setting for container 'app'.",
  },
  { what: 'a task of 127 units', given: { cpu: '127' }, message: outOfRange },
  { what: 'a task of 193 vCPU', given: { cpu: '193 vCPU' }, message: outOfRange },
  {
    what: 'a number that no int holds',
    given: withContainer({ cpu: 2_147_483_648 }),
    message: 'Numeric value (2147483648) out of range of int',
  },
  {
    what: 'a number that JSON reads as infinite',
    given: withContainer({ ulimits: [{ name: 'core', softLimit: 0, hardLimit: Infinity }] }),
    message: 'Numeric value (Infinity) out of range of int',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'a reservation equal to the limit', given: withContainer({ memoryReservation: 128 }) },
  { what: 'memory of the task alone', given: { memory: '512', ...withContainer({ memory: 0 }) } },
  { what: 'a limit equal to that of the task', given: { memory: '128' } },
  { what: 'limits greater than the task together', given: { memory: '128', ...twoContainers({}) } },
  {
    what: 'CPU equal to that of the task together',
    given: { cpu: '256', ...twoContainers({ cpu: 128 }) },
  },
  { what: 'a task of 128 units', given: { cpu: '128' } },
  { what: 'a task of 192 vCPU', given: { cpu: '192 vCPU' } },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test('the size of a task is shown as plain numbers of units and MiB', () => {
  const content = contentFor({ cpu: '1 vCPU', memory: '.5 gb' });
  expect(content).toMatchObject({ cpu: '1024', memory: '512' });
});

test('fractions of numbers are cut off', () => {
  const [container] = contentFor(untyped(withContainer({ cpu: 1.9 }))).containerDefinitions;
  expect(container?.cpu).toBe(1);
});

test('a bad size is refused with an error of ECS', () => {
  expect(refusalOf(() => parseTaskCpu('x'))).toMatch(/^InvalidParameterException/);
  expect(refusalOf(() => parseTaskMemory('x'))).toMatch(/^InvalidParameterException/);
});

function twoContainers(given: Parameters<typeof aContainer>[0]) {
  return { containerDefinitions: [aContainer(given), aContainer({ ...given, name: 'other' })] };
}
