import { scopeKey, type Scope } from '../arn.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

interface NamespaceBase {
  readonly arn: string;
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  readonly name: string;
  /** By which DiscoverInstances finds it: the name, unless another namespace had that before. */
  readonly httpName: string;
  readonly description?: string;
  readonly creatorRequestId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: Instant;
}

/** Its instances are found by DiscoverInstances only. */
export interface HttpNamespace extends NamespaceBase {
  readonly kind: 'HTTP';
}

/** Its instances have names in the DNS of a network, too. */
export interface PrivateDnsNamespace extends NamespaceBase {
  readonly kind: 'DNS_PRIVATE';
  readonly vpc: string;
  /** How long the absence of a name may be remembered. */
  readonly soaTtlSeconds: number;
}

/** Its instances would have names in the DNS of the world, too. */
export interface PublicDnsNamespace extends NamespaceBase {
  readonly kind: 'DNS_PUBLIC';
  readonly soaTtlSeconds: number;
}

/** A namespace of Cloud Map. */
export type Namespace = HttpNamespace | PrivateDnsNamespace | PublicDnsNamespace;
export type NamespaceKind = Namespace['kind'];

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

/** What ECS makes in Cloud Map is tagged so. */
export const ecsManagedTag: Tag = { key: 'AmazonECSManaged', value: 'true' };

/** The HTTP namespace that ECS makes for a cluster that names one which is not there. */
export function namespaceOfCluster(given: {
  readonly scope: Scope;
  readonly arn: string;
  readonly name: string;
  /** Of the namespaces that are there. */
  readonly httpName: string;
  readonly now: Instant;
}): HttpNamespace {
  const { scope, arn, name, httpName, now: createdAt } = given;
  const tags = [ecsManagedTag];
  return { kind: 'HTTP', arn, scope: scopeKey(scope), name, httpName, tags, createdAt };
}

/** @param id 32 hexadecimal digits; the ARN shows `ns-` and 16 of them, as Cloud Map does */
export function namespaceArn(scope: Scope, id: string): string {
  return `${cloudMapPrefix(scope)}:namespace/ns-${id.slice(-16)}`;
}

/** `arn:aws:servicediscovery:us-east-1:012345678910`: how the ARNs of Cloud Map begin. */
export function cloudMapPrefix({ partition, region, accountId }: Scope): string {
  return `arn:${partition}:servicediscovery:${region}:${accountId}`;
}

/** The same of all that is in a namespace. */
export function namespaceScope(arn: string): string {
  return arn.split(':').slice(0, 5).join(':');
}

/**
 * The name by which DiscoverInstances is to find a new namespace: where another one has it, what tells them apart is
 * added [how is inferred].
 */
export function newHttpName(name: string, arn: string, isTaken: (name: string) => boolean): string {
  return isTaken(name) ? `${name}-${arn.slice(-8)}` : name;
}

export function namespaceNotFound(): EcsError {
  return new EcsError('NamespaceNotFoundException', 'Namespace not found.');
}

/** How many an account may have in a region: Cloud Map's own quota. */
export const maximumNamespaces = 50;

/** [inferred text] */
export function tooManyNamespaces(): EcsError {
  return invalidParameter('The maximum number of namespaces has been reached.');
}
