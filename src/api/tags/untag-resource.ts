import type { UntagResourceRequest, UntagResourceResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { withoutTags } from '../../domain/tags.ts';
import type { RequestContext } from '../operation.ts';
import { requireTaggable } from './taggable.ts';

export function untagResource(
  input: UntagResourceRequest,
  { state, scope }: RequestContext,
): UntagResourceResponse {
  const { tagKeys } = input;
  // [inferred text]
  if (!tagKeys) throw invalidParameter('Tag keys can not be null or have null elements');

  state.transact((tx) => {
    const resource = requireTaggable(tx, scope, input.resourceArn);
    resource.put(tx, withoutTags(resource.tags, tagKeys));
  });

  return {};
}
