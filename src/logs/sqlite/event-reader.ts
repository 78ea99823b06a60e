import { comparePlaces, type EventPlace } from '../../domain/log/event-place.ts';
import { compileFilterPattern } from '../../domain/log/filter-pattern.ts';
import { eventOverheadBytes } from '../../domain/log/log-events.ts';
import type { EventPage, EventQuery, FoundEvent } from '../log-store.ts';
import { eventsOfBlock, type StoredEvent } from './block.ts';

/** A page ends when so much has been looked at, whatever was found. */
const mostScannedBytes = 16 * 1024 * 1024;

export interface StoredBlock {
  readonly id: number;
  readonly stream: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly bytes: number;
  readonly body: string;
}

/**
 * Reads a page out of blocks, which come in the order of their near ends: first events forward, last
 * events backward. They may overlap, and so are merged.
 */
export function readPage(blocks: Iterable<StoredBlock>, query: EventQuery): EventPage {
  const matches = query.pattern ? compileFilterPattern(query.pattern) : () => true;
  const events: FoundEvent[] = [];
  let bytes = 0;
  let last: EventPlace | undefined;
  const merge = new BlockMerge(blocks, query.direction === 'forward' ? 1 : -1);
  for (const event of merge.events()) {
    if (!isWithin(event.place, query)) continue;
    if (merge.scannedBytes > mostScannedBytes && last) return { events, more: last };
    if (matches(event.message)) {
      bytes += Buffer.byteLength(event.message) + eventOverheadBytes;
      const isFull = events.length === query.limit || bytes > query.maximumBytes;
      if (isFull && events.length > 0) return { events, more: last };
      events.push(event);
    }
    last = event.place;
  }
  return { events, more: undefined };
}

function isWithin(place: EventPlace, query: EventQuery): boolean {
  const { since = -Infinity, before = Infinity, from, direction } = query;
  if (place.at < since || place.at >= before) return false;
  if (!from) return true;
  return direction === 'forward' ? comparePlaces(place, from) > 0 : comparePlaces(place, from) < 0;
}

/** Merges blocks into one sequence of events: 1 is towards later ones, -1 towards earlier ones. */
class BlockMerge {
  readonly #blocks: Iterator<StoredBlock>;
  readonly #sign: 1 | -1;
  readonly #open: OpenBlock[] = [];
  #next: StoredBlock | undefined;
  #scannedBytes = 0;

  constructor(blocks: Iterable<StoredBlock>, sign: 1 | -1) {
    this.#blocks = blocks[Symbol.iterator]();
    this.#sign = sign;
  }

  /** How much of messages has been opened. */
  get scannedBytes(): number {
    return this.#scannedBytes;
  }

  *events(): Generator<FoundEvent> {
    try {
      this.#fetch();
      for (let nearest = this.#nearest(); nearest; nearest = this.#nearest()) {
        yield nearest.take();
        if (nearest.isEmpty) this.#open.splice(this.#open.indexOf(nearest), 1);
      }
    } finally {
      this.#blocks.return?.();
    }
  }

  #fetch(): void {
    const { value, done } = this.#blocks.next();
    this.#next = done ? undefined : value;
  }

  #openNext(block: StoredBlock): void {
    this.#scannedBytes += block.bytes;
    this.#open.push(new OpenBlock(block, this.#sign));
    this.#fetch();
  }

  /** The block whose event is next, when all are open that may have it. */
  #nearest(): OpenBlock | undefined {
    let nearest = this.#nearestOpen();
    while (this.#next && (!nearest || this.#isBehindNext(nearest.place))) {
      this.#openNext(this.#next);
      nearest = this.#nearestOpen();
    }
    return nearest;
  }

  #nearestOpen(): OpenBlock | undefined {
    let nearest: OpenBlock | undefined;
    for (const block of this.#open) {
      if (!nearest || comparePlaces(block.place, nearest.place) * this.#sign < 0) nearest = block;
    }
    return nearest;
  }

  /** Whether the next block may have an event that comes before this one. */
  #isBehindNext(place: EventPlace): boolean {
    if (!this.#next) return false;
    const { id, firstAt, lastAt } = this.#next;
    const at = this.#sign === 1 ? firstAt : lastAt;
    const index = this.#sign === 1 ? 0 : Infinity;
    return comparePlaces(place, { at, block: id, index }) * this.#sign > 0;
  }
}

class OpenBlock {
  readonly #block: StoredBlock;
  readonly #events: readonly StoredEvent[];
  readonly #sign: 1 | -1;
  #index: number;
  place: EventPlace;

  constructor(block: StoredBlock, sign: 1 | -1) {
    this.#block = block;
    this.#events = eventsOfBlock(block.body);
    this.#sign = sign;
    this.#index = sign === 1 ? 0 : this.#events.length - 1;
    this.place = this.#placeHere();
  }

  get isEmpty(): boolean {
    return this.#index < 0 || this.#index >= this.#events.length;
  }

  take(): FoundEvent {
    const [, ingested, message] = this.#events[this.#index] ?? [0, 0, ''];
    const { place } = this;
    this.#index += this.#sign;
    this.place = this.#placeHere();
    return { stream: this.#block.stream, place, message, ingestedAt: place.at + ingested };
  }

  #placeHere(): EventPlace {
    const [since] = this.#events[this.#index] ?? [0];
    return { at: this.#block.firstAt + since, block: this.#block.id, index: this.#index };
  }
}
