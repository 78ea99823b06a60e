import { scopeKey, type Scope } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { Namespace, NamespaceKind } from '../namespace/namespace.ts';
import type { Tag } from '../tags.ts';
import { CloudMapError, cloudMapConstraint } from './cloud-map-error.ts';
import {
  checkDescription,
  checkLength,
  checkPattern,
  checkRange,
  checkRequestId,
  required,
} from './members.ts';

/** How a request of any of the three kinds names its namespace. */
export interface GivenNamespace {
  readonly Name?: string | undefined;
  readonly CreatorRequestId?: string | undefined;
  readonly Description?: string | undefined;
  readonly Vpc?: string | undefined;
  readonly Properties?: GivenProperties | undefined;
}

export interface GivenProperties {
  readonly DnsProperties:
    | { readonly SOA: { readonly TTL: number | undefined } | undefined }
    | undefined;
}

type KindSpec =
  | { readonly kind: 'HTTP' }
  | { readonly kind: 'DNS_PRIVATE'; readonly vpc: string; readonly soaTtlSeconds: number }
  | { readonly kind: 'DNS_PUBLIC'; readonly soaTtlSeconds: number };

/** A checked request for a namespace. */
export type NamespaceSpec = KindSpec & {
  readonly name: string;
  readonly description?: string;
  readonly creatorRequestId?: string;
};

const longestNames: Readonly<Record<NamespaceKind, number>> = {
  HTTP: 1_024,
  DNS_PRIVATE: 253,
  DNS_PUBLIC: 253,
};
const printable = /^[!-~]+$/;
const dnsName =
  /^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?$/;
const longestVpc = 64;
const longestTtl = 2_147_483_647;

/** Where a request does not say. [inferred] */
const defaultSoaTtlSeconds = 15;

/** @throws CloudMapError InvalidInput */
export function parseNamespace(kind: NamespaceKind, given: GivenNamespace): NamespaceSpec {
  const { CreatorRequestId: creatorRequestId, Description: description } = given;
  const name = parseName(kind, given.Name);
  checkRequestId('creatorRequestId', creatorRequestId);
  checkDescription(description);
  return { ...kindSpec(kind, given), name, ...present({ description, creatorRequestId }) };
}

function kindSpec(kind: NamespaceKind, { Vpc, Properties }: GivenNamespace): KindSpec {
  if (kind === 'HTTP') return { kind };
  const soaTtlSeconds = parseSoaTtl(Properties) ?? defaultSoaTtlSeconds;
  if (kind === 'DNS_PUBLIC') return { kind, soaTtlSeconds };
  const vpc = required('vpc', Vpc);
  checkLength('vpc', vpc, longestVpc);
  if (vpc === '') throw cloudMapConstraint('vpc', vpc, 'have length greater than or equal to 1');
  return { kind, vpc, soaTtlSeconds };
}

/** A private name must be one of DNS as much as a public one, or nothing could ask for it. */
function parseName(kind: NamespaceKind, given: string | undefined): string {
  const name = required('name', given);
  checkLength('name', name, longestNames[kind]);
  checkPattern('name', name, kind === 'HTTP' ? printable : dnsName);
  return name;
}

/** @throws CloudMapError InvalidInput */
export function parseSoaTtl(properties: GivenProperties | undefined): number | undefined {
  const ttl = properties?.DnsProperties?.SOA?.TTL;
  if (ttl !== undefined) checkRange('properties.dnsProperties.sOA.tTL', ttl, 0, longestTtl);
  return ttl;
}

export interface NewNamespace {
  readonly spec: NamespaceSpec;
  readonly scope: Scope;
  readonly arn: string;
  readonly httpName: string;
  readonly tags: readonly Tag[];
  readonly now: Instant;
}

export function newNamespace({ spec, scope, arn, httpName, tags, now }: NewNamespace): Namespace {
  return { ...spec, arn, scope: scopeKey(scope), httpName, tags, createdAt: now };
}

/**
 * Checks that a new namespace is not one that is there: of its name there may be one of each kind, and a private one
 * for each VPC.
 * @throws CloudMapError NamespaceAlreadyExists
 */
export function checkNamespaceIsNew(spec: NamespaceSpec, named: Iterable<Namespace>): void {
  for (const other of named) {
    if (other.kind !== spec.kind) continue;
    if (other.kind === 'DNS_PRIVATE' && spec.kind === 'DNS_PRIVATE' && other.vpc !== spec.vpc) {
      continue;
    }
    throw namespaceExists(other);
  }
}

/** [inferred text] */
function namespaceExists({ arn, name, creatorRequestId }: Namespace): CloudMapError {
  return new CloudMapError('NamespaceAlreadyExists', `Namespace ${name} already exists.`, {
    NamespaceId: namespaceId(arn),
    ...present({ CreatorRequestId: creatorRequestId }),
  });
}

/** `ns-…`, as an ARN ends. */
export function namespaceId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Longshore has no Route 53; the id of the zone that would be there follows from the namespace's own. */
export function hostedZoneId(arn: string): string {
  return `Z0${namespaceId(arn).slice('ns-'.length).toUpperCase()}`;
}
