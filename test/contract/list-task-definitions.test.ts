import type {
  ECS,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

async function register(ecs: ECS, ...families: string[]): Promise<void> {
  for (const family of families) await ecs.registerTaskDefinition(aDefinition({ family }));
}

async function names(ecs: ECS, request: ListTaskDefinitionsRequest = {}): Promise<string[]> {
  const { taskDefinitionArns = [] } = await ecs.listTaskDefinitions(request);
  return taskDefinitionArns.map((arn) => arn.slice(arn.indexOf('/') + 1));
}

async function families(
  ecs: ECS,
  request: ListTaskDefinitionFamiliesRequest = {},
): Promise<string[] | undefined> {
  return (await ecs.listTaskDefinitionFamilies(request)).families;
}

test('ListTaskDefinitions is sorted by family, then by revision as a number', async ({ ecs }) => {
  await register(ecs, 'b', ...Array<string>(10).fill('a'), 'a-b');
  const expected = [...Array.from({ length: 10 }, (_, index) => `a:${index + 1}`), 'a-b:1', 'b:1'];
  expect(await names(ecs)).toEqual(expected);
  expect(await names(ecs, { sort: 'ASC' })).toEqual(expected);
  expect(await names(ecs, { sort: 'DESC' })).toEqual(expected.toReversed());
});

test('familyPrefix of ListTaskDefinitions is the whole name of a family', async ({ ecs }) => {
  await register(ecs, 'web', 'web', 'webapp', 'we');
  expect(await names(ecs, { familyPrefix: 'web' })).toEqual(['web:1', 'web:2']);
  expect(await names(ecs, { familyPrefix: 'web', sort: 'DESC' })).toEqual(['web:2', 'web:1']);
  expect(await names(ecs, { familyPrefix: 'w' })).toEqual([]);
});

test('ListTaskDefinitions gives the ACTIVE ones unless told otherwise', async ({ ecs }) => {
  await register(ecs, 'web', 'web');
  await ecs.deregisterTaskDefinition({ taskDefinition: 'web:1' });
  expect(await names(ecs)).toEqual(['web:2']);
  expect(await names(ecs, { status: 'INACTIVE' })).toEqual(['web:1']);
  expect(await names(ecs, { status: 'DELETE_IN_PROGRESS' })).toEqual([]);
});

test('familyPrefix of ListTaskDefinitionFamilies is a prefix', async ({ ecs }) => {
  await register(ecs, 'web', 'web-app', 'we', 'api', 'web');
  expect(await families(ecs)).toEqual(['api', 'we', 'web', 'web-app']);
  expect(await families(ecs, { familyPrefix: 'web' })).toEqual(['web', 'web-app']);
  expect(await families(ecs, { familyPrefix: 'x' })).toEqual([]);
});

test('a family is ACTIVE as long as one of its revisions is', async ({ ecs }) => {
  await register(ecs, 'old', 'old', 'web', 'web');
  for (const taskDefinition of ['old:1', 'old:2', 'web:1']) {
    await ecs.deregisterTaskDefinition({ taskDefinition });
  }
  expect(await families(ecs, { status: 'ACTIVE' })).toEqual(['web']);
  expect(await families(ecs, { status: 'INACTIVE' })).toEqual(['old']);
  expect(await families(ecs, { status: 'ALL' })).toEqual(['old', 'web']);
  expect(await families(ecs)).toEqual(['old', 'web']);
});

test('lists of task definitions name the statuses and orders that there are', async ({ ecs }) => {
  const other = 'OTHER' as 'ACTIVE' & 'ASC';
  expect(await refusalOf(ecs.listTaskDefinitions({ status: other }))).toBe(
    'InvalidParameterException: status should be one of [ACTIVE,DELETE_IN_PROGRESS,INACTIVE]',
  );
  expect(await refusalOf(ecs.listTaskDefinitionFamilies({ status: other }))).toBe(
    'InvalidParameterException: status should be one of [ACTIVE,ALL,INACTIVE]',
  );
  expect(await refusalOf(ecs.listTaskDefinitions({ sort: other }))).toBe(
    'InvalidParameterException: sort should be one of [ASC,DESC]',
  );
});
