import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '@aws-sdk/client-ecs';
import type { RequestContext } from '../operation.ts';
import { requireTaggable } from './taggable.ts';

export function listTagsForResource(
  input: ListTagsForResourceRequest,
  { state, scope }: RequestContext,
): ListTagsForResourceResponse {
  return { tags: [...requireTaggable(state.read, scope, input.resourceArn).tags] };
}
