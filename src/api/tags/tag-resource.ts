import type { TagResourceRequest, TagResourceResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { parseTags, withTags } from '../../domain/tags.ts';
import type { RequestContext } from '../operation.ts';
import { requireTaggable } from './taggable.ts';

export function tagResource(
  input: TagResourceRequest,
  { state, scope }: RequestContext,
): TagResourceResponse {
  // [inferred: ECS says it of other operations]
  if (!input.tags) throw invalidParameter('Tags can not be null or have null elements');
  const added = parseTags(input.tags);

  state.transact((tx) => {
    const resource = requireTaggable(tx, scope, input.resourceArn);
    resource.put(tx, withTags(resource.tags, added));
  });

  return {};
}
