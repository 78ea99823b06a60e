import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-servicediscovery';
import { scopeKey, type Scope } from '../../domain/arn.ts';
import { resourceUnknown } from '../../domain/cloud-map/cloud-map-error.ts';
import { required } from '../../domain/cloud-map/members.ts';
import { withoutTags, type Tag } from '../../domain/tags.ts';
import type { Transaction } from '../../state/state.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { parseCloudMapTags, tagList, withCloudMapTags } from './tags.ts';

export function tagResource(input: TagResourceRequest, ctx: CloudMapContext): object {
  const { ResourceARN: arn = '' } = input;
  const added = parseCloudMapTags(required('tags', input.Tags), arn);
  changeTags(ctx, input.ResourceARN, (tags) => withCloudMapTags(tags, added, arn));
  return {};
}

export function untagResource(input: UntagResourceRequest, ctx: CloudMapContext): object {
  const keys = required('tagKeys', input.TagKeys);
  changeTags(ctx, input.ResourceARN, (tags) => withoutTags(tags, keys));
  return {};
}

export function listTagsForResource(
  input: ListTagsForResourceRequest,
  { state: { read }, scope }: CloudMapContext,
): ListTagsForResourceResponse {
  const { namespace, service } = requireTagged(read, scope, input.ResourceARN);
  return { Tags: tagList((namespace ?? service)?.tags ?? []) };
}

function changeTags(
  { state, scope }: CloudMapContext,
  arn: string | undefined,
  change: (tags: readonly Tag[]) => readonly Tag[],
): void {
  state.transact((tx: Transaction) => {
    const { namespace, service } = requireTagged(tx, scope, arn);
    if (namespace) tx.namespaces.put({ ...namespace, tags: change(namespace.tags) });
    if (service) tx.discoveryServices.put({ ...service, tags: change(service.tags) });
  });
}

/** Namespaces and services have tags. */
function requireTagged(
  { namespaces, discoveryServices }: ReadonlyTables,
  scope: Scope,
  given: string | undefined,
) {
  const arn = required('resourceARN', given);
  const namespace = namespaces.findByArn(arn);
  const service = discoveryServices.findByArn(arn);
  if ((namespace ?? service)?.scope !== scopeKey(scope)) throw resourceUnknown(arn);
  return { namespace, service };
}
