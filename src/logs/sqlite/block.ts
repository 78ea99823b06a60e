import { eventOverheadBytes, type LogEvents } from '../../domain/log/log-events.ts';

/** A block holds no more than this of messages, and no longer a time. */
const maximumBlockBytes = 256 * 1024;
export const longestBlockMs = 60 * 60 * 1000;
/** Up to this size a block is written anew to take in what comes next: not every line is a block. */
export const growingBlockBytes = 8 * 1024;

/** Events as they are stored: JSON arrays of [time since the block's first, ingestion since the time, message]. */
export interface Block {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly events: number;
  readonly bytes: number;
  readonly body: string;
}

/** What a block has of an event. */
export type StoredEvent = readonly [at: number, ingested: number, message: string];

/** Cuts a batch into blocks. `firstAt` is given where the first is to go on with a block. */
export function blocksOf(
  { times, messages }: LogEvents,
  ingestedAt: number,
  given?: { readonly firstAt: number; readonly bytes: number },
): readonly Block[] {
  const blocks: Block[] = [];
  let from = 0;
  let firstAt = given?.firstAt ?? times[0] ?? 0;
  let bytes = given?.bytes ?? 0;
  let before = bytes;
  const close = (to: number): void => {
    if (to > from) {
      const range = { from, to, firstAt };
      blocks.push({ ...blockOf({ times, messages }, ingestedAt, range), bytes: bytes - before });
    }
    from = to;
    firstAt = times[to] ?? 0;
    bytes = before = 0;
  };
  for (const [index, message] of messages.entries()) {
    const at = times[index] ?? 0;
    if (bytes >= maximumBlockBytes || at - firstAt > longestBlockMs) close(index);
    bytes += Buffer.byteLength(message) + eventOverheadBytes;
  }
  close(messages.length);
  return blocks;
}

function blockOf(
  { times, messages }: LogEvents,
  ingestedAt: number,
  { from, to, firstAt }: { readonly from: number; readonly to: number; readonly firstAt: number },
): Omit<Block, 'bytes'> {
  const events: StoredEvent[] = [];
  for (let index = from; index < to; index += 1) {
    const at = times[index] ?? 0;
    events.push([at - firstAt, ingestedAt - at, messages[index] ?? '']);
  }
  const body = JSON.stringify(events).slice(1, -1);
  return { firstAt, lastAt: times[to - 1] ?? firstAt, events: to - from, body };
}

export function eventsOfBlock(body: string): readonly StoredEvent[] {
  const events: StoredEvent[] = JSON.parse(`[${body}]`);
  return events;
}
