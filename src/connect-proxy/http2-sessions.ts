import { connect, type ClientHttp2Session } from 'node:http2';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import type { Clock } from '../support/clock.ts';
import { connectMs } from './passage.ts';

/** One connection to each endpoint, which carries all streams to it. */
export class Http2Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<ProxyEndpoint, Promise<ClientHttp2Session>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects where no connection comes about. */
  sessionFor(endpoint: ProxyEndpoint): Promise<ClientHttp2Session> {
    const known = this.#sessions.get(endpoint);
    if (known) return known;
    const made = this.#connect(endpoint);
    this.#sessions.set(endpoint, made);
    return made;
  }

  /** An endpoint that owes an answer, and does not say within a moment that it is there, is connected to anew. */
  async suspect(endpoint: ProxyEndpoint): Promise<void> {
    const session = await this.#sessions.get(endpoint)?.catch(() => undefined);
    if (!session || session.destroyed) return;
    const patience = this.#clock.at(this.#clock.now() + connectMs, () => session.destroy());
    session.ping(() => patience.cancel());
  }

  /** Streams to other endpoints end there; nothing new goes to them. */
  retain(endpoints: readonly ProxyEndpoint[]): void {
    for (const [endpoint, made] of this.#sessions) {
      if (endpoints.includes(endpoint)) continue;
      this.#sessions.delete(endpoint);
      made.then(
        (session) => session.close(),
        () => {},
      );
    }
  }

  #connect(endpoint: ProxyEndpoint): Promise<ClientHttp2Session> {
    const { address, port } = endpoint;
    const session = connect(`http://${address}:${port}`);
    const forget = () => {
      if (this.#sessions.get(endpoint) === made) this.#sessions.delete(endpoint);
    };
    const made = new Promise<ClientHttp2Session>((resolve, reject) => {
      const patience = this.#clock.at(this.#clock.now() + connectMs, () => session.destroy());
      session.on('error', () => {});
      session.once('connect', () => {
        patience.cancel();
        resolve(session);
      });
      session.once('goaway', forget);
      session.once('close', () => {
        patience.cancel();
        forget();
        reject(new Error('The connection was not made.'));
      });
    });
    return made;
  }
}
