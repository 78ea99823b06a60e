import type { ProxyAccessLog } from '../domain/service-connect/proxy-config.ts';

/** What came of a request, or of a connection of TCP. */
export interface Access {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** `address:port`; absent where there was none. */
  readonly upstreamHost?: string | undefined;
  /** Envoy's short words for what went wrong, such as `UH`. */
  readonly flags?: ResponseFlag | undefined;
  /** Absent of TCP. */
  readonly request?: AccessRequest;
}

/** No healthy upstream, connection failure, connection termination, overflow, request timeout, idle timeout, gone client. */
export type ResponseFlag = 'UH' | 'UF' | 'UC' | 'UO' | 'UT' | 'SI' | 'DC';

export interface AccessRequest {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  /** 0 where nothing was answered. */
  readonly status: number;
  /** Until the answer began. */
  readonly upstreamMs?: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A line, with its end. The order in TEXT is Service Connect's; a member that is not known is `-`. */
export function accessLine(access: Access, { format, ...rest }: ProxyAccessLog): string {
  return format === 'TEXT'
    ? `${textOf(access, rest)}\n`
    : `${JSON.stringify(jsonOf(access, rest))}\n`;
}

type Settings = Omit<ProxyAccessLog, 'format'>;

function textOf(access: Access, settings: Settings): string {
  const { startedAt, bytesReceived, bytesSent, durationMs, request, upstreamHost } = access;
  const start = new Date(startedAt).toISOString();
  const figures = `${bytesReceived} ${bytesSent} ${durationMs}`;
  if (!request) return `[${start}] ${figures} ${quoted(upstreamHost)}`;
  const { method, protocol, status, upstreamMs = '-', headers } = request;
  const said = ['x-forwarded-for', 'user-agent', 'x-request-id', hostHeader(headers)].map((name) =>
    quoted(headers[name]),
  );
  return (
    `[${start}] ${quoted(`${method} ${pathOf(request, settings)} ${protocol}`)} ${status} ` +
    `${figures} ${upstreamMs} ${said.join(' ')} ${quoted(upstreamHost)}`
  );
}

/** The names are Envoy's, in the form in which its own configurations have them. */
function jsonOf(access: Access, settings: Settings) {
  const { request } = access;
  const common = {
    start_time: new Date(access.startedAt).toISOString(),
    bytes_received: access.bytesReceived,
    bytes_sent: access.bytesSent,
    duration: access.durationMs,
    response_flags: access.flags ?? '-',
    upstream_host: access.upstreamHost ?? null,
  };
  if (!request) return common;
  const { headers } = request;
  return {
    ...common,
    method: request.method,
    path: pathOf(request, settings),
    protocol: request.protocol,
    response_code: request.status,
    upstream_service_time: request.upstreamMs ?? null,
    x_forwarded_for: headers['x-forwarded-for'] ?? null,
    user_agent: headers['user-agent'] ?? null,
    request_id: headers['x-request-id'] ?? null,
    authority: headers[hostHeader(headers)] ?? null,
  };
}

function hostHeader(headers: AccessRequest['headers']): string {
  return headers[':authority'] === undefined ? 'host' : ':authority';
}

function pathOf({ path }: AccessRequest, { includeQueryParameters }: Settings): string {
  const query = path.indexOf('?');
  return includeQueryParameters || query < 0 ? path : path.slice(0, query);
}

/** Clients choose what their headers say: nothing in them ends a member, or the line. */
function quoted(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'object' ? value.join(',') : (value ?? '-');
  return JSON.stringify(text);
}
