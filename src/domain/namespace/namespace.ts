import type { Scope } from '../arn.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';

/** A Cloud Map namespace, as far as Service Connect needs it. */
export interface Namespace {
  readonly arn: string;
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  readonly name: string;
  readonly createdAt: Instant;
}

/** A namespace is referred to by its name, which creates it where it is new, or by its ARN. */
export type NamespaceRef =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'arn'; readonly arn: string };

/** @throws EcsError InvalidParameterException for a name that Cloud Map would not take */
export function parseNamespaceRef(text: string): NamespaceRef {
  if (text.startsWith('arn:')) return { kind: 'arn', arn: text };
  if (text.length > 1024) throw invalidParameter('namespace longer than 1024.');
  if (/[<>"/]/.test(text)) throw invalidParameter('namespace contains invalid characters.');
  return { kind: 'name', name: text };
}

/** @param id 32 hexadecimal digits; the ARN shows `ns-` and 16 of them, as Cloud Map does */
export function namespaceArn({ partition, region, accountId }: Scope, id: string): string {
  return `arn:${partition}:servicediscovery:${region}:${accountId}:namespace/ns-${id.slice(-16)}`;
}

/** `arn:aws:servicediscovery:us-east-1:012345678910`: how the ARNs of all in a namespace begin. */
export function namespaceScope(arn: string): string {
  return arn.split(':').slice(0, 5).join(':');
}

export function namespaceNotFound(): EcsError {
  return new EcsError('NamespaceNotFoundException', 'Namespace not found.');
}

/** How many an account may have in a region. Cloud Map allows 50 by default; here none can be deleted yet. */
export const maximumNamespaces = 1000;

/** [inferred text] */
export function tooManyNamespaces(): EcsError {
  return invalidParameter('The maximum number of namespaces has been reached.');
}
