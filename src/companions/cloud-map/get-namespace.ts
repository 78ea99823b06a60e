import type { GetNamespaceRequest, GetNamespaceResponse } from '@aws-sdk/client-servicediscovery';
import type { CloudMapContext } from './cloud-map-context.ts';
import { namespaceView } from './namespace-view.ts';
import { requireNamespace } from './require-record.ts';

export function getNamespace(
  { Id }: GetNamespaceRequest,
  { state: { read }, scope }: CloudMapContext,
): GetNamespaceResponse {
  return { Namespace: namespaceView(requireNamespace(read, scope, Id), read) };
}
