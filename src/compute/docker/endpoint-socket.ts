import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from '../../support/logger.ts';

/** Where SDKs look for what ECS tells a task. */
export const taskEndpointHost = '169.254.170.2';

export interface EndpointSocketSetting {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}

const headersTimeoutMs = 5_000;
const requestTimeoutMs = 10_000;
const mostConnections = 4_096;
const maxHeaderSize = 8 * 1024;

/**
 * The socket behind the address by which containers reach this server. The usual address belongs to a network of the
 * Engine, so it can be listened on only once that is there.
 */
export class EndpointSocket {
  readonly #setting: EndpointSocketSetting;
  #receive: RequestListener = (_, response) => void response.writeHead(503).end();
  #server: Server | undefined;
  /** The one that it listens on; none while it does not. */
  #port: number | undefined;
  #complaint = '';

  constructor(setting: EndpointSocketSetting) {
    this.#setting = setting;
  }

  /** Who answers. */
  set receive(receive: RequestListener) {
    this.#receive = receive;
  }

  get host(): string {
    return this.#setting.host;
  }

  /** By what containers reach it; undefined where nobody listens. */
  get url(): string | undefined {
    if (this.#port === undefined) return undefined;
    const { host } = this.#setting;
    const port = this.#port;
    if (host === taskEndpointHost && port === 80) return `http://${host}`;
    // From inside a container, loopback is its own: Docker has a name for that of the machine.
    return `http://${host.startsWith('127.') ? 'host.docker.internal' : host}:${port}`;
  }

  /** Listens, where that is not done yet. Why it cannot be done is logged, once for each reason. */
  async listen(): Promise<void> {
    if (this.#server) return;
    const { host, port, log } = this.#setting;
    const server = createServer(
      { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, maxHeaderSize },
      (request, response) => this.#receive(request, response),
    );
    server.maxConnections = mostConnections;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, resolve);
      });
      server.on('error', (error) => log.warn({ error }, 'The endpoint of tasks had an error.'));
      this.#server = server;
      const address = server.address();
      this.#port = typeof address === 'object' && address ? address.port : port;
    } catch (error) {
      const { message } = error instanceof Error ? error : new Error(String(error));
      if (message === this.#complaint) return;
      this.#complaint = message;
      log.warn(
        { reason: message, address: `${host}:${port}` },
        'Containers have no task metadata and no credentials: their endpoint cannot be listened on.',
      );
    }
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#port = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
