import type { ServerResponse } from 'node:http';
import { once } from 'node:events';

/** One event of a streamed answer: its name in the service's model, and its members as JSON. */
export interface StreamedEvent {
  readonly type: string;
  readonly json: string;
}

/** An answer that goes on: a handler returns it in place of an output. */
export class EventStream {
  readonly events: AsyncIterable<StreamedEvent>;

  constructor(events: AsyncIterable<StreamedEvent>) {
    this.events = events;
  }
}

const contentType = 'application/vnd.amazon.eventstream';
/** AWS JSON begins a stream with the members of the answer that are not part of it: here, none. */
const initialResponse: StreamedEvent = { type: 'initial-response', json: '{}' };

/** Sends events until there are no more, the client has gone, or the door closes. */
export async function sendEvents(
  response: ServerResponse,
  { events }: EventStream,
  door: { readonly requestId: string; readonly isClosing: () => boolean },
): Promise<void> {
  // Loading it takes a while, and few ask for it.
  const { crc32 } = await import('node:zlib');
  response.writeHead(200, ['x-amzn-RequestId', door.requestId, 'Content-Type', contentType]);
  response.write(frame(initialResponse, crc32));
  for await (const event of events) {
    if (response.destroyed || door.isClosing()) break;
    if (!response.write(frame(event, crc32))) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  response.end();
}

type Checksum = (data: Uint8Array) => number;

const preludeBytes = 12;
const checksumBytes = 4;
const stringHeader = 7;

/** A message of AWS's event stream encoding: lengths, their checksum, headers, payload, checksum. */
function frame({ type, json }: StreamedEvent, checksum: Checksum): Buffer {
  const headers = Buffer.concat([
    header(':message-type', 'event'),
    header(':event-type', type),
    header(':content-type', 'application/json'),
  ]);
  const payload = Buffer.from(json);
  const length = preludeBytes + headers.length + payload.length + checksumBytes;
  const message = Buffer.alloc(length);
  message.writeUInt32BE(length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(checksum(message.subarray(0, 8)), 8);
  headers.copy(message, preludeBytes);
  payload.copy(message, preludeBytes + headers.length);
  message.writeUInt32BE(
    checksum(message.subarray(0, length - checksumBytes)),
    length - checksumBytes,
  );
  return message;
}

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const head = Buffer.alloc(4 + name.length);
  head.writeUInt8(name.length, 0);
  head.write(name, 1);
  head.writeUInt8(stringHeader, 1 + name.length);
  head.writeUInt16BE(text.length, 2 + name.length);
  return Buffer.concat([head, text]);
}
