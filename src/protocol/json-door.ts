import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { faultAnswer, refusal, send, success } from './answer.ts';
import type { Authenticate } from './caller.ts';
import { EventStream, sendEvents } from './event-stream.ts';
import {
  FrontDoorError,
  serverFailure,
  throttled,
  unknownOperation,
  unservedOperation,
  unsupportedMediaType,
} from './front-door-errors.ts';
import type { DoorLimits } from './limits.ts';
import { parseJson } from './parse-json.ts';
import type { Body } from './read-body.ts';
import { BodyReader } from './read-body.ts';
import type { Call, DoorLog, DoorObserver, Fault, JsonOperation, JsonService } from './service.ts';

/** What the door asks of the rest of the server. */
export interface JsonDoorParts {
  readonly services: readonly JsonService[];
  readonly authenticate: Authenticate;
  /** Tells which thrown errors the caller is told about. */
  readonly faultOf: (error: unknown) => Fault | undefined;
  /**
   * Resolves once all that handlers have seen so far is durable; undefined where it already is. No
   * answer of a handler, be it an error, leaves before.
   */
  readonly settled: () => Promise<void> | undefined;
  readonly now: () => number;
  readonly log: DoorLog;
  readonly observer: DoorObserver;
  readonly limits: DoorLimits;
}

interface Target {
  readonly service: JsonService;
  readonly operation: JsonOperation;
}

/** One request on its way to its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly startedAt: number;
  readonly target: Target | undefined;
}

interface Answered {
  readonly exchange: Exchange;
  readonly answer: Answer | EventStream;
}

/** A request that is let in, as its handler takes it. */
interface Command {
  readonly operation: JsonOperation;
  readonly input: unknown;
  readonly call: Call;
}

const jsonContentType = /^application\/x-amz-json-1\.[01]\s*(?:;|$)/i;

/**
 * Answers `POST /`: routes by target, reads, verifies, decodes, handles, waits until durable,
 * answers.
 */
export class JsonDoor {
  readonly #parts: JsonDoorParts;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #bodies: BodyReader;
  #leaving: Answered[] = [];
  #inFlight = 0;
  #closing = false;

  constructor(parts: JsonDoorParts) {
    this.#parts = parts;
    this.#targets = targetsOf(parts.services);
    this.#bodies = new BodyReader(parts.limits);
  }

