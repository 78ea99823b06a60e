import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from './caller.ts';
import { FrontDoorError, serverFailure, throttled, unknownOperation } from './front-door-errors.ts';
import type { DoorLimits } from './limits.ts';
import { BodyReader, type Body } from './read-body.ts';
import type { Call, DoorLog } from './service.ts';

/** A service of AWS's older query protocol: a form comes in, XML goes out. */
export interface QueryService {
  readonly signingName: string;
  /** Of answers: `https://sts.amazonaws.com/doc/2011-06-15/`. */
  readonly namespace: string;
  /** By the form's Action; each gives the members of its result, in order. */
  readonly operations: ReadonlyMap<string, (call: Call) => Readonly<Record<string, string>>>;
}

export interface QueryDoorParts {
  readonly service: QueryService;
  readonly authenticate: Authenticate;
  readonly now: () => number;
  readonly log: DoorLog;
  readonly limits: DoorLimits;
}

const formContentType = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

export function isForm({ method, headers }: IncomingMessage): boolean {
  return method === 'POST' && formContentType.test(headers['content-type'] ?? '');
}

/** Answers `POST /` of the query protocol, which has no target: the form names its action. */
export class QueryDoor {
  readonly #parts: QueryDoorParts;
  readonly #bodies: BodyReader;
  #inFlight = 0;

  constructor(parts: QueryDoorParts) {
    this.#parts = parts;
    this.#bodies = new BodyReader(parts.limits);
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    const requestId = randomUUID();
    this.#inFlight += 1;
    response.once('close', () => (this.#inFlight -= 1));
    const refuse = (error: unknown): void => this.#refuse(response, requestId, error);
    if (this.#inFlight > this.#parts.limits.requestsInFlight) return refuse(throttled());
    this.#bodies.read(request, {
      onBody: (body) => {
        try {
          send(response, requestId, 200, this.#resultOf(request, requestId, body));
        } catch (error) {
          refuse(error);
        }
      },
      onRefused: refuse,
      onGone: () => undefined,
    });
  }

  #resultOf({ headers }: IncomingMessage, requestId: string, body: Body): string {
    const { authenticate, service } = this.#parts;
    const { signingName, namespace, operations } = service;
    const now = this.#parts.now();
    const signed = { method: 'POST', url: '/', headers, body: body.sent, signingName, now };
    const caller = authenticate(signed);
    const action = new URLSearchParams(body.content.toString()).get('Action') ?? '';
    const operation = operations.get(action);
    if (!operation) throw unknownOperation();
    const members = operation({ requestId, now, origin: '', ...caller });
    return xml(`${action}Response`, namespace, [
      element(
        `${action}Result`,
        Object.entries(members).map(([n, v]) => element(n, text(v))),
      ),
      element('ResponseMetadata', [element('RequestId', requestId)]),
    ]);
  }

  #refuse(response: ServerResponse, requestId: string, error: unknown): void {
    const isOurs = !(error instanceof FrontDoorError);
    if (isOurs) this.#parts.log.error({ err: error, requestId }, 'A request failed');
    const { status, code, text: words = code } = isOurs ? serverFailure() : error;
    const answer = xml('ErrorResponse', this.#parts.service.namespace, [
      element('Error', [
        element('Type', status < 500 ? 'Sender' : 'Receiver'),
        element('Code', code),
        element('Message', text(words)),
      ]),
      element('RequestId', requestId),
    ]);
    send(response, requestId, status, answer);
  }
}

function send(response: ServerResponse, requestId: string, status: number, body: string): void {
  const length = String(Buffer.byteLength(body));
  const headers = ['x-amzn-RequestId', requestId, 'Content-Type', 'text/xml'];
  response.writeHead(status, [...headers, 'Content-Length', length]);
  response.end(body);
}

function xml(name: string, namespace: string, parts: readonly string[]): string {
  return `<${name} xmlns="${namespace}">${parts.join('')}</${name}>`;
}

function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${typeof content === 'string' ? content : content.join('')}</${name}>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function text(value: string): string {
  return value.replaceAll(/[&<>]/g, (character) => escapes[character] ?? '');
}
