import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/fixtures/task-definition-requests.ts';
import { parseTags, withoutTags, withTags, type Tag } from './tags.ts';

function tags(count: number, prefix = 'key'): Tag[] {
  return Array.from({ length: count }, (_, i) => ({ key: `${prefix}${i}`, value: '' }));
}

describe('tags of a request', () => {
  test('are taken in their order; none means no tags', () => {
    const given = [
      { key: 'b', value: '' },
      { key: 'a', value: 'Ä 1_.:/=+-@' },
    ];
    expect(parseTags(given)).toEqual(given);
    expect(parseTags(undefined)).toEqual([]);
    expect(parseTags(tags(50))).toHaveLength(50);
  });

  test.each([
    [[{ value: 'x' }], 'Tag key can not be null.'],
    [[{ key: 'x' }], 'Tag value can not be null.'],
    [[{ key: 'aws:x', value: '' }], 'Tag key must not start with aws:'],
    [[{ key: 'AWS:x', value: '' }], 'Tag key must not start with aws:'],
    [[{ key: '', value: '' }], 'Tag key length must be between 1 and 128.'],
    [[{ key: 'k'.repeat(129), value: '' }], 'Tag key length must be between 1 and 128.'],
    [[{ key: 'k', value: 'v'.repeat(257) }], 'Tag value longer than 256.'],
    [[{ key: 'k!', value: '' }], 'Tag key contains invalid characters.'],
    [[{ key: 'k', value: '<' }], 'Tag value contains invalid characters.'],
    [[...tags(1), ...tags(1)], 'Duplicate tag keys are not allowed.'],
    [tags(51), 'The maximum number of tags per resource is 50.'],
  ])('are refused where one breaks a rule: %#', (given, message) => {
    expect(refusalOf(() => parseTags(given))).toBe(`InvalidParameterException: ${message}`);
  });
});

describe('TagResource', () => {
  test('replaces a value in its place and puts new keys last', () => {
    const before = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ];
    const added = [
      { key: 'c', value: '3' },
      { key: 'a', value: '4' },
    ];
    expect(withTags(before, added)).toEqual([
      { key: 'a', value: '4' },
      { key: 'b', value: '2' },
      { key: 'c', value: '3' },
    ]);
  });

  test('counts the tags of users alone', () => {
    expect(withTags([...tags(3, 'aws:'), ...tags(49)], tags(1, 'new'))).toHaveLength(53);
    expect(refusalOf(() => withTags(tags(50), tags(1, 'new')))).toBe(
      'InvalidParameterException: The maximum number of tags per resource is 50.',
    );
  });
});

test('UntagResource passes over keys that are not there and leaves those of aws:', () => {
  const before = [
    { key: 'aws:ecs:clusterName', value: 'web' },
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  expect(withoutTags(before, ['aws:ecs:clusterName', 'b', 'zzz'])).toEqual(before.slice(0, 2));
});
