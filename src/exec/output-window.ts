import type { Clock, Timer } from '../support/clock.ts';
import { encodeMessage, newMessage, payloadTypes } from './agent-message.ts';
import { RoundTrips } from './round-trips.ts';

export interface OutputWindowSetting {
  readonly clock: Clock;
  /** Puts a frame on the wire, where there is one. */
  readonly send: (frame: Buffer) => void;
}

/** So many messages may be on their way. */
const widest = 256;
/** What waits for its turn is bounded too: beyond it, whoever writes is to wait. */
const mostWaiting = 64;
/**
 * An acknowledgement that is lost with a connection never comes again. So one that is missing after this many repeats,
 * while later ones came, was lost.
 */
const repeatsUntilTakenAsLost = 5;

interface Sent {
  readonly sequence: number;
  readonly payloadType: number;
  readonly frame: Buffer;
  sentAt: number;
  repeats: number;
}

interface Waiting {
  readonly payloadType: number;
  readonly payload: Buffer;
}

/**
 * What goes to the plugin: each message is kept until it is acknowledged, and the oldest is repeated. Until the first
 * output has been acknowledged only one is on its way, since the plugin drops what comes before its shell is ready.
 */
export class OutputWindow {
  readonly #setting: OutputWindowSetting;
  readonly #roundTrips = new RoundTrips();
  readonly #sent = new Map<number, Sent>();
  readonly #waiting: Waiting[] = [];
  #next = 0;
  #isReady = false;
  #timer: Timer | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(setting: OutputWindowSetting) {
    this.#setting = setting;
  }

  get isEmpty(): boolean {
    return this.#sent.size === 0 && this.#waiting.length === 0;
  }

  /** Whether more may be added; where not, `changed` resolves when it is to be looked at again. */
  get hasRoom(): boolean {
    return this.#waiting.length < mostWaiting;
  }

  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  add(payloadType: number, payload: Buffer): void {
    this.#waiting.push({ payloadType, payload });
    this.#fill();
  }

  /** Tells what kind of payload has arrived now; undefined where it was known to have. */
  acknowledged(sequence: number): number | undefined {
    const sent = this.#sent.get(sequence);
    if (!sent) return undefined;
    this.#sent.delete(sequence);
    if (sent.repeats === 0) this.#roundTrips.measured(this.#setting.clock.now() - sent.sentAt);
    if (sent.payloadType === payloadTypes.output) this.#isReady = true;
    this.#dropLost(sequence);
    this.#fill();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    return sent.payloadType;
  }

  /** A new connection: all that was not acknowledged goes again. */
  repeatAll(): void {
    for (const sent of this.#sent.values()) this.#put(sent);
    this.#repeatLater();
  }

  close(): void {
    this.#timer?.cancel();
    this.#changed.resolve();
  }

  #fill(): void {
    const width = this.#isReady ? widest : 1;
    while (this.#sent.size < width) {
      const waiting = this.#waiting.shift();
      if (!waiting) break;
      const sequence = this.#next++;
      const given = { type: 'output_stream_data', sequence, ...waiting };
      const now = this.#setting.clock.now();
      const frame = encodeMessage(newMessage({ ...given, flags: sequence === 0 ? 1 : 0 }), now);
      const { payloadType } = waiting;
      const sent: Sent = { sequence, payloadType, frame, sentAt: now, repeats: 0 };
      this.#sent.set(sequence, sent);
      this.#put(sent);
    }
    this.#repeatLater();
  }

  #put(sent: Sent): void {
    sent.sentAt = this.#setting.clock.now();
    this.#setting.send(sent.frame);
  }

  #repeatLater(): void {
    this.#timer?.cancel();
    const [oldest] = this.#sent.values();
    if (!oldest) return;
    const { clock } = this.#setting;
    this.#timer = clock.at(oldest.sentAt + this.#roundTrips.timeoutMs, () => {
      oldest.repeats += 1;
      this.#put(oldest);
      // Nothing but a later one can tell whether it is not there or its acknowledgement was lost.
      if (oldest.repeats >= repeatsUntilTakenAsLost) this.#isReady = true;
      this.#fill();
    });
  }

  #dropLost(acknowledged: number): void {
    for (const [sequence, { repeats }] of this.#sent) {
      if (sequence > acknowledged) break;
      if (repeats >= repeatsUntilTakenAsLost) this.#sent.delete(sequence);
    }
  }
}
