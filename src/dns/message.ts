import { decode, encode, type Answer } from 'dns-packet';
import type { Question } from '../domain/dns/answer-question.ts';
import { withoutFinalDot } from '../domain/dns/dns-name.ts';
import type { ResourceRecord } from '../domain/dns/resource-record.ts';

export const responseCodes = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noName: 3,
  notImplemented: 4,
  refused: 5,
} as const;
export type ResponseCode = (typeof responseCodes)[keyof typeof responseCodes];

const headerBytes = 12;
const bitsOf = {
  response: 0x8000,
  operation: 0x7800,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  code: 0x000f,
} as const;
/** Where the header counts questions, answers, authorities and additional records. */
const countsAt = { questions: 4, answers: 6, authorities: 8, additionals: 10 } as const;
const classInternet = 1;
const typeNumbers = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, ANY: 255 } as const;
const transferTypes = [251, 252];
const longestLabel = 63;
/** In the upper bits of a response code, in EDNS: the version is not known. */
const badVersion = 1;

/** Without EDNS a client takes no more by UDP. */
const plainPayload = 512;
/** More than this may be split up on its way (DNS Flag Day 2020). */
const mostPayload = 1_232;
/** What a message can have at all. */
export const mostMessageBytes = 65_535;

/** A question with all that EDNS adds to it is far shorter. */
const mostQueryBytes = 4_096;
/** EDNS and a signature. Names of more of them could point to each other for longer than others should wait. */
const mostAdditionals = 4;

/** A question that a client asks. */
export interface Query {
  readonly bytes: Buffer;
  readonly question: Question;
  /** Where in the bytes the question ends. */
  readonly questionEnd: number;
  /** How much the client takes by UDP. */
  readonly payload: number;
  readonly hasEdns: boolean;
}

export type Received =
  | { readonly kind: 'Query'; readonly query: Query }
  /** It is answered without a look at what it asks. */
  | { readonly kind: 'Refused'; readonly reply: Buffer }
  /** No query: an answer to it could go on for ever. */
  | { readonly kind: 'Ignored' };

/** Reads what a client has sent. */
export function readQuery(bytes: Buffer): Received {
  if (bytes.length < headerBytes) return { kind: 'Ignored' };
  const flags = bytes.readUInt16BE(2);
  if ((flags & bitsOf.response) !== 0) return { kind: 'Ignored' };
  if ((flags & bitsOf.operation) !== 0) return refusal(bytes, responseCodes.notImplemented);
  const questionEnd = endOfQuestion(bytes);
  const content = contentOf(bytes);
  if (questionEnd === undefined || !content) return refusal(bytes, responseCodes.formatError);
  const type = bytes.readUInt16BE(questionEnd - 4);
  const isForeign = bytes.readUInt16BE(questionEnd - 2) !== classInternet;
  if (isForeign || transferTypes.includes(type)) return refusal(bytes, responseCodes.refused);
  const { name, edns } = content;
  const question = { name, type: typeOf(type) };
  const payload = Math.min(Math.max(edns?.payload ?? 0, plainPayload), mostPayload);
  const query: Query = { bytes, question, questionEnd, payload, hasEdns: edns !== undefined };
  if (edns && edns.version !== 0) return { kind: 'Refused', reply: badVersionReply(query) };
  return { kind: 'Query', query };
}

function typeOf(type: number): Question['type'] {
  const [name] = Object.entries(typeNumbers).find(([, number]) => number === type) ?? [];
  return isKnown(name) ? name : 'OTHER';
}

function isKnown(name: string | undefined): name is keyof typeof typeNumbers {
  return name !== undefined && name in typeNumbers;
}

/** The one name before which nothing stands that it could point to: its labels, the type and the class. */
function endOfQuestion(bytes: Buffer): number | undefined {
  for (let at = headerBytes; ;) {
    const length = bytes[at];
    if (length === undefined || length > longestLabel) return undefined;
    at += length + 1;
    if (length === 0) return at + 4 <= bytes.length ? at + 4 : undefined;
  }
}

interface Content {
  readonly name: string;
  readonly edns: { readonly payload: number; readonly version: number } | undefined;
}

/** Undefined where the message is malformed, or is more than one question. */
function contentOf(bytes: Buffer): Content | undefined {
  const hasOneQuestion = bytes.readUInt16BE(countsAt.questions) === 1;
  const hasRecords = bytes.readUInt32BE(countsAt.answers) !== 0;
  if (!hasOneQuestion || hasRecords || isOversized(bytes)) return undefined;
  try {
    const { questions = [], additionals = [] } = decode(bytes);
    const name = withoutFinalDot(questions[0]?.name ?? '');
    const option = additionals.find((record) => record.type === 'OPT');
    if (option?.type !== 'OPT') return { name, edns: undefined };
    return { name, edns: { payload: option.udpPayloadSize, version: option.ednsVersion } };
  } catch {
    return undefined;
  }
}

/** Whoever asks is not known yet: to read it must cost next to nothing. */
function isOversized(bytes: Buffer): boolean {
  return (
    bytes.length > mostQueryBytes || bytes.readUInt16BE(countsAt.additionals) > mostAdditionals
  );
}

/** A header alone: what came may not be worth repeating. */
function refusal(bytes: Buffer, code: ResponseCode): Received {
  const reply = Buffer.alloc(headerBytes);
  bytes.copy(reply, 0, 0, 2);
  reply.writeUInt16BE(replyFlags(bytes) | code, 2);
  return { kind: 'Refused', reply };
}

