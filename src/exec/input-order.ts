import type { AgentMessage } from './agent-message.ts';

/** What comes out of turn is kept up to this many, as the official agent keeps it. */
const mostKept = 10_000;

/** What becomes of a message that came in. */
export type Reception =
  /** It, and what it was waited for by, is to be used now, in this order; it is to be acknowledged. */
  | { readonly kind: 'due'; readonly messages: readonly AgentMessage[] }
  /** It was here before, or comes early and is kept: it is to be acknowledged. */
  | { readonly kind: 'kept' }
  /** There is no room: its sender will repeat it. */
  | { readonly kind: 'refused' };

/** Brings what the plugin sends into its order. */
export class InputOrder {
  readonly #early = new Map<number, AgentMessage>();
  #expected = 0;

  receive(message: AgentMessage): Reception {
    const { sequence } = message;
    if (sequence < this.#expected) return { kind: 'kept' };
    if (sequence > this.#expected) {
      if (this.#early.size >= mostKept) return { kind: 'refused' };
      this.#early.set(sequence, message);
      return { kind: 'kept' };
    }
    const messages = [message];
    this.#expected += 1;
    for (let next = this.#take(); next; next = this.#take()) messages.push(next);
    return { kind: 'due', messages };
  }

  #take(): AgentMessage | undefined {
    const message = this.#early.get(this.#expected);
    if (!message) return undefined;
    this.#early.delete(this.#expected);
    this.#expected += 1;
    return message;
  }
}
