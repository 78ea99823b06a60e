import { createServer } from 'node:http';
import { serveUsage } from './child.ts';
import { host } from './load/signed-request.ts';

// The floor of the reads: bare node:http, which reads a body and answers with as many bytes as the path says.
const bodies = new Map<string, string>();

const server = createServer((request, response) => {
  const path = request.url ?? '';
  let body = bodies.get(path);
  if (body === undefined) bodies.set(path, (body = 'x'.repeat(Number(path.slice(1)))));
  request.resume();
  request.on('end', () => {
    response.writeHead(200, {
      'Content-Type': 'application/x-amz-json-1.1',
      'Content-Length': body.length,
    });
    response.end(body);
  });
});

server.listen(0, host, () => {
  const address = server.address();
  if (typeof address === 'object' && address) serveUsage(address.port);
});
