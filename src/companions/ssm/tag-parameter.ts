import type {
  AddTagsToResourceRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
  RemoveTagsFromResourceRequest,
} from '@aws-sdk/client-ssm';
import { parseParameterRef } from '../../domain/parameter/parameter-name.ts';
import type { Parameter } from '../../domain/parameter/parameter.ts';
import { noSuchResource, notATaggedType } from '../../domain/parameter/ssm-error.ts';
import { withoutTags } from '../../domain/tags.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { SsmContext } from './ssm-context.ts';
import { parseSsmTags, withSsmTags } from './ssm-tags.ts';

/** What Systems Manager tags: of all that it knows, parameters are here. */
interface Tagged {
  readonly ResourceType: string | undefined;
  readonly ResourceId: string | undefined;
}

export function addTagsToResource(input: AddTagsToResourceRequest, ctx: SsmContext): object {
  const added = parseSsmTags(input.Tags);
  ctx.state.transact((tx) => {
    const parameter = requireTagged(tx, ctx, input);
    tx.parameters.put({ ...parameter, tags: withSsmTags(parameter.tags, added) });
  });
  return {};
}

export function removeTagsFromResource(
  input: RemoveTagsFromResourceRequest,
  ctx: SsmContext,
): object {
  ctx.state.transact((tx) => {
    const parameter = requireTagged(tx, ctx, input);
    tx.parameters.put({ ...parameter, tags: withoutTags(parameter.tags, input.TagKeys ?? []) });
  });
  return {};
}

export function listTagsForResource(
  input: ListTagsForResourceRequest,
  ctx: SsmContext,
): ListTagsForResourceResult {
  const { tags } = requireTagged(ctx.state.read, ctx, input);
  return { TagList: tags.map(({ key, value }) => ({ Key: key, Value: value })) };
}

function requireTagged(
  tables: ReadonlyTables,
  { scope }: SsmContext,
  { ResourceType, ResourceId = '' }: Tagged,
): Parameter {
  if (ResourceType !== 'Parameter') throw notATaggedType(ResourceType);
  const parameter = tables.parameters.find(parseParameterRef(scope, ResourceId).arn);
  if (!parameter) throw noSuchResource(ResourceId);
  return parameter;
}
