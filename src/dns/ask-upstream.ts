import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Clock } from '../support/clock.ts';
import type { Upstream } from './host-resolvers.ts';
import { answersTo } from './message.ts';
import { FrameReader, framed } from './frames.ts';

export type Transport = 'udp' | 'tcp';

export interface Inquiry {
  readonly query: Buffer;
  readonly upstream: Upstream;
  readonly transport: Transport;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Asks a name server once; undefined where it refuses the connection, or is silent for too long. */
export function askUpstream(inquiry: Inquiry): Promise<Buffer | undefined> {
  return inquiry.transport === 'udp' ? askByUdp(inquiry) : askByTcp(inquiry);
}

/**
 * Each question has a socket of its own, at a port that nobody can guess, which is connected: it takes answers of that
 * server only, and learns at once where nobody listens.
 */
function askByUdp({ query, upstream, timeoutMs, clock }: Inquiry): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(upstream.host) ? 'udp6' : 'udp4');
    const end = (reply?: Buffer) => {
      timer.cancel();
      socket.removeAllListeners();
      // A send that is under way may fail yet.
      socket.on('error', () => undefined);
      socket.close();
      resolve(reply);
    };
    const timer = clock.at(clock.now() + timeoutMs, () => end());
    socket.on('error', () => end());
    socket.on('message', (reply) => {
      if (answersTo(query, reply)) end(reply);
    });
    socket.on('connect', () => socket.send(query));
    socket.connect(upstream.port, upstream.host);
  });
}

function askByTcp({ query, upstream, timeoutMs, clock }: Inquiry): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(upstream.port, upstream.host);
    const end = (reply?: Buffer) => {
      timer.cancel();
      socket.destroy();
      resolve(reply);
    };
    const timer = clock.at(clock.now() + timeoutMs, () => end());
    const reader = new FrameReader();
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('data', (chunk: Buffer) => {
      const reply = reader.take(chunk).find((message) => answersTo(query, message));
      if (reply) end(reply);
    });
    socket.write(framed(query));
  });
}
