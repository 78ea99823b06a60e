import type { ExecOrder, ExecProcess, StartExec } from '../compute/exec-process.ts';
import type { Clock, Timer } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import { payloadTypes, type AgentMessage } from './agent-message.ts';
import { DataChannel, parseObject, type Wire } from './data-channel.ts';
import { Handshake, type SessionKey } from './handshake.ts';
import type { SessionCipher } from './session-cipher.ts';

export interface ExecSessionSetting {
  readonly id: string;
  readonly order: ExecOrder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly start: StartExec;
  /** What the session is encrypted with; without it, it is not. */
  readonly key?: SessionKey | undefined;
  /** Sees what the terminal shows. */
  readonly onOutput: (bytes: Buffer) => void;
  /** Called once, when nothing more comes of the session. */
  readonly onEnded: () => void;
}

/** ECS Exec's own (Developer Guide, "Monitor Amazon ECS containers with ECS Exec"). */
const idleMs = 20 * 60_000;
/** A client that lost its connection comes back well within this, or never. */
const disconnectedMs = 60_000;
const drainMs = 5_000;

/** [inferred] */
const inactivity = 'Session timed out due to inactivity.';
/** [inferred] */
const undecipherable = 'What was typed is not encrypted with the key of the session.';

type Phase = 'handshake' | 'settling' | 'open' | 'ended';

/** One session of ExecuteCommand: a terminal in a container, and a data channel to whoever sits before it. */
export class ExecSession {
  readonly id: string;
  readonly order: ExecOrder;
  readonly #setting: ExecSessionSetting;
  readonly #channel: DataChannel;
  #phase: Phase = 'handshake';
  #handshake: Handshake | undefined;
  #cipher: SessionCipher | undefined;
  #process: ExecProcess | undefined;
  #size: { readonly columns: number; readonly rows: number } | undefined;
  #idle: Timer | undefined;
  #disconnected: Timer | undefined;

  constructor(setting: ExecSessionSetting) {
    const { id, order, clock } = setting;
    this.id = id;
    this.order = order;
    this.#setting = setting;
    this.#channel = new DataChannel({
      sessionId: id,
      clock,
      admits: (message) => this.#admits(message),
      onInput: (message) => this.#take(message),
      onAcknowledged: (payloadType) => this.#acknowledged(payloadType),
      seal: (output) => this.#cipher?.seal(output) ?? output,
    });
    this.#waitForConnection();
  }

  /** A connection that has shown the session's token. */
  connect(wire: Wire): void {
    if (this.#phase === 'ended') return wire.close(1000, 'The session has ended.');
    this.#disconnected?.cancel();
    this.#channel.connect(wire);
    if (this.#handshake) return;
    this.#handshake = this.#newHandshake();
    this.#handshake.begin();
  }

  disconnected(wire: Wire): void {
    if (this.#channel.disconnected(wire) && this.#phase !== 'ended') this.#waitForConnection();
  }

  receive(frame: Buffer): void {
    if (this.#phase !== 'ended') this.#channel.receive(frame);
  }

  /** Ends the session and its command, with words for whoever sits there. */
  async end(words: string): Promise<void> {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    for (const timer of [this.#idle, this.#handshake, this.#disconnected]) timer?.cancel();
    this.#channel.close(words);
    this.#setting.onEnded();
    try {
      await this.#process?.hangUp();
    } catch (error) {
      this.#setting.log.warn({ error, sessionId: this.id }, 'A command could not be hung up.');
    }
  }

  #newHandshake(): Handshake {
    const { clock, key } = this.#setting;
    return new Handshake({
      clock,
      key,
      send: (payloadType, content) => this.#channel.sendControl(payloadType, content),
      onAgreed: (cipher) => {
        this.#cipher = cipher;
        this.#phase = 'settling';
      },
      onFailed: (words) => void this.end(words),
    });
  }

  /** Before the handshake is over nothing else is heard, and nothing that the terminal has no room for. */
  #admits({ payloadType }: AgentMessage): boolean {
    if (this.#phase === 'handshake') return this.#handshake?.admits(payloadType) ?? false;
    return payloadType !== payloadTypes.output || this.#process?.isFull === false;
  }

  #take(message: AgentMessage): void {
    const { payloadType, payload } = message;
    if (this.#phase === 'handshake') return this.#handshake?.take(message);
    if (payloadType === payloadTypes.size) return this.#takeSize(payload);
    if (payloadType !== payloadTypes.output) return;
    const typed = this.#cipher ? this.#cipher.open(payload) : payload;
    if (!typed) return void this.end(undecipherable);
    this.#stir();
    this.#process?.write(typed);
  }

  #takeSize(payload: Buffer): void {
    const { cols, rows } = parseObject(payload) ?? {};
    if (!isSize(cols) || !isSize(rows)) return;
    this.#size = { columns: cols, rows };
    this.#process?.resize(cols, rows);
  }

  #acknowledged(payloadType: number): void {
    if (this.#phase !== 'settling' || payloadType !== payloadTypes.handshakeComplete) return;
    this.#phase = 'open';
    this.#stir();
    void this.#run();
  }

  async #run(): Promise<void> {
    const { start, order, onOutput } = this.#setting;
    try {
      const process = await start(order);
      // Whoever was there may have gone meanwhile.
      if (this.#isOver) return await process.hangUp();
      this.#process = process;
      if (this.#size) process.resize(this.#size.columns, this.#size.rows);
      for await (const bytes of process.output) {
        this.#stir();
        onOutput(bytes);
        await this.#channel.write(bytes);
      }
      await this.#drained();
      this.#process = undefined;
      await this.end('');
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      await this.end(`----------ERROR-------\nUnable to start command: ${words}`);
    }
  }

  get #isOver(): boolean {
    return this.#phase === 'ended';
  }

  /** The last words are to be read before the line goes dead; a reader who is gone is not waited for. */
  async #drained(): Promise<void> {
    const { clock } = this.#setting;
    const late = Promise.withResolvers<void>();
    const timer = clock.at(clock.now() + drainMs, late.resolve);
    let isLate = false;
    void late.promise.then(() => (isLate = true));
    while (!this.#channel.isDrained && !isLate && !this.#isOver) {
      await Promise.race([this.#channel.changed, late.promise]);
    }
    timer.cancel();
  }

  #stir(): void {
    const { clock } = this.#setting;
    this.#idle?.cancel();
    this.#idle = clock.at(clock.now() + idleMs, () => void this.end(inactivity));
  }

  #waitForConnection(): void {
    const { clock } = this.#setting;
    this.#disconnected?.cancel();
    this.#disconnected = clock.at(clock.now() + disconnectedMs, () => void this.end(''));
  }
}

/** What a terminal can have. */
function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 10_000;
}
