import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { EventPage, EventQuery, LogBatch, Pruning } from '../log-store.ts';
import { blocksOf, growingBlockBytes, longestBlockMs, type Block } from './block.ts';
import { readPage, type StoredBlock } from './event-reader.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** No time is later. */
const endOfTime = 8.64e15;

/** Whose events are read: those of the group, or of some of its streams. */
interface Owners {
  readonly groupId: number;
  readonly streamIds: readonly number[] | undefined;
}

type Row = Record<string, SQLOutputValue>;

/** The blocks of events, and how far their sources have been read. */
export class EventTable {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  append(groupId: number, streamId: number, batch: LogBatch): void {
    const { events, ingestedAt, progress } = batch;
    const first = events.times[0];
    if (first !== undefined) {
      const last = this.#growingBlock(streamId, first);
      const [head, ...others] = blocksOf(events, ingestedAt, last);
      if (head && last) this.#grow(last.id, head);
      const added = last ? others : [...(head ? [head] : []), ...others];
      for (const block of added) this.#add(groupId, streamId, block);
      const all = head ? [head, ...others] : others;
      const bytes = all.reduce((sum, block) => sum + block.bytes, 0);
      const lastAt = events.times.at(-1) ?? first;
      this.#statements.addBytes.run(bytes, groupId);
      this.#statements.noteEvents.run(first, lastAt, ingestedAt, streamId);
    }
    if (progress) this.#statements.setPosition.run(progress.source, progress.position);
  }

  read(query: EventQuery, of: Owners): EventPage {
    return readPage(this.#blocks(query, of), query);
  }

  positionOf(source: string): string | undefined {
    const row = this.#statements.getPosition.get(source);
    return row && String(row['position']);
  }

  forgetSource(source: string): void {
    this.#statements.forgetSource.run(source);
  }

  /** What a stream holds no longer counts for its group. */
  forgetBytesOf(streamId: number, groupId: number): void {
    const { sum } = this.#statements.bytesOfStream.get(streamId) ?? {};
    this.#statements.addBytes.run(-Number(sum), groupId);
  }

  /** First what is too old in its group, then the oldest of all where there is too much. */
  prune({ now, maximumBytes, limit }: Pruning): number {
    let left = limit;
    for (const group of this.#statements.retainedGroups.all()) {
      const expiry = now - Number(group['retention_days']) * dayMs;
      const id = Number(group['id']);
      left -= this.#remove(this.#statements.expired.all(id, expiry, expiry, left));
      if (left <= 0) return limit;
    }
    const { used } = this.#statements.usedBytes.get() ?? {};
    if (Number(used) > maximumBytes) left -= this.#remove(this.#statements.oldest.all(left));
    return limit - left;
  }

  #remove(blocks: readonly Row[]): number {
    for (const { id, group_id: groupId, bytes } of blocks) {
      this.#statements.removeBlock.run(Number(id));
      this.#statements.addBytes.run(-Number(bytes), Number(groupId));
    }
    return blocks.length;
  }

  #growingBlock(streamId: number, firstAt: number) {
    const row = this.#statements.newestBlock.get(streamId);
    if (!row) return undefined;
    const block = {
      id: Number(row['id']),
      firstAt: Number(row['first_at']),
      bytes: Number(row['bytes']),
    };
    const mayGrow =
      block.bytes < growingBlockBytes &&
      firstAt >= Number(row['last_at']) &&
      firstAt - block.firstAt <= longestBlockMs;
    return mayGrow ? block : undefined;
  }

  #grow(id: number, { lastAt, events, bytes, body }: Block): void {
    this.#statements.grow.run(lastAt, events, bytes, body, id);
  }

  #add(groupId: number, streamId: number, block: Block): void {
    const { firstAt, lastAt, events, bytes, body } = block;
    this.#statements.add.run(groupId, streamId, firstAt, lastAt, events, bytes, body);
  }

  *#blocks(query: EventQuery, { groupId, streamIds }: Owners): Generator<StoredBlock> {
    const bounds = boundsOf(query);
    const [only, ...others] = streamIds ?? [];
    const isOne = only !== undefined && others.length === 0;
    const wanted = streamIds && new Set(streamIds);
    const { stream, group } = this.#statements[query.direction];
    const rows = isOne ? stream.iterate(only, ...bounds) : group.iterate(groupId, ...bounds);
    for (const row of rows) {
      if (!wanted || wanted.has(Number(row['stream_id']))) yield storedBlock(row);
    }
  }
}

