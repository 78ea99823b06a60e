import type { TaskArn } from '../../domain/arn.ts';
import type { Clock, Timer } from '../../support/clock.ts';

export type DeliveryKind = 'start' | 'stop';

interface Delivery {
  readonly kind: DeliveryKind;
  readonly messageId: string;
  tries: number;
  timer: Timer | undefined;
}

export interface DeliveriesParts {
  readonly clock: Clock;
  readonly newMessageId: () => string;
  /** Sends what the task's record says now; false where there is nothing more to say. */
  readonly send: (taskArn: TaskArn, kind: DeliveryKind, messageId: string) => boolean;
  readonly onAcked: (taskArn: TaskArn, kind: DeliveryKind) => void;
  /** The agent has answered none of all tries. */
  readonly onGivenUp: (taskArn: TaskArn, kind: DeliveryKind) => void;
}

/** So many payloads are on their way at one time; an agent takes them one by one. */
const window = 16;
/** The agent says nothing of a payload that it cannot read. */
const resendMs = 30_000;
const mostTries = 4;

/**
 * What one connection has told its agent of each task. Nothing is told twice that was acked, and nothing is lost
 * while the connection stands; after that the next one begins anew from the records.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #told = new Map<TaskArn, DeliveryKind>();
  readonly #waiting = new Map<TaskArn, DeliveryKind>();
  readonly #underWay = new Map<TaskArn, Delivery>();

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  /** A stop takes the place of a start that has not arrived. */
  order(taskArn: TaskArn, kind: DeliveryKind): void {
    const known = this.#waiting.get(taskArn) ?? this.#underWay.get(taskArn)?.kind;
    if ((known ?? this.#told.get(taskArn)) === kind) return;
    this.#drop(taskArn);
    this.#waiting.set(taskArn, kind);
    this.#fill();
  }

  acked(messageId: string): void {
    for (const [taskArn, delivery] of this.#underWay) {
      if (delivery.messageId !== messageId) continue;
      this.#drop(taskArn);
      this.#told.set(taskArn, delivery.kind);
      this.#parts.onAcked(taskArn, delivery.kind);
      this.#fill();
      return;
    }
  }

  /** The task has ended. */
  forget(taskArn: TaskArn): void {
    this.#told.delete(taskArn);
    this.#drop(taskArn);
    this.#fill();
  }

  close(): void {
    for (const { timer } of this.#underWay.values()) timer?.cancel();
    this.#underWay.clear();
    this.#waiting.clear();
  }

  #drop(taskArn: TaskArn): void {
    this.#waiting.delete(taskArn);
    this.#underWay.get(taskArn)?.timer?.cancel();
    this.#underWay.delete(taskArn);
  }

  #fill(): void {
    for (const [taskArn, kind] of this.#waiting) {
      if (this.#underWay.size >= window) return;
      this.#waiting.delete(taskArn);
      const messageId = this.#parts.newMessageId();
      this.#underWay.set(taskArn, { kind, messageId, tries: 0, timer: undefined });
      this.#try(taskArn);
    }
  }

  #try(taskArn: TaskArn): void {
    const delivery = this.#underWay.get(taskArn);
    if (!delivery) return;
    const { kind, messageId } = delivery;
    delivery.tries += 1;
    if (delivery.tries > mostTries) {
      this.#drop(taskArn);
      this.#parts.onGivenUp(taskArn, kind);
      this.#fill();
    } else if (this.#parts.send(taskArn, kind, messageId)) {
      const { clock } = this.#parts;
      delivery.timer = clock.at(clock.now() + resendMs, () => this.#try(taskArn));
    } else {
      this.#drop(taskArn);
      this.#fill();
    }
  }
}
