import {
  paginateListClusters,
  paginateListTaskDefinitionFamilies,
  paginateListTaskDefinitions,
  type ECS,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

async function createClusters(ecs: ECS, count: number): Promise<readonly string[]> {
  const created = await Promise.all(
    Array.from({ length: count }, (_, number) => ecs.createCluster({ clusterName: `c${number}` })),
  );
  return created.map(({ cluster }) => cluster?.clusterArn ?? '').toSorted();
}

test.for([1, 2, 3, 7, 8, 100])(
  'pages of %i hold all clusters once, and only the last has no token',
  async (pageSize, { ecs }) => {
    const created = await createClusters(ecs, 7);
    const pages = await Array.fromAsync(paginateListClusters({ client: ecs, pageSize }, {}));
    expect(pages.flatMap(({ clusterArns = [] }) => clusterArns).toSorted()).toEqual(created);
    expect(pages).toHaveLength(Math.ceil(7 / pageSize));
    expect(pages.map((page) => 'nextToken' in page)).toEqual(
      pages.map((_, index) => index < pages.length - 1),
    );
  },
);

test('a page has 100 entries where none are asked for', async ({ ecs }) => {
  const created = await createClusters(ecs, 101);
  const first = await ecs.listClusters();
  expect(first.clusterArns).toHaveLength(100);
  const second = await ecs.listClusters({ nextToken: first.nextToken });
  expect([...(first.clusterArns ?? []), ...(second.clusterArns ?? [])].toSorted()).toEqual(created);
  expect(second).not.toHaveProperty('nextToken');
});

test('clusters that come and go between pages neither hide nor repeat others', async ({ ecs }) => {
  const created = await createClusters(ecs, 6);
  const first = await ecs.listClusters({ maxResults: 3 });
  await ecs.createCluster({ clusterName: 'a-new-first' });
  for (const cluster of first.clusterArns ?? []) await ecs.deleteCluster({ cluster });
  const second = await ecs.listClusters({ maxResults: 3, nextToken: first.nextToken });
  expect([...(first.clusterArns ?? []), ...(second.clusterArns ?? [])].toSorted()).toEqual(created);
});

test.for([0, -1, 101, 1.5])(
  'maxResults %d is refused by every list',
  async (maxResults, { ecs }) => {
    await ecs.createCluster();
    const refusal = 'InvalidParameterException: maxResults must be between 1 and 100';
    expect(await refusalOf(ecs.listClusters({ maxResults }))).toBe(refusal);
    expect(await refusalOf(ecs.listTaskDefinitions({ maxResults }))).toBe(refusal);
    expect(await refusalOf(ecs.listTaskDefinitionFamilies({ maxResults }))).toBe(refusal);
    expect(await refusalOf(ecs.listTasks({ maxResults }))).toBe(refusal);
  },
);

test.for(['x', '%%%', 'bm8gdG9rZW4=', '='.repeat(50)])(
  'the token %s, which no list gave, is refused',
  async (nextToken, { ecs }) => {
    await ecs.createCluster();
    const refusal = `InvalidParameterException: Invalid token ${nextToken}`;
    expect(await refusalOf(ecs.listClusters({ nextToken }))).toBe(refusal);
    expect(await refusalOf(ecs.listTaskDefinitions({ nextToken }))).toBe(refusal);
    expect(await refusalOf(ecs.listTaskDefinitionFamilies({ nextToken }))).toBe(refusal);
    expect(await refusalOf(ecs.listTasks({ nextToken }))).toBe(refusal);
  },
);

test('a token is good for the list that gave it alone', async ({ ecs, server }) => {
  await createClusters(ecs, 2);
  for (const family of ['a', 'b']) await ecs.registerTaskDefinition(aDefinition({ family }));
  const clusters = await ecs.listClusters({ maxResults: 1 });
  const definitions = await ecs.listTaskDefinitions({ maxResults: 1 });
  const invalid = /^InvalidParameterException: Invalid token /;

  const { nextToken } = definitions;
  expect(await refusalOf(ecs.listClusters({ nextToken }))).toMatch(invalid);
  expect(await refusalOf(ecs.listTaskDefinitions({ nextToken: clusters.nextToken }))).toMatch(
    invalid,
  );
  for (const other of [{ sort: 'DESC' }, { status: 'INACTIVE' }, { familyPrefix: 'a' }] as const) {
    expect(await refusalOf(ecs.listTaskDefinitions({ ...other, nextToken }))).toMatch(invalid);
  }
  const stranger = server.client('999999999997');
  const stolen = await refusalOf(stranger.listClusters({ nextToken: clusters.nextToken }));
  stranger.destroy();
  expect(stolen).toMatch(invalid);
});

test('task definitions and families are paged in their order, in either direction', async ({
  ecs,
}) => {
  const expected: string[] = [];
  for (const family of ['a', 'a-b', 'b']) {
    for (let revision = 1; revision <= 11; revision += 1) {
      await ecs.registerTaskDefinition(aDefinition({ family }));
      expected.push(`${family}:${revision}`);
    }
  }
  const config = { client: ecs, pageSize: 4 };
  for (const sort of ['ASC', 'DESC'] as const) {
    const pages = await Array.fromAsync(paginateListTaskDefinitions(config, { sort }));
    const names = pages.flatMap(({ taskDefinitionArns = [] }) =>
      taskDefinitionArns.map((arn) => arn.slice(arn.indexOf('/') + 1)),
    );
    expect(names).toEqual(sort === 'ASC' ? expected : expected.toReversed());
  }
  const families = await Array.fromAsync(
    paginateListTaskDefinitionFamilies({ client: ecs, pageSize: 1 }, { familyPrefix: 'a' }),
  );
  expect(families.map((page) => page.families)).toEqual([['a'], ['a-b']]);
});
