/** A callback in the queue, until it is taken or cancelled. */
export interface QueuedTimer {
  readonly instant: number;
  readonly callback: () => void;
  cancel(): void;
}

/** Timers in the order of their instants; of one instant, in the order of adding. A binary heap. */
export class TimerQueue {
  #heap: Entry[] = [];
  #cancelled = 0;
  #added = 0;

  add(instant: number, callback: () => void): QueuedTimer {
    this.#added += 1;
    const entry = new Entry(instant, this.#added, callback, () => this.#forget());
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
    return entry;
  }

  /** When the first timer is due; nothing where there is none. */
  get next(): number | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (!first?.isCancelled) return first?.instant;
      this.#cancelled -= 1;
      this.#removeFirst();
    }
  }

  /** Removes the first timer, where it is due. */
  takeDue(now: number): QueuedTimer | undefined {
    const next = this.next;
    if (next === undefined || next > now) return undefined;
    const first = this.#removeFirst();
    first?.settle();
    return first;
  }

  /** Cancelled timers stay in the heap until their turn, or until they are the greater part of it. */
  #forget(): void {
    this.#cancelled += 1;
    if (this.#cancelled * 2 <= this.#heap.length) return;
    this.#heap = this.#heap.filter((entry) => !entry.isCancelled).sort(compare);
    this.#cancelled = 0;
  }

  #removeFirst(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last && last !== first) this.#sink(last);
    return first;
  }

  #rise(entry: Entry, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (!parent || compare(parent, entry) <= 0) break;
      this.#heap[index] = parent;
      index = parentIndex;
    }
    this.#heap[index] = entry;
  }

  /** Puts an entry in the first place and lets it sink to where it belongs. */
  #sink(entry: Entry): void {
    let index = 0;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const isRight = left && right && compare(right, left) < 0;
      const child = isRight ? right : left;
      if (!child || compare(entry, child) <= 0) break;
      this.#heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    this.#heap[index] = entry;
  }
}

class Entry implements QueuedTimer {
  readonly instant: number;
  readonly order: number;
  readonly callback: () => void;
  isCancelled = false;
  #onCancel: (() => void) | undefined;

  constructor(instant: number, order: number, callback: () => void, onCancel: () => void) {
    this.instant = instant;
    this.order = order;
    this.callback = callback;
    this.#onCancel = onCancel;
  }

  cancel(): void {
    if (!this.#onCancel) return;
    this.isCancelled = true;
    const onCancel = this.#onCancel;
    this.#onCancel = undefined;
    onCancel();
  }

  /** From now on there is nothing to cancel. */
  settle(): void {
    this.#onCancel = undefined;
  }
}

function compare(a: Entry, b: Entry): number {
  return a.instant - b.instant || a.order - b.order;
}
