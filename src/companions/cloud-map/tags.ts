import type { Tag as WireTag } from '@aws-sdk/client-servicediscovery';
import { invalidInput, tooManyCloudMapTags } from '../../domain/cloud-map/cloud-map-error.ts';
import { EcsError } from '../../domain/errors.ts';
import { maximumTags, parseTags, withTags, type Tag } from '../../domain/tags.ts';

/** @throws CloudMapError InvalidInput, TooManyTagsException */
export function parseCloudMapTags(
  given: readonly WireTag[] | undefined,
  resource: string,
): readonly Tag[] {
  if (given && given.length > maximumTags) throw tooManyCloudMapTags(resource);
  return inWordsOfCloudMap(() =>
    parseTags(given?.map(({ Key, Value }) => ({ key: Key, value: Value }))),
  );
}

/** @throws CloudMapError TooManyTagsException */
export function withCloudMapTags(
  tags: readonly Tag[],
  added: readonly Tag[],
  resource: string,
): readonly Tag[] {
  const keys = new Set([...tags, ...added].map(({ key }) => key));
  if (keys.size > maximumTags) throw tooManyCloudMapTags(resource);
  return withTags(tags, added);
}

export function tagList(tags: readonly Tag[]): WireTag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Tags follow the same rules everywhere; Cloud Map has an error of its own for them. */
function inWordsOfCloudMap<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof EcsError) throw invalidInput(error.message);
    throw error;
  }
}
