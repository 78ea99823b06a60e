import { expect, test } from 'vitest';
import { accessLine, type Access } from './access-log.ts';

const access: Access = {
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  durationMs: 12,
  bytesReceived: 3,
  bytesSent: 45,
  upstreamHost: '10.0.0.1:80',
  request: {
    method: 'POST',
    path: '/a?token=secret',
    protocol: 'HTTP/1.1',
    status: 201,
    upstreamMs: 9,
    headers: { host: 'api:80', 'user-agent': 'curl"\n', 'x-forwarded-for': ['1.2.3.4', '5.6.7.8'] },
  },
};
const { request: _, ...connection } = access;
const withoutQuery = { includeQueryParameters: false };

test('a line of TEXT has the members of Service Connect, and no query', () => {
  expect(accessLine(access, { format: 'TEXT', ...withoutQuery })).toBe(
    '[2026-01-02T03:04:05.006Z] "POST /a HTTP/1.1" 201 3 45 12 9 "1.2.3.4,5.6.7.8" "curl\\"\\n" "-" ' +
      '"api:80" "10.0.0.1:80"\n',
  );
});

test('a query is told where that is asked for', () => {
  const line = accessLine(access, { format: 'TEXT', includeQueryParameters: true });
  expect(line).toContain('"POST /a?token=secret HTTP/1.1"');
});

test('a connection of TCP has no request', () => {
  expect(accessLine(connection, { format: 'TEXT', ...withoutQuery })).toBe(
    '[2026-01-02T03:04:05.006Z] 3 45 12 "10.0.0.1:80"\n',
  );
});

test('a line of JSON names its members', () => {
  const failed: Access = { ...access, upstreamHost: undefined, flags: 'UH' };
  expect(JSON.parse(accessLine(failed, { format: 'JSON', ...withoutQuery }))).toEqual({
    start_time: '2026-01-02T03:04:05.006Z',
    bytes_received: 3,
    bytes_sent: 45,
    duration: 12,
    response_flags: 'UH',
    upstream_host: null,
    method: 'POST',
    path: '/a',
    protocol: 'HTTP/1.1',
    response_code: 201,
    upstream_service_time: 9,
    x_forwarded_for: ['1.2.3.4', '5.6.7.8'],
    user_agent: 'curl"\n',
    request_id: null,
    authority: 'api:80',
  });
});
