import { scopeKey } from '../../domain/arn.ts';
import {
  maximumNamespaces,
  namespaceArn,
  namespaceNotFound,
  tooManyNamespaces,
  type NamespaceRef,
} from '../../domain/namespace/namespace.ts';
import type { Transaction } from '../../state/state.ts';
import type { RequestContext } from '../operation.ts';

/**
 * The ARN of a Service Connect namespace. A name that is new makes an HTTP namespace of it.
 * @throws EcsError NamespaceNotFoundException for an ARN that is none of ours, InvalidParameterException
 *   where there are too many
 */
export function requireNamespace(tx: Transaction, ctx: RequestContext, ref: NamespaceRef): string {
  if (ref.kind === 'arn') {
    const named = tx.namespaces.findByArn(ref.arn);
    if (named?.scope !== scopeKey(ctx.scope)) throw namespaceNotFound();
    return ref.arn;
  }
  const existing = tx.namespaces.findByName(ctx.scope, ref.name);
  if (existing) return existing.arn;
  if (tx.namespaces.count(ctx.scope) >= maximumNamespaces) throw tooManyNamespaces();
  const arn = namespaceArn(ctx.scope, ctx.newId());
  tx.namespaces.put({ arn, scope: scopeKey(ctx.scope), name: ref.name, createdAt: ctx.now });
  return arn;
}
