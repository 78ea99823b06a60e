import { createHash, randomUUID } from 'node:crypto';

/**
 * A frame of Session Manager's data channel, as session-manager-plugin reads and writes it. All integers are big-endian; 116 bytes
 * of header, then the payload behind its length.
 */
export interface AgentMessage {
  readonly type: string;
  /** Counts the messages of a direction from 0. */
  readonly sequence: number;
  readonly flags: number;
  readonly id: string;
  readonly payloadType: number;
  readonly payload: Buffer;
}

export const payloadTypes = {
  none: 0,
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  challengeRequest: 8,
  challengeResponse: 9,
} as const;

const at = {
  headerLength: 0,
  type: 4,
  schemaVersion: 36,
  created: 40,
  sequence: 48,
  flags: 56,
  id: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: 116,
  payload: 120,
} as const;

/** Where the length of the payload stands: what the header calls its own length. */
const headerLength = at.payloadLength;
const typeBytes = at.schemaVersion - at.type;

export function newMessage(
  given: Omit<AgentMessage, 'id' | 'flags'> & { readonly flags?: number },
): AgentMessage {
  return { flags: 0, ...given, id: randomUUID() };
}

export function encodeMessage(message: AgentMessage, createdAt: number): Buffer {
  const { type, sequence, flags, id, payloadType, payload } = message;
  const frame = Buffer.alloc(at.payload + payload.length);
  frame.writeUInt32BE(headerLength, at.headerLength);
  frame.write(type.padEnd(typeBytes, ' '), at.type, typeBytes, 'latin1');
  frame.writeUInt32BE(1, at.schemaVersion);
  frame.writeBigUInt64BE(BigInt(createdAt), at.created);
  frame.writeBigInt64BE(BigInt(sequence), at.sequence);
  frame.writeBigUInt64BE(BigInt(flags), at.flags);
  swapHalves(Buffer.from(id.replaceAll('-', ''), 'hex')).copy(frame, at.id);
  createHash('sha256').update(payload).digest().copy(frame, at.digest);
  frame.writeUInt32BE(payloadType, at.payloadType);
  frame.writeUInt32BE(payload.length, at.payloadLength);
  payload.copy(frame, at.payload);
  return frame;
}

/** Undefined where the bytes are no such frame, or not as they were sent. */
export function decodeMessage(frame: Buffer): AgentMessage | undefined {
  if (frame.length < at.payload || frame.readUInt32BE(at.headerLength) !== headerLength) {
    return undefined;
  }
  const payload = frame.subarray(at.payload);
  if (frame.readUInt32BE(at.payloadLength) !== payload.length) return undefined;
  const digest = createHash('sha256').update(payload).digest();
  const isIntact = digest.equals(frame.subarray(at.digest, at.payloadType));
  if (payload.length > 0 && !isIntact) return undefined;
  return {
    type: frame.toString('latin1', at.type, at.schemaVersion).replace(/[\0 ]+$/, ''),
    sequence: Number(frame.readBigInt64BE(at.sequence)),
    flags: Number(frame.readBigUInt64BE(at.flags) & 3n),
    id: uuidText(swapHalves(frame.subarray(at.id, at.digest))),
    payloadType: frame.readUInt32BE(at.payloadType),
    payload,
  };
}

/** The protocol has the last eight bytes of a UUID first. */
function swapHalves(uuid: Buffer): Buffer {
  return Buffer.concat([uuid.subarray(8), uuid.subarray(0, 8)]);
}

function uuidText(uuid: Buffer): string {
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
