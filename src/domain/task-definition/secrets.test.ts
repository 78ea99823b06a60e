import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type {
  AcceptedCase,
  Given,
  RefusedCase,
} from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  executionRole,
  registrationRefusal,
  withContainer,
  withUntypedContainer,
} from '../../../test/fixtures/task-definition-requests.ts';

const secret = { name: 'FOO', valueFrom: '/web/foo' };
const environmentFile = { type: 's3' as const, value: 'arn:aws:s3:::bucket/web.env' };

test.each<RefusedCase>([
  {
    what: 'secrets without an execution role',
    given: withContainer({ secrets: [secret] }),
    message:
      'When you are specifying container secrets, ' +
      "you must also specify a value for 'executionRoleArn'.",
  },
  {
    what: 'secrets with an empty execution role',
    given: { executionRoleArn: '', ...withContainer({ secrets: [secret] }) },
    message:
      'When you are specifying container secrets, ' +
      "you must also specify a value for 'executionRoleArn'.",
  },
  {
    what: 'secrets of a log driver without an execution role',
    given: withContainer({ logConfiguration: { logDriver: 'gelf', secretOptions: [secret] } }),
    message:
      'When you are specifying log driver secrets, ' +
      "you must also specify a value for 'executionRoleArn'.",
  },
  {
    what: 'credentials of a registry without an execution role',
    given: withContainer({ repositoryCredentials: { credentialsParameter: 'registry' } }),
    message:
      'When you are specifying repository credentials, ' +
      "you must also specify a value for 'executionRoleArn'.",
  },
  {
    what: 'a secret named like a variable',
    given: withRole({ secrets: [secret], environment: [{ name: 'FOO', value: 'bar' }] }),
    message:
      'The secret name must be unique and not shared with any new or existing ' +
      "environment variables set on the container, such as 'FOO'.",
  },
  {
    what: 'a secret without a name',
    given: withRole({ secrets: [{ name: '', valueFrom: '/web/foo' }] }),
    message: 'Secret name should not be null or empty.',
  },
  {
    what: 'two secrets of one name',
    given: withRole({ secrets: [secret, secret] }),
    message: 'Duplicate secret names found: FOO. Each secret name must be unique.',
  },
  {
    what: 'a parameter with a space in its name',
    given: withRole({ secrets: [{ name: 'MONGO_URI', valueFrom: 'mongo uri' }] }),
    message:
      'The Systems Manager parameter name specified for secret MONGO_URI is invalid. ' +
      'The parameter name can be up to 2048 characters and include ' +
      'the following letters and symbols: a-zA-Z0-9_.-',
  },
  {
    what: 'eleven environment files in a task',
    given: {
      containerDefinitions: [
        aContainer({ environmentFiles: manyFiles(6) }),
        aContainer({ name: 'other', environmentFiles: manyFiles(5) }),
      ],
    },
    message:
      'The maximum number of environment files was exceeded. Specify ten or less and try again.',
  },
  {
    what: 'an environment file outside S3',
    given: withContainer({ environmentFiles: [{ type: 's3', value: 's3://bucket/web.env' }] }),
    message: 'Invalid arn syntax.',
  },
  {
    what: 'an environment file that is a whole bucket',
    given: withContainer({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::bucket/' }] }),
    message: 'Invalid arn syntax.',
  },
  {
    what: 'an unknown type of environment file',
    given: withUntypedContainer({ environmentFiles: [{ ...environmentFile, type: 'http' }] }),
    message: 'Environment file type should be one of [s3]',
  },
  {
    what: 'a variable without a name',
    given: withContainer({ environment: [{ value: 'bar' }] }),
    message: 'Environment variable name should not be null or empty.',
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'a secret of Systems Manager', given: withRole({ secrets: [secret] }) },
  {
    what: 'a secret of Secrets Manager',
    given: withRole({
      secrets: [
        { name: 'A', valueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a:key::' },
      ],
    }),
  },
  {
    what: 'secrets named like members of every object',
    given: withRole({
      secrets: [
        { name: 'constructor', valueFrom: 'a' },
        { name: '__proto__', valueFrom: 'b' },
      ],
    }),
  },
  { what: 'ten environment files', given: withContainer({ environmentFiles: manyFiles(10) }) },
  {
    what: 'a variable twice',
    given: withContainer({
      environment: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
  },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

function withRole(given: ContainerDefinition): Given {
  return { executionRoleArn: executionRole, ...withContainer(given) };
}

function manyFiles(count: number) {
  return Array.from({ length: count }, () => environmentFile);
}