  /** From now on, every answer asks its client to close the connection. */
  startClosing(): void {
    this.#closing = true;
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    const name = String(request.headers['x-amz-target']);
    const target = this.#targets.get(name);
    const exchange = this.#open(request, response, target);
    const error = this.#refusalOf(request);
    if (error !== undefined) return this.#answer(exchange, refusal(error));
    if (target === undefined) return this.#answer(exchange, refusal(this.#unknown(name)));
    this.#bodies.read(request, {
      onBody: (body) => this.#handle(exchange, target, body),
      onRefused: (bodyError) => this.#answer(exchange, refusal(bodyError)),
      onGone: () => this.#close(),
    });
  }

  /** Answers a request that is refused whatever it asks for. */
  refuse(request: IncomingMessage, response: ServerResponse, error: FrontDoorError): void {
    this.#answer(this.#open(request, response, undefined), refusal(error));
  }

  /** Answers a request that failed for a reason of ours, as far as that can still be done. */
  fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const exchange = this.#open(request, response, undefined);
    const answer = this.#failed(exchange, error);
    if (!response.headersSent) return this.#answer(exchange, answer);
    this.#close();
    response.destroy();
  }

  #unknown(target: string): FrontDoorError {
    const [prefix = '', name = ''] = target.split('.', 2);
    const service = this.#parts.services.find(({ targetPrefix }) => targetPrefix === prefix);
    const text = service?.unserved?.(name);
    return text === undefined ? unknownOperation() : unservedOperation(text);
  }

  #open(request: IncomingMessage, response: ServerResponse, target: Target | undefined): Exchange {
    this.#inFlight += 1;
    return { request, response, requestId: randomUUID(), startedAt: performance.now(), target };
  }

  #close(): void {
    this.#inFlight -= 1;
  }

  #refusalOf({ method, headers }: IncomingMessage): FrontDoorError | undefined {
    if (method !== 'POST') return unknownOperation(405);
    if (this.#inFlight > this.#parts.limits.requestsInFlight) return throttled();
    return jsonContentType.test(headers['content-type'] ?? '') ? undefined : unsupportedMediaType();
  }

  #handle(exchange: Exchange, target: Target, body: Body): void {
    let command: Command;
    try {
      command = this.#decode(exchange, target, body);
    } catch (error) {
      return this.#answer(exchange, this.#failed(exchange, error));
    }
    const answer = this.#run(exchange, command);
    if (!(answer instanceof Promise)) return this.#settle(exchange, answer);
    void answer.then((value) => this.#settle(exchange, value));
  }

  /** Syntax, then signature, then types: nobody unknown is told what an operation takes. */
  #decode(exchange: Exchange, { service, operation }: Target, body: Body): Command {
    const { limits, authenticate } = this.#parts;
    const { request, requestId } = exchange;
    const value = parseJson(body.content, limits.nestingDepth);
    const now = this.#parts.now();
    const { signingName } = service;
    const { headers } = request;
    const signed = { method: 'POST', url: '/', headers, body: body.sent, signingName, now };
    const caller = authenticate(signed);
    return {
      operation,
      input: operation.decode(value),
      call: { requestId, now, origin: originOf(headers), ...caller },
    };
  }

  #run(
    exchange: Exchange,
    { operation, input, call }: Command,
  ): Answer | Promise<Answer | EventStream> {
    try {
      const output = operation.handle(input, call);
      if (!(output instanceof Promise)) return success(operation.encode(output));
      return output
        .then((value) => (value instanceof EventStream ? value : success(operation.encode(value))))
        .catch((error: unknown) => this.#failed(exchange, error));
    } catch (error) {
      return this.#failed(exchange, error);
    }
  }

  #settle(exchange: Exchange, answer: Answer | EventStream): void {
    const settled = this.#parts.settled();
    if (settled === undefined) return this.#leave({ exchange, answer });
    void settled
      .then(
        () => answer,
        (error: unknown) => this.#failed(exchange, error),
      )
      .then((final) => this.#answer(exchange, final));
  }

  /**
   * What one turn of the event loop has brought is answered at its end: system calls that follow each
   * other, and clients that are woken once, cost far less than the same between other work.
   */
  #leave(answered: Answered): void {
    this.#leaving.push(answered);
    if (this.#leaving.length > 1) return;
    setImmediate(() => {
      const leaving = this.#leaving;
      this.#leaving = [];
      for (const { exchange, answer } of leaving) this.#answer(exchange, answer);
    });
  }

  #failed({ requestId, target }: Exchange, error: unknown): Answer {
    if (error instanceof FrontDoorError) return refusal(error);
    const fault = this.#parts.faultOf(error);
    if (fault !== undefined) return faultAnswer(fault);
    const operation = target?.operation.name;
    this.#parts.log.error({ err: error, requestId, operation }, 'A request failed');
    return refusal(serverFailure());
  }

  #answer(exchange: Exchange, answer: Answer | EventStream): void {
    if (answer instanceof EventStream) return this.#stream(exchange, answer);
    const { response, requestId } = exchange;
    this.#close();
    send(response, answer, { requestId, closing: this.#closing });
    this.#observe(exchange, answer);
  }

  #stream(exchange: Exchange, stream: EventStream): void {
    const { request, response, requestId } = exchange;
    this.#observe(exchange, { status: 200, code: undefined });
    sendEvents(response, stream, { requestId, isClosing: () => this.#closing }).then(
      () => this.#close(),
      (error: unknown) => {
        this.#close();
        this.fail(request, response, error);
      },
    );
  }

  #observe({ startedAt, target }: Exchange, answer: Pick<Answer, 'status' | 'code'>): void {
    this.#parts.observer.onAnswered({
      service: target?.service.targetPrefix,
      operation: target?.operation.name,
      status: answer.status,
      code: answer.code,
      durationMs: performance.now() - startedAt,
    });
  }
}

/** A proxy that ends TLS before us says so. */
function originOf({ host = '', 'x-forwarded-proto': scheme }: IncomingHttpHeaders): string {
  return `${scheme === 'https' ? 'https' : 'http'}://${host}`;
}

function targetsOf(services: readonly JsonService[]): ReadonlyMap<string, Target> {
  const targets = new Map<string, Target>();
  for (const service of services) {
    for (const [name, operation] of service.operations) {
      targets.set(`${service.targetPrefix}.${name}`, { service, operation });
    }
  }
  return targets;
}
