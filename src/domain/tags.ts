import type { Tag as WireTag } from '@aws-sdk/client-ecs';
import { invalidParameter } from './errors.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** ECS: at most 50 tags that users made; those that start with `aws:` do not count. */
export const maximumTags = 50;

const wellFormed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Checks the tags of a request (Developer Guide, "Tag restrictions").
 * @throws EcsError InvalidParameterException; nothing of the request may then be applied
 */
export function parseTags(given: readonly WireTag[] | undefined): readonly Tag[] {
  const tags: Tag[] = [];
  const keys = new Set<string>();
  for (const tag of given ?? []) {
    const parsed = parseTag(tag);
    if (keys.has(parsed.key)) throw invalidParameter('Duplicate tag keys are not allowed.');
    keys.add(parsed.key);
    tags.push(parsed);
  }
  if (tags.length > maximumTags) throw tooManyTags();
  return tags;
}

function parseTag({ key, value }: WireTag): Tag {
  if (key === undefined) throw invalidParameter('Tag key can not be null.');
  if (value === undefined) throw invalidParameter('Tag value can not be null.');
  if (isReservedTagKey(key)) throw invalidParameter('Tag key must not start with aws:');
  if (key.length < 1 || key.length > 128) {
    throw invalidParameter('Tag key length must be between 1 and 128.');
  }
  if (value.length > 256) throw invalidParameter('Tag value longer than 256.');
  if (!wellFormed.test(key)) throw invalidParameter('Tag key contains invalid characters.');
  if (!wellFormed.test(value)) throw invalidParameter('Tag value contains invalid characters.');
  return { key, value };
}

function isReservedTagKey(key: string): boolean {
  return key.toLowerCase().startsWith('aws:');
}

/**
 * TagResource: the value of a key that is there already is replaced in its place, new ones go last.
 * @throws EcsError InvalidParameterException where the user's tags would be more than 50
 */
export function withTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const byKey = new Map(tags.map((tag) => [tag.key, tag]));
  for (const tag of added) byKey.set(tag.key, tag);
  const result = [...byKey.values()];
  if (result.filter((tag) => !isReservedTagKey(tag.key)).length > maximumTags) throw tooManyTags();
  return result;
}

/** UntagResource: keys that are not there are passed over; `aws:` tags stay. */
export function withoutTags(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const removed = new Set(keys.filter((key) => !isReservedTagKey(key)));
  return tags.filter((tag) => !removed.has(tag.key));
}

function tooManyTags(): Error {
  return invalidParameter(`The maximum number of tags per resource is ${maximumTags}.`);
}
