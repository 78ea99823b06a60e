import { expect, test } from 'vitest';
import { aRequest, onFargate, refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { clientError, invalidParameter } from '../errors.ts';
import {
  deletionRefusal,
  deleteRequested,
  deregistered,
  newTaskDefinition,
  requireActive,
} from './new-task-definition.ts';
import { parseTaskDefinition } from './parse-task-definition.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const registeredBy = 'arn:aws:iam::123456789012:user/dev';
const parsed = parseTaskDefinition(aRequest(onFargate({ tags: [{ key: 'team', value: 'web' }] })));
const active = newTaskDefinition({ scope, parsed, revision: 3, now: 1000, registeredBy });
const inactive = deregistered(active, 2000);
const deleting = deleteRequested(inactive);

test('a new task definition is an ACTIVE revision of its family', () => {
  expect(active).toEqual({
    arn: 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:3',
    family: 'web',
    revision: 3,
    status: 'ACTIVE',
    content: parsed.content,
    compatibilities: ['EC2', 'FARGATE', 'MANAGED_INSTANCES'],
    requiresAttributes: [
      'com.amazonaws.ecs.capability.docker-remote-api.1.18',
      'ecs.capability.task-eni',
    ],
    registeredAt: 1000,
    registeredBy,
    tags: [{ key: 'team', value: 'web' }],
  });
});

test('a revision counts from 1', () => {
  expect(() => newTaskDefinition({ scope, parsed, revision: 0, now: 0, registeredBy })).toThrow(
    'revisions count from 1',
  );
});

test('deregistering makes a task definition INACTIVE once', () => {
  expect(inactive).toEqual({ ...active, status: 'INACTIVE', deregisteredAt: 2000 });
  expect(deregistered(inactive, 3000)).toBe(inactive);
  expect(deregistered(deleting, 3000)).toBe(deleting);
});

test('deleting an INACTIVE task definition adds nothing but the status', () => {
  expect(deleting).toEqual({ ...inactive, status: 'DELETE_IN_PROGRESS' });
  expect(deleteRequested(deleting)).toEqual(deleting);
});

test('DeleteTaskDefinitions fails for an ACTIVE or unknown task definition', () => {
  expect(deletionRefusal(active)).toBe(
    'The specified task definition is still in ACTIVE status. ' +
      'Please deregister the target and try again.',
  );
  expect(deletionRefusal(undefined)).toBe(
    'The specified task definition does not exist. ' +
      'Specify a valid account, family, revision and try again.',
  );
  expect(deletionRefusal(inactive)).toBeUndefined();
  expect(deletionRefusal(deleting)).toBeUndefined();
  expect(() => deleteRequested(active)).toThrow('only deregistered definitions are deleted');
});

test('nothing new starts from a task definition that is not ACTIVE', () => {
  expect(refusalOf(() => requireActive(active, invalidParameter))).toBeUndefined();
  expect(refusalOf(() => requireActive(inactive, invalidParameter))).toBe(
    'InvalidParameterException: TaskDefinition is inactive',
  );
  expect(refusalOf(() => requireActive(inactive, clientError))).toBe(
    'ClientException: TaskDefinition is inactive',
  );
  expect(refusalOf(() => requireActive(deleting, invalidParameter))).toBe(
    'InvalidParameterException: TaskDefinition is being deleted',
  );
});

test('a revision shares with the one before what they have in common', () => {
  const again = parseTaskDefinition(aRequest(onFargate()));
  const repeated = newTaskDefinition({
    scope,
    parsed: again,
    revision: 4,
    previous: active,
    now: 5000,
    registeredBy,
  });
  expect(repeated.content).toBe(active.content);
  expect(repeated.requiresAttributes).toBe(active.requiresAttributes);
  expect(repeated).toEqual({
    ...newTaskDefinition({ scope, parsed: again, revision: 4, now: 5000, registeredBy }),
  });
});
