import type { UntagResourceRequest, UntagResourceResponse } from '@aws-sdk/client-ecs';
import { withoutTags } from '../../domain/tags.ts';
import type { RequestContext } from '../operation.ts';
import { requireTaggable } from './taggable.ts';

export function untagResource(
  input: UntagResourceRequest,
  { state, scope }: RequestContext,
): UntagResourceResponse {
  state.transact((tx) => {
    const resource = requireTaggable(tx, scope, input.resourceArn);
    resource.put(tx, withoutTags(resource.tags, input.tagKeys ?? []));
  });

  return {};
}
