import { randomUUID } from 'node:crypto';
import type { Clock } from '../support/clock.ts';
import {
  decodeMessage,
  encodeMessage,
  newMessage,
  payloadTypes,
  type AgentMessage,
} from './agent-message.ts';
import { InputOrder } from './input-order.ts';
import { OutputWindow } from './output-window.ts';

/** The connection that a channel has at the moment: one may take the place of another. */
export interface Wire {
  send(frame: Buffer): void;
  close(code: number, reason: string): void;
}

export interface DataChannelSetting {
  readonly sessionId: string;
  readonly clock: Clock;
  /** Tells whether a message can be taken now; one that cannot is repeated by its sender. */
  readonly admits: (message: AgentMessage) => boolean;
  readonly onInput: (message: AgentMessage) => void;
  /** Told the type of each payload that has arrived. */
  readonly onAcknowledged: (payloadType: number) => void;
  /** What a piece of output becomes before it is sent. */
  readonly seal: (output: Buffer) => Buffer;
}

const unnumbered = { flags: 3, sequence: 0 } as const;
/** Of the protocol's terminal messages; larger ones work too, but tie up the line. */
const mostOutputBytes = 1024;

/**
 * Session Manager's data channel as its server: numbered messages both ways, each acknowledged, over one connection
 * after another.
 */
export class DataChannel {
  readonly #setting: DataChannelSetting;
  readonly #input = new InputOrder();
  readonly #output: OutputWindow;
  #wire: Wire | undefined;
  #isClosed = false;

  constructor(setting: DataChannelSetting) {
    this.#setting = setting;
    const send = (frame: Buffer) => this.#wire?.send(frame);
    this.#output = new OutputWindow({ clock: setting.clock, send });
  }

  get isConnected(): boolean {
    return this.#wire !== undefined;
  }

  /** Whether all that was sent has been acknowledged. */
  get isDrained(): boolean {
    return this.#output.isEmpty;
  }

  /** The newest connection is the one. */
  connect(wire: Wire): void {
    const former = this.#wire;
    this.#wire = wire;
    former?.close(1000, 'The session goes on over another connection.');
    this.#output.repeatAll();
  }

  /** Tells whether it was the connection in use. */
  disconnected(wire: Wire): boolean {
    if (this.#wire !== wire) return false;
    this.#wire = undefined;
    return true;
  }

  receive(frame: Buffer): void {
    const message = decodeMessage(frame);
    if (message?.type === 'acknowledge') this.#takeAcknowledgement(message);
    else if (message?.type === 'input_stream_data') this.#takeInput(message);
  }

  sendControl(payloadType: number, content: object): void {
    this.#output.add(payloadType, Buffer.from(JSON.stringify(content)));
  }

  /** Resolves when all is on its way or waits for its turn, or the channel is closed. */
  async write(bytes: Buffer): Promise<void> {
    for (let start = 0; start < bytes.length; start += mostOutputBytes) {
      while (!this.#output.hasRoom && !this.#isClosed) await this.#output.changed;
      if (this.#isClosed) return;
      const piece = this.#setting.seal(bytes.subarray(start, start + mostOutputBytes));
      this.#output.add(payloadTypes.output, piece);
    }
  }

  /** Resolves at the next acknowledgement. */
  get changed(): Promise<void> {
    return this.#output.changed;
  }

  /** Ends the session at the other side, with words for whoever sits there. */
  close(words: string): void {
    const { sessionId, clock } = this.#setting;
    const content = {
      MessageId: randomUUID(),
      CreatedDate: String(clock.now()),
      DestinationId: sessionId,
      SessionId: sessionId,
      MessageType: 'channel_closed',
      SchemaVersion: 1,
      Output: words,
    };
    this.#isClosed = true;
    this.#sendOnce('channel_closed', content, 0);
    this.#output.close();
    this.#wire?.close(1000, 'The session has ended.');
    this.#wire = undefined;
  }

  #takeAcknowledgement({ payload }: AgentMessage): void {
    const sequence = acknowledgedSequence(payload);
    if (sequence === undefined) return;
    const payloadType = this.#output.acknowledged(sequence);
    if (payloadType !== undefined) this.#setting.onAcknowledged(payloadType);
  }

  #takeInput(message: AgentMessage): void {
    if (!this.#setting.admits(message)) return;
    const reception = this.#input.receive(message);
    if (reception.kind === 'refused') return;
    this.#acknowledge(message);
    if (reception.kind === 'due') reception.messages.forEach(this.#setting.onInput);
  }

  #acknowledge({ type, id, sequence }: AgentMessage): void {
    const content = {
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: id,
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    };
    this.#sendOnce('acknowledge', content, unnumbered.flags);
  }

  #sendOnce(type: string, content: object, flags: number): void {
    const payload = Buffer.from(JSON.stringify(content));
    const given = {
      type,
      sequence: unnumbered.sequence,
      flags,
      payloadType: payloadTypes.none,
      payload,
    };
    this.#wire?.send(encodeMessage(newMessage(given), this.#setting.clock.now()));
  }
}

function acknowledgedSequence(payload: Buffer): number | undefined {
  const content = parseObject(payload);
  const sequence = content?.['AcknowledgedMessageSequenceNumber'];
  return typeof sequence === 'number' ? sequence : undefined;
}

/** The JSON object of a payload; undefined where it is none. */
export function parseObject(payload: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
