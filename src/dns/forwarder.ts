import { randomInt } from 'node:crypto';
import type { Clock } from '../support/clock.ts';
import { askUpstream, type Transport } from './ask-upstream.ts';
import type { Upstream } from './host-resolvers.ts';
import { isTruncated, responseCodeOf, responseCodes } from './message.ts';

/** All of them together are over before Docker, which waits four seconds, asks the next server. */
const mostAttempts = 3;
const attemptTimeoutMs = 1_100;
/** What other name servers may know better (as the resolvers of C libraries see it). */
const inconclusive: readonly number[] = [responseCodes.serverFailure, responseCodes.refused];

export interface ForwarderParts {
  readonly upstreams: () => Promise<readonly Upstream[]>;
  readonly clock: Clock;
}

/** Passes questions on to the resolvers of this machine. */
export class Forwarder {
  readonly #parts: ForwarderParts;
  /**
   * Who asks what is being asked already waits for the same answer. It also ends a circle of resolvers that
   * ask each other.
   */
  readonly #underWay = new Map<string, Promise<Buffer | undefined>>();

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
  }

  /** How many different questions are being asked. */
  get pending(): number {
    return this.#underWay.size;
  }

  /** The answer, with the query's id; undefined where no resolver has any. */
  async ask(query: Buffer, transport: Transport): Promise<Buffer | undefined> {
    const key = `${transport} ${query.toString('latin1', 2)}`;
    let asked = this.#underWay.get(key);
    if (!asked) {
      asked = this.#askEach(query, transport).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, asked);
    }
    const reply = await asked;
    return reply && withId(reply, query.readUInt16BE(0));
  }

  async #askEach(query: Buffer, transport: Transport): Promise<Buffer | undefined> {
    const upstreams = await this.#parts.upstreams();
    let best: Buffer | undefined;
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const upstream = upstreams[attempt % upstreams.length];
      if (!upstream) return undefined;
      const reply = await this.#askOne(query, upstream, transport);
      if (reply && !inconclusive.includes(responseCodeOf(reply))) return reply;
      best ??= reply;
      // Who has answered says the same again.
      if (best && attempt + 1 >= upstreams.length) return best;
    }
    return best;
  }

  /** Clients that came by TCP want what does not fit into a datagram. */
  async #askOne(
    query: Buffer,
    upstream: Upstream,
    transport: Transport,
  ): Promise<Buffer | undefined> {
    const { clock } = this.#parts;
    const own = withId(query, randomInt(0x1_0000));
    const inquiry = { query: own, upstream, clock, timeoutMs: attemptTimeoutMs };
    const reply = await askUpstream({ ...inquiry, transport: 'udp' });
    if (transport === 'udp' || !reply || !isTruncated(reply)) return reply;
    return askUpstream({ ...inquiry, transport: 'tcp' });
  }
}

function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(id);
  return copy;
}
