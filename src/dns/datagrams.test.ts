import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Datagrams } from './datagrams.ts';

test('a datagram from port 0 has no answer, and those after it have theirs', async () => {
  const server = createSocket('udp4');
  const client = createSocket('udp4');
  const heard: string[] = [];
  const questions = new Datagrams(server, (message) => {
    heard.push(message.toString());
    return Promise.resolve(message);
  });
  try {
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    // Only a raw socket sends such a thing.
    const from = { address: '127.0.0.1', port: 0, family: 'IPv4', size: 6 };
    server.emit('message', Buffer.from('nobody'), from);
    client.send('somebody', server.address().port, '127.0.0.1');
    const [answer] = await once(client, 'message');
    expect(String(answer)).toBe('somebody');
    expect(heard).toEqual(['somebody']);
  } finally {
    await questions.close();
    client.close();
  }
});
