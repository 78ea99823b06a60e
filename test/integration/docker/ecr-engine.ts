import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** This machine's Engine, in a world where the registries of ECR are at another address. */
export class EcrEngine {
  readonly #path: string;
  readonly #registry: string;
  readonly #address: string;
  readonly #server: Server;

  constructor(path: string, { registry, address }: { registry: string; address: string }) {
    this.#path = path;
    this.#registry = registry;
    this.#address = address;
    this.#server = createServer((asked, response) => {
      void this.#forward(asked).then((answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        response.on('close', () => answer.destroy());
      });
    });
  }

  async #forward(asked: IncomingMessage): Promise<IncomingMessage> {
    const { method, headers, url = '' } = asked;
    const body = Buffer.from(this.#moved((await buffer(asked)).toString('latin1')), 'latin1');
    const { 'content-length': _, 'transfer-encoding': __, ...others } = headers;
    const forwarded = request({
      socketPath: '/var/run/docker.sock',
      path: this.#moved(url),
      method,
      headers: { ...others, 'content-length': body.length },
    });
    const answered = once(forwarded, 'response');
    forwarded.end(body);
    const [answer]: IncomingMessage[] = await answered;
    if (!answer) throw new Error('The Engine did not answer.');
    return answer;
  }

  #moved(words: string): string {
    return words.replaceAll(this.#registry, this.#address);
  }

  async open(): Promise<void> {
    this.#server.listen(this.#path);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
