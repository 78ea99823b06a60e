import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '../support/refuse-upgrade.ts';
import type { Authenticate, Caller } from './caller.ts';
import { FrontDoorError, serverFailure, unknownOperation } from './front-door-errors.ts';
import { findRoute } from './find-route.ts';
import { refuseForeign } from './loopback-guard.ts';
import type { DoorLog } from './service.ts';

/** A request for a websocket that is let in. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  readonly caller: Caller;
}

/** Owns the socket from here on. */
export type UpgradeHandler = (upgrade: Upgrade) => void;

export type UnsignedUpgradeHandler = (upgrade: Omit<Upgrade, 'caller'>) => void;

export interface UpgradeDoorParts {
  readonly handlers: ReadonlyMap<string, UpgradeHandler>;
  /** Of paths that are asked for without a signature: whoever answers finds out who it is. */
  readonly unsigned: ReadonlyMap<string, UnsignedUpgradeHandler>;
  readonly authenticate: Authenticate;
  readonly isOpenToAnyone: boolean;
  readonly now: () => number;
  readonly log: DoorLog;
}

/** Lets in who asks for a websocket: such a request is a GET without a body, signed like any other. */
export class UpgradeDoor {
  readonly #parts: UpgradeDoorParts;

  constructor(parts: UpgradeDoorParts) {
    this.#parts = parts;
  }

  receive(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    try {
      this.#refuseForeign(request);
      const unsigned = findRoute(this.#parts.unsigned, request.url);
      if (unsigned) return unsigned({ request, socket, head });
      const handler = findRoute(this.#parts.handlers, request.url);
      if (handler === undefined) throw unknownOperation(404);
      handler({ request, socket, head, caller: this.#callerOf(request) });
    } catch (error) {
      refuse(socket, this.#refusalOf(error));
    }
  }

  #callerOf({ headers, method = '', url = '' }: IncomingMessage): Caller {
    const { authenticate, now } = this.#parts;
    const body = Buffer.alloc(0);
    return authenticate({ method, url, headers, body, signingName: 'ecs', now: now() });
  }

  #refuseForeign({ headers }: IncomingMessage): void {
    const foreign = this.#parts.isOpenToAnyone ? refuseForeign(headers) : undefined;
    if (foreign !== undefined) throw foreign;
  }

  #refusalOf(error: unknown): FrontDoorError {
    if (error instanceof FrontDoorError) return error;
    this.#parts.log.error({ err: error }, 'A websocket failed to open');
    return serverFailure();
  }
}

/** In the form that the ECS agent reads. */
function refuse(socket: Duplex, { status, code, text = code }: FrontDoorError): void {
  refuseUpgrade(socket, status, { type: code, message: { message: text } });
}
