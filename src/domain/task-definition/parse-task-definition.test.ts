import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyAcceptedRequest, anyRequestShape } from '../../../test/fixtures/any-task-definition.ts';
import type { RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  aRequest,
  contentFor,
  onFargate,
  refusalOf,
  registrationRefusal,
  untyped,
  withContainer,
} from '../../../test/fixtures/task-definition-requests.ts';
import { compatibilitiesOf } from './compatibilities.ts';
import { parseTaskDefinition } from './parse-task-definition.ts';
import { requiresAttributesOf } from './requires-attributes.ts';

test('the smallest definition is shown with its defaults and nothing else', () => {
  const request: RegisterTaskDefinitionRequest = {
    family: 'web',
    containerDefinitions: [
      { name: 'web', image: 'nginx', memory: 128, portMappings: [{ containerPort: 80 }] },
    ],
  };
  expect(parseTaskDefinition(request)).toEqual({
    family: 'web',
    content: {
      containerDefinitions: [
        {
          name: 'web',
          image: 'nginx',
          cpu: 0,
          memory: 128,
          portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
        },
      ],
      volumes: [],
      placementConstraints: [],
    },
    tags: [],
  });
});

test('settings of the task are shown as given', () => {
  const given = onFargate({
    executionRoleArn: 'ecsTaskExecutionRole',
    pidMode: 'task',
    ephemeralStorage: { sizeInGiB: 30 },
    runtimePlatform: { cpuArchitecture: 'ARM64' },
    enableFaultInjection: false,
  });
  expect(contentFor(given)).toMatchObject(given);
});

test('what is not given is not there, rather than undefined', () => {
  const content = contentFor({ pidMode: undefined, ...withContainer({ user: undefined }) });
  expect(Object.keys(content)).toEqual(['containerDefinitions', 'volumes', 'placementConstraints']);
  expect(content.containerDefinitions[0]).not.toHaveProperty('user');
});

test('names of objects are plain data', () => {
  const request: RegisterTaskDefinitionRequest = JSON.parse(
    '{"family":"__proto__","containerDefinitions":[{"name":"__proto__","image":"i","memory":6,' +
      '"dockerLabels":{"__proto__":"a","constructor":"b"}}]}',
  );
  const { family, content } = parseTaskDefinition(request);
  const [container] = content.containerDefinitions;
  expect(family).toBe('__proto__');
  expect(container?.name).toBe('__proto__');
  expect(Object.entries(container?.dockerLabels ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test('tags are those of the request, and bad ones refuse it', () => {
  const tags = [{ key: 'team', value: 'web' }];
  expect(parseTaskDefinition(aRequest({ tags })).tags).toEqual(tags);
  expect(registrationRefusal({ tags: [...tags, ...tags] })).toBe(
    'InvalidParameterException: Duplicate tag keys are not allowed.',
  );
});

test.each<RefusedCase>([
  {
    what: 'the family before the containers',
    given: { family: '', containerDefinitions: [] },
    message: 'Family should not be null or empty.',
  },
  {
    what: 'names before memory',
    given: withContainer({ name: 'a.b', memory: undefined }),
    message: 'Container.name contains invalid characters.',
  },
  {
    what: 'memory before ports',
    given: withContainer({ memory: undefined, portMappings: [{}] }),
    message:
      "Invalid setting for container 'app'. " +
      "At least one of 'memory' or 'memoryReservation' must be specified.",
  },
  {
    what: 'ports before mount points',
    given: withContainer({ portMappings: [{}], mountPoints: [{ sourceVolume: 'nope' }] }),
    message: "Invalid 'containerPort' setting for container 'app'.",
  },
  {
    what: 'mount points before the network mode',
    given: {
      ...withContainer({ mountPoints: [{ sourceVolume: 'nope' }] }),
      ...untyped({ networkMode: 'overlay' }),
    },
    message: "Unknown volume 'nope'.",
  },
  {
    what: 'the sizes of containers before the features of Fargate',
    given: onFargate({ ipcMode: 'task', ...withContainer({ memory: 1024 }) }),
    message: "The 'memory' setting for container 'app' is greater than for the task",
  },
  {
    what: 'the features of Fargate before the roles',
    given: onFargate({ ipcMode: 'task', taskRoleArn: 'no role' }),
    message: 'Fargate compatible task definitions do not support ipcMode',
  },
  {
    what: 'the roles before the length',
    given: { taskRoleArn: 'no role', ...withContainer({ command: ['x'.repeat(70_000)] }) },
    message: 'Role is not valid',
  },
])('of several faults ECS names $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test('a definition may be 64 KiB long, in bytes of UTF-8', () => {
  const wide = 'é€😀'; // Two, three and four bytes.
  const room = 65_536 - JSON.stringify(contentFor(withContainer({ command: [''] }))).length - 9;
  const longest = wide + 'x'.repeat(room);
  expect(registrationRefusal(withContainer({ command: [longest] }))).toBeUndefined();
  expect(registrationRefusal(withContainer({ command: [`${longest}x`] }))).toBe(
    "ClientException: Actual length: '65537'. Max allowed length is '65536' bytes.",
  );
});

test('parsing what ECS shows gives the same content again', () => {
  fc.assert(
    fc.property(anyAcceptedRequest, (request) => {
      const first = parseTaskDefinition(request);
      const shown = { family: first.family, ...first.content, tags: first.tags };
      const again = parseTaskDefinition(JSON.parse(JSON.stringify(shown)));
      expect(again).toEqual(first);
      expect(compatibilitiesOf(again.content)).toEqual(compatibilitiesOf(first.content));
      expect(requiresAttributesOf(again.content)).toEqual(requiresAttributesOf(first.content));
    }),
  );
});

test('whatever has the shape of a request is accepted or refused with an error of ECS', () => {
  fc.assert(
    fc.property(anyRequestShape, (request) => {
      // Anything but an EcsError is thrown on.
      const refusal = refusalOf(() => parseTaskDefinition(request));
      expect(refusal ?? '').not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 2000 },
  );
});

test('what is accepted survives being kept as JSON', () => {
  fc.assert(
    fc.property(anyAcceptedRequest, (request) => {
      const { content } = parseTaskDefinition(request);
      expect(JSON.parse(JSON.stringify(content))).toStrictEqual(content);
    }),
  );
});

test('a request is left as it was', () => {
  fc.assert(
    fc.property(anyAcceptedRequest, (request) => {
      const before = structuredClone(request);
      parseTaskDefinition(request);
      expect(request).toEqual(before);
    }),
    { numRuns: 20 },
  );
});
