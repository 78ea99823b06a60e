import { once } from 'node:events';
import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as no SDK would send it; what is left out is as an SDK sends it. */
export interface RawRequest {
  readonly operation?: string;
  readonly method?: string;
  readonly path?: string;
  /** In place of the usual ones; undefined leaves a header out. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  /** The code, as SDKs look for it first. */
  readonly errorType: string | undefined;
  readonly requestId: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Nothing may hang: an answer that takes longer than this never comes. */
const patienceMs = 20_000;

const targetPrefix = 'AmazonEC2ContainerServiceV20141113';

/** Headers as an SDK sends them, signed by the account. */
export function usualHeaders(operation: string, accountId: string): OutgoingHttpHeaders {
  return {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `${targetPrefix}.${operation}`,
    'x-amz-date': '20260916T090000Z',
    authorization:
      `AWS4-HMAC-SHA256 Credential=${accountId}/20260916/us-east-1/ecs/aws4_request, ` +
      'SignedHeaders=host;x-amz-date, Signature=0000',
  };
}

/** Sends requests that are not well-formed, and says exactly what came back. */
export class RawClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #url: string;
  readonly #accountId: string;

  constructor(url: string, accountId: string) {
    this.#url = url;
    this.#accountId = accountId;
  }

  async send(raw: RawRequest): Promise<RawAnswer> {
    const { operation = 'ListClusters', method = 'POST', path = '/', body = '{}' } = raw;
    const headers = { ...usualHeaders(operation, this.#accountId), ...raw.headers };
    // Not as one URL, which would be put in order first.
    const { hostname, port } = new URL(this.#url);
    const sent = request({
      hostname,
      port,
      path,
      method,
      headers: present(headers),
      agent: this.#agent,
      signal: AbortSignal.timeout(patienceMs),
    });
    sent.end(body);
    const [response] = await once(sent, 'response');
    const header = (name: string): string | undefined => response.headers[name];
    return {
      status: response.statusCode,
      errorType: header('x-amzn-errortype'),
      requestId: header('x-amzn-requestid'),
      contentType: header('content-type'),
      body: await text(response),
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}

function present(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** Writes bytes to a connection of its own, and gives what came back until it was closed. */
export async function sendBytes(url: string, ...chunks: (string | Uint8Array)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error('The server left us waiting.')));
  await once(socket, 'connect');
  for (const chunk of chunks) socket.write(chunk);
  socket.end();
  return text(socket);
}
