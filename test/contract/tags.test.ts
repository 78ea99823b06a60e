import type { ECS, Tag } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';

test.override('engine', { scope: 'file' }, 'sqlite');

const blue = { key: 'team', value: 'blue' };

async function createCluster(ecs: ECS, tags?: Tag[]): Promise<string> {
  const { cluster } = await ecs.createCluster({ tags });
  return cluster?.clusterArn ?? '';
}

async function tagsOf(ecs: ECS, resourceArn: string): Promise<Tag[] | undefined> {
  return (await ecs.listTagsForResource({ resourceArn })).tags;
}

test('tags are listed in the order in which they came; a new value takes the place of the old', async ({
  ecs,
}) => {
  const resourceArn = await createCluster(ecs);
  expect(await tagsOf(ecs, resourceArn)).toEqual([]);
  await ecs.tagResource({ resourceArn, tags: [{ key: 'z', value: '' }, blue] });
  await ecs.tagResource({
    resourceArn,
    tags: [
      { key: 'a', value: '1' },
      { key: 'z', value: '2' },
    ],
  });
  expect(await tagsOf(ecs, resourceArn)).toEqual([
    { key: 'z', value: '2' },
    blue,
    { key: 'a', value: '1' },
  ]);
});

test('UntagResource passes over keys that are not there', async ({ ecs }) => {
  const resourceArn = await createCluster(ecs, [blue, { key: 'a', value: '1' }]);
  await ecs.untagResource({ resourceArn, tagKeys: ['team', 'never-there'] });
  await ecs.untagResource({ resourceArn, tagKeys: ['team'] });
  expect(await tagsOf(ecs, resourceArn)).toEqual([{ key: 'a', value: '1' }]);
});

const longest = { key: 'k'.repeat(128), value: 'v'.repeat(256) };
const fifty = Array.from({ length: 50 }, (_, number) => ({ key: `key-${number}`, value: '' }));

test('a tag may be long, empty, and of letters of any alphabet', async ({ ecs }) => {
  const tags = [longest, { key: 'größe Ω_.:/=+-@', value: '' }];
  expect(await tagsOf(ecs, await createCluster(ecs, tags))).toEqual(tags);
});

const refused: readonly (readonly [string, Partial<Tag>[], string])[] = [
  ['no value', [blue, { key: 'a' }], 'Tag value can not be null.'],
  ['no key', [blue, { value: 'a' }], 'Tag key can not be null.'],
  ['an empty key', [{ key: '', value: '' }], 'Tag key length must be between 1 and 128.'],
  [
    'a key that is too long',
    [{ key: 'k'.repeat(129), value: '' }],
    'Tag key length must be between 1 and 128.',
  ],
  [
    'a value that is too long',
    [{ key: 'a', value: 'v'.repeat(257) }],
    'Tag value longer than 256.',
  ],
  ['a reserved key', [{ key: 'aws:a', value: '' }], 'Tag key must not start with aws:'],
  ['a reserved key in capitals', [{ key: 'AWS:a', value: '' }], 'Tag key must not start with aws:'],
  ['a key twice', [blue, blue], 'Duplicate tag keys are not allowed.'],
  [
    'a character in the key that is not allowed',
    [{ key: 'a*', value: '' }],
    'Tag key contains invalid characters.',
  ],
  [
    'a character in the value that is not allowed',
    [{ key: 'a', value: '{}' }],
    'Tag value contains invalid characters.',
  ],
  ['51 tags', [...fifty, blue], 'The maximum number of tags per resource is 50.'],
];

test.for(refused)('tags with %s are refused whole', async ([, tags, text], { ecs }) => {
  const refusal = `InvalidParameterException: ${text}`;
  expect(await refusalOf(ecs.createCluster({ tags }))).toBe(refusal);
  expect((await ecs.listClusters()).clusterArns).toEqual([]);
  const resourceArn = await createCluster(ecs);
  expect(await refusalOf(ecs.tagResource({ resourceArn, tags: tags as Tag[] }))).toBe(refusal);
  expect(await tagsOf(ecs, resourceArn)).toEqual([]);
  const definition = aDefinition({ tags });
  expect(await refusalOf(ecs.registerTaskDefinition(definition))).toBe(refusal);
});

