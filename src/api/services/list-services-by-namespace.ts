import type {
  ListServicesByNamespaceRequest,
  ListServicesByNamespaceResponse,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import { parseServicePageSize } from '../../domain/service/list-services.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireExistingNamespace } from './existing-namespace.ts';

/** Services are in a namespace by Service Connect, those of all clusters alike. */
export function listServicesByNamespace(
  input: ListServicesByNamespaceRequest,
  { state: { read }, scope }: RequestContext,
): ListServicesByNamespaceResponse {
  if (!input.namespace) throw invalidParameter('Namespace can not be blank.'); // [inferred text]
  const { arn } = requireExistingNamespace(read, scope, input.namespace);
  const { rows, nextToken } = pageOf({
    request: {
      maxResults: parseServicePageSize(input.maxResults),
      nextToken: input.nextToken,
    },
    list: ['ListServicesByNamespace', arn],
    rowsAfter: (after) => read.services.inNamespace(arn, after),
    keyOf: (service) => service.arn,
  });
  return { serviceArns: rows.map((service) => service.arn), ...present({ nextToken }) };
}
