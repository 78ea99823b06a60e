import type {
  UpdateHttpNamespaceRequest,
  UpdatePrivateDnsNamespaceRequest,
  UpdatePublicDnsNamespaceRequest,
} from '@aws-sdk/client-servicediscovery';
import { invalidInput } from '../../domain/cloud-map/cloud-map-error.ts';
import { checkDescription, checkRequestId, required } from '../../domain/cloud-map/members.ts';
import {
  namespaceId,
  parseSoaTtl,
  type GivenProperties,
} from '../../domain/cloud-map/new-namespace.ts';
import type { Namespace, NamespaceKind } from '../../domain/namespace/namespace.ts';
import { present } from '../../domain/present.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteNamespace } from './note-operation.ts';
import { requireNamespace } from './require-record.ts';

/** What may change of a namespace. What is not given stays. */
interface Given {
  readonly Id: string | undefined;
  readonly UpdaterRequestId?: string | undefined;
  readonly Namespace:
    | {
        readonly Description?: string | undefined;
        readonly Properties?: GivenProperties | undefined;
      }
    | undefined;
}

export function updateHttpNamespace(input: UpdateHttpNamespaceRequest, ctx: CloudMapContext) {
  return updateNamespace('HTTP', input, ctx);
}

export function updatePrivateDnsNamespace(
  input: UpdatePrivateDnsNamespaceRequest,
  ctx: CloudMapContext,
) {
  return updateNamespace('DNS_PRIVATE', input, ctx);
}

export function updatePublicDnsNamespace(
  input: UpdatePublicDnsNamespaceRequest,
  ctx: CloudMapContext,
) {
  return updateNamespace('DNS_PUBLIC', input, ctx);
}

function updateNamespace(
  kind: NamespaceKind,
  { Id, UpdaterRequestId, Namespace: given }: Given,
  ctx: CloudMapContext,
): { OperationId: string } {
  checkRequestId('updaterRequestId', UpdaterRequestId);
  const { Description: description, Properties } = required('namespace', given);
  checkDescription(description);
  const soaTtlSeconds = parseSoaTtl(Properties);
  return ctx.state.transact((tx) => {
    const namespace = requireNamespace(tx, ctx.scope, Id);
    if (namespace.kind !== kind) throw anotherKind(namespace, kind);
    const described = { ...namespace, ...present({ description }) };
    tx.namespaces.put(
      described.kind === 'HTTP' ? described : { ...described, ...present({ soaTtlSeconds }) },
    );
    return noteNamespace(tx, ctx, 'UPDATE_NAMESPACE', namespace.arn);
  });
}

/** [inferred text] */
function anotherKind({ arn, kind }: Namespace, wanted: NamespaceKind): Error {
  return invalidInput(`Namespace ${namespaceId(arn)} is of the type ${kind}, not ${wanted}.`);
}
