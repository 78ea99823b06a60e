import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { acceptAnyone, type Authenticate, type Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';
import { unknownOperation } from './front-door-errors.ts';
import type { JsonDoorParts } from './json-door.ts';
import { JsonDoor } from './json-door.ts';
import type { DoorLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { ListenError } from './listen-error.ts';
import { refuseForeign } from './loopback-guard.ts';
import { findRoute } from './find-route.ts';
import { isForm, QueryDoor, type QueryService } from './query-door.ts';
import { UpgradeDoor, type UnsignedUpgradeHandler, type UpgradeHandler } from './upgrade-door.ts';
import { verifyWith } from './verify-signature.ts';

/**
 * Answers requests for a path. It owns the response; what it throws is answered and logged. Where it
 * asks for the caller, only a signature that is right gets further.
 */
export type RouteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  callerOf: () => Caller,
) => void | Promise<void>;

export interface ListenerParts extends Omit<JsonDoorParts, 'authenticate' | 'limits'> {
  /** Without them everyone is let in, and so only loopback may reach the listener. */
  readonly credentials: Credentials | undefined;
  /** Paths besides `/`. One that ends with a slash stands for all that it begins. */
  readonly routes: ReadonlyMap<string, RouteHandler>;
  /** Paths where a websocket is to be had; each like those of routes. */
  readonly upgrades?: ReadonlyMap<string, UpgradeHandler>;
  readonly unsignedUpgrades?: ReadonlyMap<string, UnsignedUpgradeHandler>;
  /** Answers forms at `POST /`. */
  readonly queryService?: QueryService;
  readonly limits?: Partial<DoorLimits>;
}

const closeSweepMs = 50;
const noBody = Buffer.alloc(0);

/** The one HTTP port: AWS JSON 1.1 at `POST /`, and the routes. */
export class Listener {
  readonly server: Server;
  readonly #door: JsonDoor;
  readonly #queryDoor: QueryDoor | undefined;
  readonly #upgrades: UpgradeDoor;
  readonly #limits: DoorLimits;
  readonly #routes: ReadonlyMap<string, RouteHandler>;
  readonly #isOpenToAnyone: boolean;
  readonly #authenticate: Authenticate;
  readonly #now: () => number;

  constructor({
    credentials,
    routes,
    limits,
    queryService: service,
    upgrades = new Map(),
    unsignedUpgrades = new Map(),
    ...parts
  }: ListenerParts) {
    const authenticate = credentials === undefined ? acceptAnyone : verifyWith(credentials);
    this.#limits = { ...defaultLimits, ...limits };
    this.#door = new JsonDoor({ ...parts, authenticate, limits: this.#limits });
    const { now, log } = parts;
    this.#queryDoor =
      service && new QueryDoor({ service, authenticate, now, log, limits: this.#limits });
    this.#routes = routes;
    this.#authenticate = authenticate;
    this.#now = now;
    this.#isOpenToAnyone = credentials === undefined;
    this.#upgrades = new UpgradeDoor({
      handlers: upgrades,
      unsigned: unsignedUpgrades,
      authenticate,
      isOpenToAnyone: this.#isOpenToAnyone,
      now,
      log,
    });
    this.server = this.#createServer();
  }

  /**
   * Resolves with the address once it is bound; port 0 takes a free one.
   * @throws ListenError
   */
  listen(host: string, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(new ListenError(host, port, error));
      this.server.once('error', fail);
      this.server.listen(port, host, () => {
        this.server.off('error', fail);
        resolve(this.server.address() as AddressInfo); // Not a pipe: it listens on a port.
      });
    });
  }

  /** Takes no more connections, lets requests finish within a bound, and closes what is idle. */
  close(): Promise<void> {
    this.#door.startClosing();
    return new Promise((resolve) => {
      // Answers that were sent before did not ask their clients to close.
      const sweep = setInterval(() => this.server.closeIdleConnections(), closeSweepMs);
      const grace = setTimeout(() => this.server.closeAllConnections(), this.#limits.closeGraceMs);
      this.server.close(() => {
        clearInterval(sweep);
        clearTimeout(grace);
        resolve();
      });
    });
  }

  #createServer(): Server {
    const server = createServer(
      {
        maxHeaderSize: this.#limits.headerBytes,
        headersTimeout: this.#limits.headersTimeoutMs,
        requestTimeout: this.#limits.requestTimeoutMs,
        connectionsCheckingInterval: this.#limits.timeoutCheckMs,
        keepAliveTimeout: this.#limits.keepAliveTimeoutMs,
      },
      (request, response) => this.#receive(request, response),
    );
    server.maxHeadersCount = this.#limits.headerCount;
    server.timeout = this.#limits.stalledTimeoutMs;
    server.on('clientError', answerBrokenRequest);
    server.on('upgrade', (request, socket, head) => {
      this.#upgrades.receive(request, socket, head);
    });
    server.on('connect', (_request, socket) => closeWith(socket, '405 Method Not Allowed'));
    return server;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const refused = this.#isOpenToAnyone ? refuseForeign(request.headers) : undefined;
    if (refused !== undefined) return this.#door.refuse(request, response, refused);
    if (request.url === '/') {
      const door = isForm(request) ? (this.#queryDoor ?? this.#door) : this.#door;
      return door.receive(request, response);
    }

    const handler = findRoute(this.#routes, request.url);
    if (handler === undefined) {
      return this.#door.refuse(request, response, unknownOperation(404));
    }
    void this.#runRoute(handler, request, response);
  }

  /** A route takes no body. */
  #callerOf({ headers, method = '', url = '' }: IncomingMessage): Caller {
    const request = { method, url, headers, body: noBody, signingName: 'ecs', now: this.#now() };
    return this.#authenticate(request);
  }

  async #runRoute(
    handler: RouteHandler,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      await handler(request, response, () => this.#callerOf(request));
    } catch (error) {
      this.#door.fail(request, response, error);
    }
  }
}

/** Answers of HTTP itself to what Node cannot parse, or waits for in vain, by Node's error code. */
const brokenRequestStatus: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
};

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  const isGone = error.code === 'ECONNRESET' || !socket.writable;
  if (isGone) socket.destroy();
  else closeWith(socket, brokenRequestStatus[error.code ?? ''] ?? '400 Bad Request');
}

function closeWith(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
}
