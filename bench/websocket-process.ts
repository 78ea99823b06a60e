import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serveUsage } from './child.ts';
import { host } from './load/signed-request.ts';

// The floor of the agents: the library for websockets, which takes every connection and hears what is said on it.
const websockets = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
});
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  websockets.handleUpgrade(request, socket, head, (websocket) => {
    websocket.on('message', () => undefined);
  });
});

server.listen(0, host, () => {
  const address = server.address();
  if (typeof address === 'object' && address) serveUsage(address.port);
});