/** The least first time of blocks, their least last time, and what their first time is below. */
function boundsOf(query: EventQuery): readonly [number, number, number] {
  const { from, direction, since = -endOfTime, before = endOfTime } = query;
  const isForward = direction === 'forward';
  const earliest = from && isForward ? Math.max(since, from.at) : since;
  const latest = from && !isForward ? Math.min(before, from.at + 1) : before;
  return [earliest - longestBlockMs, earliest, latest];
}

function storedBlock(row: Row): StoredBlock {
  return {
    id: Number(row['id']),
    stream: String(row['name']),
    firstAt: Number(row['first_at']),
    lastAt: Number(row['last_at']),
    bytes: Number(row['bytes']),
    body: String(row['body']),
  };
}

const blockColumns = `block.id, stream_id, block.first_at, block.last_at, bytes, body, name
  FROM block JOIN log_stream ON log_stream.id = stream_id`;

function prepareStatements(database: DatabaseSync) {
  const prepare = (sql: string) => database.prepare(sql);
  const overlapping = (owner: string, order: string) =>
    prepare(
      `SELECT ${blockColumns} WHERE block.${owner} = ?1 AND block.first_at >= ?2
         AND block.last_at >= ?3 AND block.first_at < ?4 ORDER BY ${order}`,
    );
  const blocksInOrder = (order: string) => ({
    stream: overlapping('stream_id', order),
    group: overlapping('group_id', order),
  });
  return {
    newestBlock: prepare(
      `SELECT id, first_at, last_at, bytes FROM block WHERE stream_id = ?
       ORDER BY last_at DESC, id DESC LIMIT 1`,
    ),
    grow: prepare(
      `UPDATE block SET last_at = ?, events = events + ?, bytes = bytes + ?, body = body || ',' || ?
       WHERE id = ?`,
    ),
    add: prepare(
      `INSERT INTO block (group_id, stream_id, first_at, last_at, events, bytes, body)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    addBytes: prepare('UPDATE log_group SET stored_bytes = stored_bytes + ? WHERE id = ?'),
    noteEvents: prepare(
      `UPDATE log_stream SET first_at = min(ifnull(first_at, ?1), ?1),
         last_at = max(ifnull(last_at, ?2), ?2), ingested_at = ?3 WHERE id = ?4`,
    ),
    forward: blocksInOrder('block.first_at, block.id'),
    backward: blocksInOrder('block.last_at DESC, block.id DESC'),
    bytesOfStream: prepare('SELECT ifnull(sum(bytes), 0) AS sum FROM block WHERE stream_id = ?'),
    setPosition: prepare('INSERT OR REPLACE INTO source (name, position) VALUES (?, ?)'),
    getPosition: prepare('SELECT position FROM source WHERE name = ?'),
    forgetSource: prepare('DELETE FROM source WHERE name = ?'),
    retainedGroups: prepare(
      'SELECT id, retention_days FROM log_group WHERE retention_days IS NOT NULL',
    ),
    expired: prepare(
      `SELECT id, group_id, bytes FROM block
       WHERE group_id = ? AND first_at < ? AND last_at < ? ORDER BY first_at LIMIT ?`,
    ),
    oldest: prepare('SELECT id, group_id, bytes FROM block ORDER BY id LIMIT ?'),
    removeBlock: prepare('DELETE FROM block WHERE id = ?'),
    usedBytes: prepare(
      `SELECT (page_count - freelist_count) * page_size AS used
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    ),
  };
}
