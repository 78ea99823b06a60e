import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-application-auto-scaling';
import { scopeKey, scopeOfArn } from '../../domain/arn.ts';
import type { ScalableTarget } from '../../domain/scaling/scalable-target.ts';
import { noSuchResource, scalingConstraint } from '../../domain/scaling/scaling-error.ts';
import { withoutTags } from '../../domain/tags.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { ScalingContext } from './scaling-context.ts';
import { parseScalingTags, withScalingTags } from './scaling-tags.ts';

export function tagResource(input: TagResourceRequest, { state, scope }: ScalingContext): object {
  if (!input.Tags) throw scalingConstraint('tags', undefined, 'not be null');
  const added = parseScalingTags(input.Tags);
  state.transact((tx) => {
    const target = requireTarget(tx, scope, input.ResourceARN);
    const tags = withScalingTags(target.arn, target.tags, added);
    tx.scalableTargets.put({ ...target, tags });
  });
  return {};
}

export function untagResource(
  input: UntagResourceRequest,
  { state, scope }: ScalingContext,
): object {
  if (!input.TagKeys) throw scalingConstraint('tagKeys', undefined, 'not be null');
  const keys = input.TagKeys;
  state.transact((tx) => {
    const target = requireTarget(tx, scope, input.ResourceARN);
    tx.scalableTargets.put({ ...target, tags: withoutTags(target.tags, keys) });
  });
  return {};
}

export function listTagsForResource(
  input: ListTagsForResourceRequest,
  { state, scope }: ScalingContext,
): ListTagsForResourceResponse {
  const { tags } = requireTarget(state.read, scope, input.ResourceARN);
  return { Tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) };
}

function requireTarget(
  { scalableTargets }: ReadonlyTables,
  scope: ScalingContext['scope'],
  arn: string | undefined,
): ScalableTarget {
  if (!arn) throw scalingConstraint('resourceARN', arn, 'not be null');
  const target = scalableTargets.findByArn(arn);
  const isOwn = target && scopeKey(scopeOfArn(target.serviceArn)) === scopeKey(scope);
  if (!isOwn) throw noSuchResource(arn);
  return target;
}
