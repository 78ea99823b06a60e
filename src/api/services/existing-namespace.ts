import { scopeKey, type Scope } from '../../domain/arn.ts';
import {
  namespaceNotFound,
  parseNamespaceRef,
  type Namespace,
} from '../../domain/namespace/namespace.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** @throws EcsError NamespaceNotFoundException; it is not made by being asked for */
export function requireExistingNamespace(
  { namespaces }: ReadonlyTables,
  scope: Scope,
  text: string,
): Namespace {
  const ref = parseNamespaceRef(text);
  const namespace =
    ref.kind === 'arn' ? namespaces.findByArn(ref.arn) : namespaces.findByName(scope, ref.name);
  if (namespace?.scope !== scopeKey(scope)) throw namespaceNotFound();
  return namespace;
}
