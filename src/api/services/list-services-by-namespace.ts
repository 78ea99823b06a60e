import type {
  ListServicesByNamespaceRequest,
  ListServicesByNamespaceResponse,
} from '@aws-sdk/client-ecs';
import { scopeKey } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { namespaceNotFound, parseNamespaceRef } from '../../domain/namespace/namespace.ts';
import { parseServicePageSize } from '../../domain/service/list-services.ts';
import { present } from '../../domain/present.ts';
import type { Service } from '../../domain/service/service.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';

/** Services are in a namespace by Service Connect, which none of them has yet: there are none to list. */
export function listServicesByNamespace(
  input: ListServicesByNamespaceRequest,
  ctx: RequestContext,
): ListServicesByNamespaceResponse {
  const arn = requireNamespaceArn(input.namespace, ctx);
  const none: readonly Service[] = [];
  const { rows, nextToken } = pageOf({
    request: {
      maxResults: parseServicePageSize(input.maxResults),
      nextToken: input.nextToken,
    },
    list: ['ListServicesByNamespace', arn],
    rowsAfter: () => none[Symbol.iterator](),
    keyOf: (service) => service.arn,
  });
  return { serviceArns: rows.map((service) => service.arn), ...present({ nextToken }) };
}

/** @throws EcsError NamespaceNotFoundException; it is not made by being asked for */
function requireNamespaceArn(
  text: string | undefined,
  { state: { read }, scope }: RequestContext,
): string {
  if (!text) throw invalidParameter('Namespace can not be blank.'); // [inferred text]
  const ref = parseNamespaceRef(text);
  const namespace =
    ref.kind === 'arn'
      ? read.namespaces.findByArn(ref.arn)
      : read.namespaces.findByName(scope, ref.name);
  if (namespace?.scope !== scopeKey(scope)) throw namespaceNotFound();
  return namespace.arn;
}