test('TagResource and UntagResource need a list, which may be empty', async ({ ecs }) => {
  const resourceArn = await createCluster(ecs, [blue]);
  expect(await refusalOf(ecs.tagResource({ resourceArn, tags: undefined }))).toBe(
    'InvalidParameterException: Tags can not be null or have null elements',
  );
  expect(await refusalOf(ecs.untagResource({ resourceArn, tagKeys: undefined }))).toBe(
    'InvalidParameterException: Tag keys can not be null or have null elements',
  );
  await ecs.tagResource({ resourceArn, tags: [] });
  await ecs.untagResource({ resourceArn, tagKeys: [] });
  expect(await tagsOf(ecs, resourceArn)).toEqual([blue]);
});

test('a resource has at most 50 tags, old and new together', async ({ ecs }) => {
  const resourceArn = await createCluster(ecs, fifty);
  await ecs.tagResource({ resourceArn, tags: [{ key: 'key-7', value: 'new' }] });
  expect(await refusalOf(ecs.tagResource({ resourceArn, tags: [blue] }))).toBe(
    'InvalidParameterException: The maximum number of tags per resource is 50.',
  );
  expect(await tagsOf(ecs, resourceArn)).toHaveLength(50);
});

test('task definitions carry tags per revision, also INACTIVE ones', async ({ ecs }) => {
  const first = await ecs.registerTaskDefinition(aDefinition({ tags: [blue] }));
  const second = await ecs.registerTaskDefinition(aDefinition());
  const [one = '', two = ''] = [first, second].map((r) => r.taskDefinition?.taskDefinitionArn);
  expect(await tagsOf(ecs, one)).toEqual([blue]);
  expect(await tagsOf(ecs, two)).toEqual([]);
  await ecs.deregisterTaskDefinition({ taskDefinition: one });
  await ecs.tagResource({ resourceArn: one, tags: [{ key: 'a', value: '1' }] });
  expect(await tagsOf(ecs, one)).toEqual([blue, { key: 'a', value: '1' }]);
});

const wrongArns = [
  ['no ARN', '', 'InvalidParameterException: ResourceArn can not be blank.'],
  [
    'a cluster that does not exist',
    'cluster/nope',
    'InvalidParameterException: The specified cluster does not exist.',
  ],
  [
    'a task that does not exist',
    `task/default/${'a'.repeat(32)}`,
    'InvalidParameterException: The specified task does not exist.',
  ],
  [
    'a task by its short ARN',
    `task/${'a'.repeat(32)}`,
    'InvalidParameterException: Long arn format must be used for tagging operations',
  ],
  [
    'a service that does not exist',
    'service/default/web',
    'InvalidParameterException: The specified service does not exist.',
  ],
  [
    'a task definition that does not exist',
    'task-definition/web:1',
    'ClientException: Unable to describe task definition.',
  ],
  [
    'a task definition without a revision',
    'task-definition/web',
    'InvalidParameterException: Revision is missing',
  ],
  [
    'a resource of another kind',
    'container/default/a/b',
    'InvalidParameterException: Unsupported resource type: container',
  ],
] as const;

test.for(wrongArns)(
  'the tags of %s cannot be listed',
  async ([, path, refusal], { ecs, accountId }) => {
    const resourceArn = path && `arn:aws:ecs:us-east-1:${accountId}:${path}`;
    expect(await refusalOf(ecs.listTagsForResource({ resourceArn }))).toBe(refusal);
    expect(await refusalOf(ecs.tagResource({ resourceArn, tags: [blue] }))).toBe(refusal);
    expect(await refusalOf(ecs.untagResource({ resourceArn, tagKeys: ['team'] }))).toBe(refusal);
  },
);
