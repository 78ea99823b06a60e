import { assert } from '../support/assert.ts';
import type { EcsEvent } from '../domain/event/ecs-event.ts';
import {
  nextCall,
  untaken,
  withTaken,
  type EventDelivery,
  type PlacedEvent,
} from '../domain/event/event-delivery.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

/** The one target that there is. */
const target = 'eventbridge';
const eventsPerPage = 100;
/** So many pages are brought in one go. */
const pagesPerPass = 20;

export interface EventDeliveryControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly log: Logger;
  /** Puts at most ten events of one region; throws where none could be put. */
  readonly put: (events: readonly EcsEvent[]) => Promise<readonly DeliveryOutcome[]>;
}

export type DeliveryOutcome =
  | { readonly kind: 'Taken' }
  | { readonly kind: 'Failed' | 'Refused'; readonly reason: string };

/** Brings events to EventBridge: each at least once, those of one resource in order, from where the record says. */
export class EventDeliveryController implements Controller {
  readonly name = 'event-delivery';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #put: EventDeliveryControllerParts['put'];

  constructor({ state, clock, log, put }: EventDeliveryControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#log = log;
    this.#put = put;
  }

  keysOf({ kind }: RecordKey): readonly string[] {
    return kind === 'task' || kind === 'service' || kind === 'container-instance' ? [target] : [];
  }

  allKeys(): Iterable<string> {
    return [target];
  }

  /** Where an endpoint is named for the first time, what happened before is not sent to it. */
  async begin(): Promise<void> {
    if (this.#state.read.eventDeliveries.find(target)) return;
    const after = await this.#state.newestEvent();
    this.#note({ target, ahead: [], ...(after !== undefined && { after }) });
  }

  async reconcile(): Promise<Next> {
    for (let page = 0; page < pagesPerPass; page += 1) {
      if (!(await this.#deliverPage())) return settled;
    }
    return lookAgain(this.#clock.now());
  }

  /** Says whether there was anything to deliver. */
  async #deliverPage(): Promise<boolean> {
    let delivery = this.#state.read.eventDeliveries.find(target);
    assert(delivery, 'A delivery begins before the first event.');
    const { after } = delivery;
    const page = await this.#state.readEvents({ after, limit: eventsPerPage });
    if (page.length === 0) return false;
    const held = new Map<string, string>();
    for (;;) {
      const call = nextCall(untaken(delivery, page), new Set(held.keys()));
      if (call.length === 0) break;
      const outcomes = await this.#put(call.map(({ event }) => event));
      const taken = call.filter((placed, i) => this.#isDone(placed, outcomes[i], held));
      delivery = this.#note(withTaken(delivery, page, taken));
    }
    if (held.size === 0) return true;
    const [[resource, reason] = []] = held;
    throw new Error(`EventBridge did not take events of ${held.size} resources: ${reason}`, {
      cause: resource,
    });
  }

  /** What can never be taken is passed by, and said; what failed for now holds back the later ones of its resource. */
  #isDone(
    { event }: PlacedEvent,
    outcome: DeliveryOutcome | undefined,
    held: Map<string, string>,
  ): boolean {
    if (outcome?.kind === 'Taken') return true;
    const [resource] = event.resources;
    const { reason } = outcome ?? { reason: 'no answer' };
    if (outcome?.kind === 'Refused') {
      this.#log.error({ eventId: event.id, resource, reason }, 'EventBridge refuses an event.');
      return true;
    }
    held.set(resource, reason);
    return false;
  }

  #note(delivery: EventDelivery): EventDelivery {
    this.#state.transact((tx) => tx.eventDeliveries.put(delivery));
    return delivery;
  }
}
