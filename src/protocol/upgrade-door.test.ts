import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openDoor, type RunningDoor } from '../../test/fixtures/door.ts';
import type { Caller } from './caller.ts';
import type { Upgrade } from './upgrade-door.ts';

const credential = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secret',
  accountId: '123456789012',
  callerArn: 'arn:aws:iam::123456789012:root',
};

/** A door where everything below `/sockets/` tells who asks, and closes. */
async function aDoor(credentials?: { find: () => typeof credential }) {
  const callers: Caller[] = [];
  const answer = ({ socket, caller }: Upgrade): void => {
    callers.push(caller);
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  };
  const upgrades = new Map([['/sockets/', answer]]);
  return { door: await openDoor({}, { upgrades, credentials }), callers };
}

const signed =
  'AWS4-HMAC-SHA256 Credential=123456789012/20260916/eu-west-1/ecs/aws4_request, ' +
  'SignedHeaders=host, Signature=00';

async function ask(
  door: RunningDoor,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const request = get(`${door.url}${path}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      authorization: signed,
      'x-amz-date': '20260916T093500Z',
      ...headers,
    },
  });
  const event = await Promise.race([once(request, 'response'), once(request, 'upgrade')]);
  const response: IncomingMessage = event[0];
  const body = response.statusCode === 101 ? '' : await text(response);
  request.destroy();
  return { status: response.statusCode, body };
}

test('who asks for a websocket is known by account and region', async () => {
  const { door, callers } = await aDoor();
  await using _ = door;
  expect((await ask(door, '/sockets/a?b=c')).status).toBe(101);
  expect(callers).toMatchObject([{ accountId: '123456789012', region: 'eu-west-1' }]);
});

test.each([
  ['another path', '/elsewhere', {}, 404, 'UnknownOperationException'],
  ['no signature', '/sockets/a', { authorization: '' }, 400, 'MissingAuthenticationToken'],
  ['a page from elsewhere', '/sockets/a', { origin: 'http://evil.example' }, 403, 'AccessDenied'],
  ['a name that is not ours', '/sockets/a', { host: 'evil.example' }, 403, 'AccessDenied'],
])('a websocket is refused with %s', async (_, path, headers, status, code) => {
  const { door, callers } = await aDoor();
  await using open = door;
  const refused = await ask(open, path, headers);
  expect(refused.status).toBe(status);
  expect(refused.body).toContain(code);
  expect(callers).toEqual([]);
});

test('with credentials, a signature that does not match is refused', async () => {
  const { door, callers } = await aDoor({ find: () => credential });
  await using _ = door;
  expect((await ask(door, '/sockets/a')).status).toBe(400);
  expect(callers).toEqual([]);
});
