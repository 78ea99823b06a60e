import { expect, test } from 'vitest';
import { endToEnd } from './headers.ts';

test('headers go through as they came, but for those of the connection', () => {
  const given = [
    ['Host', 'api'],
    ['X-Two', '1'],
    ['Connection', 'keep-alive, X-Mine'],
    ['x-mine', 'no'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['TE', 'trailers'],
    ['Upgrade', 'websocket'],
    ['Proxy-Connection', 'close'],
    ['x-two', '2'],
  ].flat();
  expect(endToEnd(given)).toEqual(['Host', 'api', 'X-Two', '1', 'x-two', '2']);
});
