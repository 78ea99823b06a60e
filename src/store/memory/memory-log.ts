import {
  anyFuture,
  anyPast,
  comparePlaces,
  formatCursor,
  readingStart,
  type LogPlace,
} from '../log-cursor.ts';
import type { LogEntry, LoggedEntry, LogPruning, LogQuery } from '../store.ts';

interface Line extends LogPlace {
  readonly body: string;
}

/** The append-only entries of all logs. */
export class MemoryLog {
  /** By log, then by subject; each subject's lines are sorted. */
  readonly #logs = new Map<string, Map<string, Line[]>>();
  #lastNumber = 0;

  append({ log, subject, at, body }: LogEntry): void {
    this.#lastNumber += 1;
    const line = { at, number: this.#lastNumber, body };
    const subjects = this.#logs.get(log) ?? new Map<string, Line[]>();
    const lines = subjects.get(subject) ?? [];
    // Nearly always at the end: entries come in the order of their time.
    lines.splice(countBefore(lines, line), 0, line);
    subjects.set(subject, lines);
    this.#logs.set(log, subjects);
  }

  read(query: LogQuery): readonly LoggedEntry[] {
    const { order, since = anyPast, until = anyFuture, limit } = query;
    const lines = this.#logs.get(query.log)?.get(query.subject) ?? [];
    const start = readingStart(query);
    if (order === 'oldest-first') {
      const from = countBefore(lines, { at: start.at, number: start.number + 1 });
      const to = countBefore(lines, { at: until, number: 0 });
      return lines.slice(from, Math.min(to, from + limit)).map(toEntry);
    }
    const from = countBefore(lines, { at: since, number: 0 });
    const to = countBefore(lines, start);
    return lines
      .slice(Math.max(from, to - limit), to)
      .map(toEntry)
      .reverse();
  }

  prune({ log, before, limit }: LogPruning): number {
    const old = [...(this.#logs.get(log)?.values() ?? [])].flatMap((lines) => {
      const count = countBefore(lines, { at: before, number: 0 });
      return lines.slice(0, count).map((line) => ({ line, lines }));
    });
    const pruned = old.sort((a, b) => comparePlaces(a.line, b.line)).slice(0, limit);
    for (const { lines } of pruned) lines.shift();
    return pruned.length;
  }
}

function toEntry(line: Line): LoggedEntry {
  return { cursor: formatCursor(line), at: line.at, body: line.body };
}

/** How many of the sorted lines stand before a place. */
function countBefore(lines: readonly Line[], place: LogPlace): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = lines[middle];
    if (line && comparePlaces(line, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
