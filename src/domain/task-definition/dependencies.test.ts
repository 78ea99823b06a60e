import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  registrationRefusal,
  withContainer,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const healthCheck = { command: ['CMD', 'true'] };

test.each<RefusedCase>([
  {
    what: 'a dependency on an unknown container',
    given: withContainer({ dependsOn: [{ containerName: 'nope', condition: 'START' }] }),
    message: "Cannot depend on container + 'nope' because it does not exist",
  },
  {
    what: 'an unknown condition',
    given: withUntypedContainer({ dependsOn: [{ containerName: 'app', condition: 'READY' }] }),
    message: 'Container condition should be one of [START,COMPLETE,SUCCESS,HEALTHY]',
  },
  {
    what: 'a container that depends on itself',
    given: withContainer({ dependsOn: [{ containerName: 'app', condition: 'START' }] }),
    message: 'Container dependsOn contains a cycle',
  },
  {
    what: 'a cycle of three',
    given: chain(['a', 'b'], ['b', 'c'], ['c', 'a']),
    message: 'Container dependsOn contains a cycle',
  },
  {
    what: 'waiting for the success of an essential container',
    given: dependent('SUCCESS', { essential: true }),
    message:
      'A dependency container with SUCCESS or COMPLETE condition ' +
      'cannot be an essential container',
  },
  {
    what: 'waiting for the end of an essential container',
    given: dependent('COMPLETE', {}),
    message:
      'A dependency container with SUCCESS or COMPLETE condition ' +
      'cannot be an essential container',
  },
  {
    what: 'waiting for the health of a container without a check',
    given: dependent('HEALTHY', {}),
    message: 'A dependency container with HEALTHY condition must have health check configured',
  },
  {
    what: 'a start time-out of a second',
    given: withContainer({ startTimeout: 1 }),
    message: "Granular start timeout on container 'app' must be at least 2 seconds.",
  },
  {
    what: 'a stop time-out of a second',
    given: withContainer({ stopTimeout: 1 }),
    message: "Granular stop timeout on container 'app' must be at least 2 seconds.",
  },
  {
    what: 'a link to an unknown container',
    given: withContainer({ links: ['x:alias'] }),
    message: "Invalid 'links' setting. Unknown container: 'x'.",
  },
  {
    what: 'links in a circle',
    given: {
      containerDefinitions: [
        aContainer({ name: 'a', links: ['b:other'] }),
        aContainer({ name: 'b', links: ['a'] }),
      ],
    },
    message: 'Container links should not have a cycle',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'a chain of dependencies', given: chain(['a', 'b'], ['b', 'c'], ['c']) },
  { what: 'two that depend on one', given: chain(['a', 'b', 'c'], ['b', 'c'], ['c']) },
  { what: 'waiting for the success of another', given: dependent('SUCCESS', { essential: false }) },
  { what: 'waiting for the health of another', given: dependent('HEALTHY', { healthCheck }) },
  { what: 'time-outs of two seconds', given: withContainer({ startTimeout: 2, stopTimeout: 2 }) },
  { what: 'a long stop time-out outside Fargate', given: withContainer({ stopTimeout: 3600 }) },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

/** Containers, each a name and the names that it depends on. */
function chain(...rows: string[][]): Given {
  return {
    containerDefinitions: rows.map(([name = '', ...targets]) =>
      aContainer({
        name,
        dependsOn: targets.map((containerName) => ({ containerName, condition: 'START' })),
      }),
    ),
  };
}

function dependent(
  condition: 'SUCCESS' | 'COMPLETE' | 'HEALTHY',
  dependency: ContainerDefinition,
): Given {
  return {
    containerDefinitions: [
      aContainer({ dependsOn: [{ containerName: 'init', condition }] }),
      aContainer({ name: 'init', ...dependency }),
    ],
  };
}
