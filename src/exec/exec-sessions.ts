import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createRequire } from 'node:module';
import type * as ws from 'ws';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ExecOrder, StartExec } from '../compute/exec-process.ts';
import { lastPathElement } from '../domain/arn.ts';
import { EcsError } from '../domain/errors.ts';
import type { Clock } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import { refuseUpgrade } from '../support/refuse-upgrade.ts';
import type { Wire } from './data-channel.ts';
import { ExecSession } from './exec-session.ts';
import type { SessionKey } from './handshake.ts';

export interface ExecSessionsSetting {
  readonly clock: Clock;
  readonly log: Logger;
  readonly start: StartExec;
  /** Has KMS decrypt the data keys of sessions. */
  readonly decryptKey: DecryptKey;
  /** Keeps what sessions have shown, when they have ended. */
  readonly record: (session: EndedSession) => void;
}

/** A data key of KMS that a plugin had made for a session. */
export interface SealedKey {
  readonly keyId: string;
  readonly cipherText: Buffer;
  /** What it is bound to. */
  readonly context: Readonly<Record<string, string>>;
}

export type DecryptKey = (order: ExecOrder, sealed: SealedKey) => Promise<Buffer>;

/** Who begins a session, and the key of KMS that it is to be encrypted with, where with any. */
export interface SessionTerms {
  readonly accountId: string;
  readonly callerArn: string;
  readonly kmsKeyId?: string | undefined;
}

export interface EndedSession {
  readonly id: string;
  readonly order: ExecOrder;
  readonly callerArn: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the terminal showed, up to a bound. */
  readonly output: Buffer;
}

/** What a client needs to take its place before a terminal. */
export interface OpenedSession {
  readonly id: string;
  readonly token: string;
  /** What precedes the session's id in the path of its data channel. */
  readonly path: string;
}

interface Entry {
  readonly session: ExecSession;
  readonly accountId: string;
  token: string;
}

/** Where the data channels are: the session's id follows. */
export const dataChannelPath = '/v1/data-channel/';

/** ECS's own, for each container. */
const mostPerContainer = 2;
const mostSessions = 1_000;
const mostFrameBytes = 128 * 1024;
/** A client that does not say who it is goes. */
const openingMs = 10_000;
/** More than this waiting to be sent means that the client no longer reads. */
const mostBufferedBytes = 4 * 1024 * 1024;
const mostRecordedBytes = 4 * 1024 * 1024;
const policyViolation = 1008;

/** All sessions of ExecuteCommand: they live in this process, and end with it. */
export class ExecSessions {
  readonly #setting: ExecSessionsSetting;
  readonly #entries = new Map<string, Entry>();
  #sockets: WebSocketServer | undefined;

  constructor(setting: ExecSessionsSetting) {
    this.#setting = setting;
  }

  /** @throws EcsError ClientException where there are as many as there may be */
  open(order: ExecOrder, { accountId, callerArn, kmsKeyId }: SessionTerms): OpenedSession {
    this.#requireRoom(order);
    const { clock, log, start, record } = this.#setting;
    const id = `ecs-execute-command-${randomBytes(13).toString('hex')}`;
    const token = newToken();
    const startedAt = clock.now();
    const shown: Buffer[] = [];
    let shownBytes = 0;
    const session = new ExecSession({
      id,
      order,
      clock,
      log,
      start,
      key: kmsKeyId === undefined ? undefined : this.#keyOf(order, id, kmsKeyId),
      onOutput: (bytes) => {
        if (shownBytes >= mostRecordedBytes) return;
        shown.push(bytes);
        shownBytes += bytes.length;
      },
      onEnded: () => {
        this.#entries.delete(id);
        const output = Buffer.concat(shown);
        record({ id, order, callerArn, startedAt, endedAt: clock.now(), output });
      },
    });
    this.#entries.set(id, { session, accountId, token });
    return { id, token, path: dataChannelPath };
  }

  /** A new token for a client that has lost its connection; undefined where there is no such session. */
  resume(id: string, accountId: string): string | undefined {
    const entry = this.#find(id, accountId);
    if (entry) entry.token = newToken();
    return entry?.token;
  }

  /** Tells whether there was such a session. */
  terminate(id: string, accountId: string): boolean {
    const entry = this.#find(id, accountId);
    void entry?.session.end('');
    return entry !== undefined;
  }

  /** Takes a websocket, which is nobody's until its first message has the token of its session. */
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const id = path.slice(dataChannelPath.length);
    if (!this.#entries.has(id)) {
      return refuseUpgrade(socket, 404, { message: 'There is no such session.' });
    }
    this.#sockets ??= newSockets();
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#greet(id, opened));
  }

  async close(): Promise<void> {
    const ending = [...this.#entries.values()].map(({ session }) =>
      session.end('The server stops.'),
    );
    await Promise.all(ending);
  }

  #greet(id: string, socket: WebSocket): void {
    const { clock, log } = this.#setting;
    const deadline = clock.at(clock.now() + openingMs, () => socket.terminate());
    socket.on('error', (error) => log.warn({ error }, 'A connection of a session failed.'));
    socket.on('close', () => deadline.cancel());
    socket.once('message', (data, isBinary) => {
      deadline.cancel();
      const entry = this.#entries.get(id);
      const token = isBinary || !Buffer.isBuffer(data) ? undefined : tokenIn(data);
      if (!entry || token === undefined || !isSame(token, entry.token)) {
        return socket.close(policyViolation, 'The token is not that of the session.');
      }
      serve(entry.session, socket);
    });
  }

  #keyOf(order: ExecOrder, sessionId: string, keyId: string): SessionKey {
    const context = { 'aws:ssm:SessionId': sessionId, 'aws:ssm:TargetId': targetOf(order) };
    const { decryptKey } = this.#setting;
    return { keyId, decrypt: (cipherText) => decryptKey(order, { keyId, cipherText, context }) };
  }

  #find(id: string, accountId: string): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry?.accountId === accountId ? entry : undefined;
  }

  #requireRoom({ task, container }: ExecOrder): void {
    const all = [...this.#entries.values()].map(({ session }) => session.order);
    const own = all.filter((other) => other.task.arn === task.arn && other.container === container);
    if (own.length < mostPerContainer && all.length < mostSessions) return;
    throw new EcsError(
      'ClientException',
      `Unable to start new execute sessions because the maximum session limit of ${mostPerContainer} has been reached.`,
    );
  }
}

/** What the aws CLI calls the container that it asked for. */
function targetOf({ task, container }: ExecOrder): string {
  const runtimeId = task.containers.find(({ name }) => name === container)?.runtimeId ?? '';
  return `ecs:${lastPathElement(task.clusterArn)}_${lastPathElement(task.arn)}_${runtimeId}`;
}

function serve(session: ExecSession, socket: WebSocket): void {
  const wire: Wire = {
    send: (frame) => {
      if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
      else socket.send(frame);
    },
    close: (code, reason) => socket.close(code, reason),
  };
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data)) session.receive(data);
  });
  socket.on('close', () => session.disconnected(wire));
  session.connect(wire);
}

/** Loaded with the first session: no start waits for it. */
function newSockets(): WebSocketServer {
  const library: typeof ws = createRequire(import.meta.url)('ws');
  return new library.WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: mostFrameBytes,
  });
}

/** Nobody guesses it: it stands for the signature of the call that gave it. */
function newToken(): string {
  return randomBytes(192).toString('base64');
}

function tokenIn(opening: Buffer): string | undefined {
  try {
    const { TokenValue: token } = JSON.parse(opening.toString());
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
