import { scopeKey } from '../../domain/arn.ts';
import {
  maximumNamespaces,
  namespaceArn,
  namespaceNotFound,
  namespaceOfCluster,
  newHttpName,
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
  const { scope, now } = ctx;
  const { name } = ref;
  const existing = tx.namespaces.findByName(scope, name);
  if (existing) return existing.arn;
  if (tx.namespaces.count(scope) >= maximumNamespaces) throw tooManyNamespaces();
  const arn = namespaceArn(scope, ctx.newId());
  const isTaken = (httpName: string) => tx.namespaces.findByHttpName(scope, httpName) !== undefined;
  const httpName = newHttpName(name, arn, isTaken);
  tx.namespaces.put(namespaceOfCluster({ scope, arn, name, httpName, now }));
  return arn;
}
