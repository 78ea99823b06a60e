import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { serveUsage } from './child.ts';
import { host } from './load/signed-request.ts';

// The least that a durable call with a large body can do: hash the body for its signature, parse it, and write JSON as
// long twice, for the store and for the answer.
let stored = '';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const digest = hash('sha256', body);
    const value: unknown = JSON.parse(body.toString());
    stored = JSON.stringify([digest, value]);
    const answer = JSON.stringify(value);
    response.writeHead(200, {
      'Content-Type': 'application/x-amz-json-1.1',
      'Content-Length': Buffer.byteLength(answer),
      'X-Stored': String(stored.length),
    });
    response.end(answer);
  });
});

server.listen(0, host, () => {
  const address = server.address();
  if (typeof address === 'object' && address) serveUsage(address.port);
});
