import { expect, test } from 'vitest';
import { parseRoute } from './route.ts';

test.each([
  ['/v4/abc-1', { kind: 'metadata', version: 4, endpointId: 'abc-1', of: 'container' }],
  ['/v4/abc/', { kind: 'metadata', version: 4, endpointId: 'abc', of: 'container' }],
  ['/v3/abc/task', { kind: 'metadata', version: 3, endpointId: 'abc', of: 'task' }],
  ['/v4/abc/taskWithTags', { kind: 'metadata', version: 4, endpointId: 'abc', of: 'taskWithTags' }],
  ['/v4/abc/task/stats?x=1', { kind: 'metadata', version: 4, endpointId: 'abc', of: 'taskStats' }],
  ['/v2/metadata', { kind: 'metadata', version: 2, of: 'task' }],
  ['/v2/stats/abc', { kind: 'metadata', version: 2, of: 'stats', container: 'abc' }],
  ['/v2/credentials/an-id', { kind: 'credentials', credentialsId: 'an-id' }],
  ['/v2/credentials', { kind: 'credentials', credentialsId: '' }],
  ['/api/abc/task-protection/v1/state', { kind: 'protection', endpointId: 'abc' }],
  [
    '/api/abc/fault/v1/network-latency/start',
    { kind: 'fault', endpointId: 'abc', fault: 'network-latency', action: 'start' },
  ],
])('%s is understood', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});

test.each([
  '/',
  '/v1/abc',
  '/v4',
  '/v4//task',
  '/v4/a/b/c',
  '/v2/credentials/a/b',
  '/api/a/fault/v1/fire/start',
  '/../v4/abc',
])('%s leads nowhere', (path) => {
  expect(parseRoute(path)).toBeUndefined();
});