function badVersionReply(query: Query): Buffer {
  const reply = headed(query, responseCodes.noError);
  return withRecords(reply, { additionals: [ednsRecord(badVersion)] });
}

function replyFlags(bytes: Buffer): number {
  const flags = bytes.readUInt16BE(2);
  const kept = flags & (bitsOf.operation | bitsOf.recursionDesired);
  return bitsOf.response | bitsOf.recursionAvailable | kept;
}

export interface Reply {
  readonly code: ResponseCode;
  /** Whether it is about a name of ours, on which nobody else has a say. */
  readonly isAuthoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
}

/** The answer to a query; where it is longer than that, one that has nothing but the word to ask by TCP. */
export function encodeReply(query: Query, reply: Reply, mostBytes: number): Buffer {
  const flags = reply.isAuthoritative ? bitsOf.authoritative : 0;
  const head = headed(query, reply.code | flags);
  const additionals = query.hasEdns ? [ednsRecord(0)] : [];
  const answers = reply.answers.map((record) => encodeRecord(record, query));
  const authorities = reply.authorities.map((record) => encodeRecord(record, query));
  const whole = withRecords(head, { answers, authorities, additionals });
  if (whole.length <= mostBytes) return whole;
  return withRecords(headed(query, reply.code | flags | bitsOf.truncated), { additionals });
}

export function failure(query: Query, code: ResponseCode): Buffer {
  const none = { isAuthoritative: false, answers: [], authorities: [] };
  return encodeReply(query, { code, ...none }, mostMessageBytes);
}

/** Header and question of the query, with all counts but its own at zero. */
function headed({ bytes, questionEnd }: Query, flags: number): Buffer {
  const head = Buffer.from(bytes.subarray(0, questionEnd));
  head.writeUInt16BE(replyFlags(bytes) | flags, 2);
  head.fill(0, countsAt.answers, headerBytes);
  return head;
}

type Sections = Partial<Record<'answers' | 'authorities' | 'additionals', readonly Buffer[]>>;

function withRecords(head: Buffer, sections: Sections): Buffer {
  const { answers = [], authorities = [], additionals = [] } = sections;
  head.writeUInt16BE(answers.length, countsAt.answers);
  head.writeUInt16BE(authorities.length, countsAt.authorities);
  head.writeUInt16BE(additionals.length, countsAt.additionals);
  return Buffer.concat([head, ...answers, ...authorities, ...additionals]);
}

/**
 * A record; its name is a pointer into the question where that ends in it, so that the answers for a long name still
 * fit into what every client takes.
 */
function encodeRecord({ name, ttlSeconds: ttl, ...rest }: ResourceRecord, query: Query): Buffer {
  const { name: asked } = query.question;
  const isWithin =
    asked.toLowerCase() === name.toLowerCase() ||
    asked.toLowerCase().endsWith(`.${name.toLowerCase()}`);
  if (!isWithin) return encodedAnswer({ name, ttl, ...rest });
  const pointer = Buffer.alloc(2);
  pointer.writeUInt16BE(0xc000 | (headerBytes + asked.length - name.length));
  return Buffer.concat([pointer, encodedAnswer({ name: '.', ttl, ...rest }).subarray(1)]);
}

function ednsRecord(extendedRcode: number): Buffer {
  const edns = { ednsVersion: 0, flags: 0, flag_do: false, options: [] };
  return encodedAnswer({
    type: 'OPT',
    name: '.',
    udpPayloadSize: mostPayload,
    extendedRcode,
    ...edns,
  });
}

function encodedAnswer(answer: Answer): Buffer {
  return encode({ type: 'response', answers: [answer] }).subarray(headerBytes);
}

/** A query of our own for the addresses of a name. */
export function encodeQuery(id: number, name: string, type: 'A' | 'AAAA'): Buffer {
  return encode({ type: 'query', id, flags: bitsOf.recursionDesired, questions: [{ name, type }] });
}

export interface Addresses {
  readonly code: number;
  /** Of the type, and the other names that led to them. */
  readonly records: readonly ResourceRecord[];
}

/** What an answer says of addresses; undefined where it makes no sense. */
export function readAddresses(bytes: Buffer): Addresses | undefined {
  try {
    const records = (decode(bytes).answers ?? []).flatMap((answer): readonly ResourceRecord[] => {
      if (answer.type !== 'A' && answer.type !== 'AAAA' && answer.type !== 'CNAME') return [];
      const { type, name, ttl = 0, data } = answer;
      return [{ name, ttlSeconds: ttl, type, data }];
    });
    return { code: responseCodeOf(bytes), records };
  } catch {
    return undefined;
  }
}

export function responseCodeOf(bytes: Buffer): number {
  return bytes.readUInt16BE(2) & bitsOf.code;
}

export function isTruncated(bytes: Buffer): boolean {
  return (bytes.readUInt16BE(2) & bitsOf.truncated) !== 0;
}

/** Whether a message answers a query: it has its id and its question, whose case the answer need not keep. */
export function answersTo(query: Buffer, reply: Buffer): boolean {
  if (reply.length < headerBytes || (reply.readUInt16BE(2) & bitsOf.response) === 0) return false;
  if (reply.readUInt16BE(0) !== query.readUInt16BE(0)) return false;
  if (reply.readUInt16BE(countsAt.questions) === 0) return true;
  const end = endOfQuestion(query);
  const questionOf = (bytes: Buffer) => bytes.toString('latin1', headerBytes, end).toLowerCase();
  return end !== undefined && questionOf(query) === questionOf(reply);
}
