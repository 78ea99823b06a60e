import { once } from 'node:events';
import type { Server } from 'node:net';
import type { Route } from './route.ts';

/** As many as Linux takes: what the application would not have turned away, the proxy does not. */
const backlog = 4_096;

/**
 * Resolves with the port, once it is listened on.
 * @throws the system's error where the place is taken
 */
export async function listening(server: Server, { host, port }: Route): Promise<number> {
  server.listen({ port, backlog, ...(host === undefined ? {} : { host }) });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
