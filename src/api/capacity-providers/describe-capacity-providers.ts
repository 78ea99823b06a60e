import type {
  CapacityProvider as WireCapacityProvider,
  DescribeCapacityProvidersRequest,
  DescribeCapacityProvidersResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { capacityProviderArn, lastPathElement, scopeKey } from '../../domain/arn.ts';
import { parseCapacityProviderRef } from '../../domain/capacity-provider/capacity-provider-ref.ts';
import {
  builtInCapacityProviders,
  isBuiltInCapacityProvider,
} from '../../domain/capacity-provider/provider-kind.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';
import { builtInCapacityProviderView, capacityProviderView } from './capacity-provider-view.ts';

const mostNames = 100;
const largestPage = 10;

/** Some by name or ARN; without any, all there are, in pages. */
export function describeCapacityProviders(
  input: DescribeCapacityProvidersRequest,
  ctx: RequestContext,
): DescribeCapacityProvidersResponse {
  const cluster = input.cluster
    ? requireLiveCluster(ctx.state.read, ctx.scope, input.cluster)
    : undefined;
  const query = {
    cluster,
    shown: { tags: parseIncludes(input.include, ['TAGS']).has('TAGS') },
  };
  return input.capacityProviders?.length
    ? describeNamed(input, input.capacityProviders, query, ctx)
    : describeAll(input, query, ctx);
}

interface Query {
  /** Only what is associated with it is shown. */
  readonly cluster: Cluster | undefined;
  readonly shown: { readonly tags: boolean };
}

function describeNamed(
  { maxResults, nextToken }: DescribeCapacityProvidersRequest,
  refs: readonly string[],
  query: Query,
  ctx: RequestContext,
): DescribeCapacityProvidersResponse {
  // [inferred texts]
  if (refs.length > mostNames) {
    throw invalidParameter(`capacityProviders can have at most ${mostNames} items.`);
  }
  if (maxResults !== undefined || nextToken) {
    throw invalidParameter(
      'maxResults and nextToken cannot be used when capacity providers are specified.',
    );
  }
  const capacityProviders: WireCapacityProvider[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseCapacityProviderRef(ctx.scope, ref)))) {
    const view = viewOf(lastPathElement(arn), query, ctx);
    if (view?.capacityProviderArn === arn) capacityProviders.push(view);
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { capacityProviders, failures };
}

function describeAll(
  request: DescribeCapacityProvidersRequest,
  query: Query,
  ctx: RequestContext,
): DescribeCapacityProvidersResponse {
  const { rows, nextToken } = pageOf({
    request,
    list: ['DescribeCapacityProviders', scopeKey(ctx.scope), query.cluster?.arn],
    rowsAfter: (key) => namesAfter(key, query, ctx),
    keyOf: (name) => name,
    largestPage,
  });
  return {
    capacityProviders: rows.flatMap((name) => viewOf(name, query, ctx) ?? []),
    failures: [],
    ...present({ nextToken }),
  };
}

/** The built-in ones come first, the created ones by name. */
function* namesAfter(
  key: string | undefined,
  { cluster }: Query,
  { state: { read }, scope }: RequestContext,
): IterableIterator<string> {
  const isListed = (name: string): boolean => isAssociated(cluster, name);
  const isBuiltInKey = key !== undefined && isBuiltInCapacityProvider(key);
  if (key === undefined || isBuiltInKey) {
    yield* builtInCapacityProviders.filter(
      (name) => isListed(name) && (key === undefined || name > key),
    );
  }
  const after = key === undefined || isBuiltInKey ? undefined : capacityProviderArn(scope, key);
  for (const { name } of read.capacityProviders.list(scope, after)) {
    if (isListed(name)) yield name;
  }
}

function isAssociated(cluster: Cluster | undefined, name: string): boolean {
  return cluster === undefined || cluster.capacityProviders.includes(name);
}

function viewOf(
  name: string,
  { cluster, shown }: Query,
  { state: { read }, scope }: RequestContext,
): WireCapacityProvider | undefined {
  if (!isAssociated(cluster, name)) return undefined;
  if (isBuiltInCapacityProvider(name)) return builtInCapacityProviderView(scope, name);
  const provider = read.capacityProviders.findByName(scope, name);
  return provider && capacityProviderView(provider, shown);
}
