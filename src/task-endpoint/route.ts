import type { FaultAction, FaultKind } from './fault-request.ts';

/** What a container asks for at its endpoint. */
export type EndpointRoute =
  | { readonly kind: 'credentials'; readonly credentialsId: string }
  | MetadataRoute
  | { readonly kind: 'protection'; readonly endpointId: string }
  | FaultRoute;

export type MetadataVersion = 2 | 3 | 4;

export interface MetadataRoute {
  readonly kind: 'metadata';
  readonly version: MetadataVersion;
  /** Absent in version 2, which knows its callers by their addresses. */
  readonly endpointId?: string;
  readonly of: 'container' | 'task' | 'taskWithTags' | 'stats' | 'taskStats';
  /** In version 2, the runtime id of the container that is meant. */
  readonly container?: string;
}

export interface FaultRoute {
  readonly kind: 'fault';
  readonly endpointId: string;
  readonly fault: FaultKind;
  readonly action: FaultAction;
}

const metadataPath = /^\/v([34])\/([^/]+)(?:\/(task|taskWithTags|stats|task\/stats))?\/?$/;
const firstMetadataPath = /^\/v2\/(metadata|metadataWithTags|stats)(?:\/([^/]+))?\/?$/;
const credentialsPath = /^\/v2\/credentials(?:\/([^/]*))?\/?$/;
const protectionPath = /^\/api\/([^/]+)\/task-protection\/v1\/state\/?$/;
const faultPath =
  /^\/api\/([^/]+)\/fault\/v1\/(network-blackhole-port|network-latency|network-packet-loss)\/(start|stop|status)\/?$/;

/** Reads a path as containers have it from their environment; undefined where it leads nowhere. */
export function parseRoute(url: string): EndpointRoute | undefined {
  const [path = ''] = url.split('?', 1);
  const credentials = credentialsPath.exec(path);
  if (credentials) return { kind: 'credentials', credentialsId: credentials[1] ?? '' };
  const protection = protectionPath.exec(path);
  if (protection) return { kind: 'protection', endpointId: protection[1] ?? '' };
  return parseFault(path) ?? parseMetadata(path) ?? parseFirstMetadata(path);
}

function parseFault(path: string): FaultRoute | undefined {
  const match = faultPath.exec(path);
  if (!match) return undefined;
  const [, endpointId = '', fault, action] = match;
  // The expression has no others.
  return { kind: 'fault', endpointId, fault: fault as FaultKind, action: action as FaultAction };
}

function parseMetadata(path: string): MetadataRoute | undefined {
  const match = metadataPath.exec(path);
  if (!match) return undefined;
  const [, version, endpointId = '', suffix] = match;
  const of = suffix === 'task/stats' ? 'taskStats' : ((suffix ?? 'container') as Suffix);
  return { kind: 'metadata', version: version === '3' ? 3 : 4, endpointId, of };
}

type Suffix = 'container' | 'task' | 'taskWithTags' | 'stats';

function parseFirstMetadata(path: string): MetadataRoute | undefined {
  const match = firstMetadataPath.exec(path);
  if (!match) return undefined;
  const [, subject, container] = match;
  const route = { kind: 'metadata', version: 2 } as const;
  if (container !== undefined) {
    return { ...route, of: subject === 'stats' ? 'stats' : 'container', container };
  }
  if (subject === 'stats') return { ...route, of: 'taskStats' };
  return { ...route, of: subject === 'metadataWithTags' ? 'taskWithTags' : 'task' };
}
