import type {
  CreateHttpNamespaceRequest,
  CreatePrivateDnsNamespaceRequest,
  CreatePublicDnsNamespaceRequest,
} from '@aws-sdk/client-servicediscovery';
import { createHash } from 'node:crypto';
import { CloudMapError, limitReached } from '../../domain/cloud-map/cloud-map-error.ts';
import {
  checkNamespaceIsNew,
  namespaceId,
  newNamespace,
  parseNamespace,
} from '../../domain/cloud-map/new-namespace.ts';
import {
  maximumNamespaces,
  namespaceArn,
  newHttpName,
  type NamespaceKind,
} from '../../domain/namespace/namespace.ts';
import type { Transaction } from '../../state/state.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import { noteOperation } from './note-operation.ts';
import { namespaceArnOf } from './require-record.ts';
import { parseCloudMapTags } from './tags.ts';

interface Began {
  OperationId: string;
}

export function createHttpNamespace(
  input: CreateHttpNamespaceRequest,
  ctx: CloudMapContext,
): Began {
  return createNamespace('HTTP', input, ctx);
}

export function createPrivateDnsNamespace(
  input: CreatePrivateDnsNamespaceRequest,
  ctx: CloudMapContext,
): Began {
  return createNamespace('DNS_PRIVATE', input, ctx);
}

export function createPublicDnsNamespace(
  input: CreatePublicDnsNamespaceRequest,
  ctx: CloudMapContext,
): Began {
  return createNamespace('DNS_PUBLIC', input, ctx);
}

function createNamespace(
  kind: NamespaceKind,
  input: CreateHttpNamespaceRequest,
  ctx: CloudMapContext,
): Began {
  const spec = parseNamespace(kind, input);
  const { name, creatorRequestId } = spec;
  const tags = parseCloudMapTags(input.Tags, name);
  const { scope, now } = ctx;
  const request = creatorRequestId
    ? { id: creatorRequestId, digest: digestOf(kind, input) }
    : undefined;

  return ctx.state.transact((tx) => {
    const former = request && formerOperation(tx, ctx, request);
    if (former !== undefined) return { OperationId: former };
    checkNamespaceIsNew(spec, tx.namespaces.named(scope, name));
    if (tx.namespaces.count(scope) >= maximumNamespaces) throw limitReached('namespaces');
    const arn = namespaceArn(scope, ctx.newId());
    const isTaken = (one: string) => tx.namespaces.findByHttpName(scope, one) !== undefined;
    const httpName = newHttpName(name, arn, isTaken);
    tx.namespaces.put(newNamespace({ spec, scope, arn, httpName, tags, now }));
    const targets = { NAMESPACE: namespaceId(arn) };
    const type = 'CREATE_NAMESPACE';
    return noteOperation(tx, ctx, { type, namespaceArn: arn, targets, request });
  });
}

/**
 * A repeated request is answered with the operation that the first one began, for as long as its namespace is there.
 * @throws CloudMapError DuplicateRequest where another request had the same id
 */
function formerOperation(
  tx: Transaction,
  { scope }: CloudMapContext,
  { id, digest }: { readonly id: string; readonly digest: string },
): string | undefined {
  const former = tx.cloudMapOperations.findByRequest(scope, id);
  if (!former || !tx.namespaces.findByArn(namespaceArnOf(scope, former.namespaceId))) {
    return undefined;
  }
  if (former.request?.digest !== digest) throw duplicateRequest(former.id);
  return former.id;
}

function digestOf(kind: NamespaceKind, input: object): string {
  const request = { ...input, kind, Tags: undefined };
  return createHash('sha256').update(JSON.stringify(request)).digest('base64');
}

/** [inferred text] */
function duplicateRequest(operationId: string): CloudMapError {
  return new CloudMapError(
    'DuplicateRequest',
    'Another request with the same CreatorRequestId has been made.',
    { DuplicateOperationId: operationId },
  );
}
