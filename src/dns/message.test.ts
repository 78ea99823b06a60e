import { decode, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ResourceRecord } from '../domain/dns/resource-record.ts';
import {
  answersTo,
  encodeReply,
  failure,
  mostMessageBytes,
  readAddresses,
  readQuery,
  responseCodeOf,
  responseCodes,
  type Query,
} from './message.ts';

const web = { type: 'A', name: 'Web.shop.local' } as const;

function bytesOf(packet: Packet = {}): Buffer {
  return encode({ type: 'query', id: 7, flags: 0x100, questions: [web], ...packet });
}

function edns(udpPayloadSize: number, ednsVersion = 0): Packet {
  const none = { extendedRcode: 0, flags: 0, flag_do: false, options: [] };
  return { additionals: [{ type: 'OPT', name: '.', udpPayloadSize, ednsVersion, ...none }] };
}

function padded(length: number): Buffer {
  return Buffer.concat([bytesOf(), Buffer.alloc(length - bytesOf().length)]);
}

function withRecords(count: number): Buffer {
  const one = { type: 'A', name: '.', data: '10.0.0.1' } as const;
  return bytesOf({ additionals: Array.from({ length: count }, () => one) });
}

function queryOf(bytes: Buffer): Query {
  const received = readQuery(bytes);
  if (received.kind !== 'Query') throw new Error(received.kind);
  return received.query;
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(value, at);
  return copy;
}

describe('what comes in', () => {
  test('is a question, in the case in which it was asked', () => {
    expect(queryOf(bytesOf())).toMatchObject({
      question: { name: 'Web.shop.local', type: 'A' },
      payload: 512,
      hasEdns: false,
    });
    const https = changed(bytesOf(), bytesOf().length - 4, 65);
    expect(queryOf(https).question.type).toBe('OTHER');
  });

  test.each([
    [100, 512],
    [1_000, 1_000],
    [4_096, 1_232],
  ])('a client that takes %i bytes by UDP is sent at most %i', (given, most) => {
    expect(queryOf(bytesOf(edns(given)))).toMatchObject({ payload: most, hasEdns: true });
  });

  test('may have EDNS and a signature, and be as long as these make it', () => {
    expect(queryOf(withRecords(4)).question.name).toBe('Web.shop.local');
    expect(queryOf(padded(4_096)).question.name).toBe('Web.shop.local');
  });

  test.each([
    ['another operation', changed(bytesOf(), 2, 0x2100), responseCodes.notImplemented],
    ['no question', bytesOf({ questions: [] }), responseCodes.formatError],
    ['two questions', bytesOf({ questions: [web, web] }), responseCodes.formatError],
    ['a question that ends early', bytesOf().subarray(0, -1), responseCodes.formatError],
    ['a name that points elsewhere', changed(bytesOf(), 12, 0xc00c), responseCodes.formatError],
    ['records that are not there', changed(bytesOf(), 10, 9), responseCodes.formatError],
    ['an answer', changed(bytesOf(), 6, 1), responseCodes.formatError],
    ['a message that is too long for a question', padded(4_097), responseCodes.formatError],
    ['more than EDNS and a signature', withRecords(5), responseCodes.formatError],
    ['another class', bytesOf({ questions: [{ ...web, class: 'CH' }] }), responseCodes.refused],
    ['a whole zone', bytesOf({ questions: [{ ...web, type: 'AXFR' }] }), responseCodes.refused],
  ])('%s is refused', (_, bytes, code) => {
    const received = readQuery(bytes);
    if (received.kind !== 'Refused') throw new Error(received.kind);
    expect(responseCodeOf(received.reply)).toBe(code);
    expect(received.reply.readUInt16BE(0)).toBe(7);
  });

  test('a later version of EDNS is not known', () => {
    const received = readQuery(bytesOf(edns(1_232, 1)));
    if (received.kind !== 'Refused') throw new Error(received.kind);
    const { additionals = [], questions = [] } = decode(received.reply);
    expect(additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1, ednsVersion: 0 }]);
    expect(questions).toHaveLength(1);
  });

  test('what is no query is not answered', () => {
    expect(readQuery(changed(bytesOf(), 2, 0x8100)).kind).toBe('Ignored');
    expect(readQuery(Buffer.alloc(11)).kind).toBe('Ignored');
  });

  test('may be anything: what is answered is never longer than it, nor a query', () => {
    const mutated = fc.tuple(fc.nat(60), fc.nat(255)).map(([at, value]) => {
      const bytes = bytesOf(edns(1_232));
      bytes[at % bytes.length] = value;
      return bytes;
    });
    const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(mutated, noise), (bytes) => {
        const received = readQuery(bytes);
        if (received.kind === 'Ignored') return;
        const reply =
          received.kind === 'Query'
            ? failure(received.query, responseCodes.refused)
            : received.reply;
        expect(readQuery(reply).kind).toBe('Ignored');
        expect(reply.length).toBeLessThanOrEqual(Math.max(12, bytes.length));
      }),
    );
  });
});

describe('what goes out', () => {
  const record = (index: number): ResourceRecord => ({
    name: 'Web.shop.local',
    ttlSeconds: 60,
    type: 'A',
    data: `10.0.0.${index}`,
  });
  const eight = Array.from({ length: 8 }, (_, index) => record(index));
  const reply = { code: responseCodes.noError, isAuthoritative: true, authorities: [] };

  test('is read as it was meant by every client', () => {
    const soa: ResourceRecord = {
      name: 'shop.local',
      ttlSeconds: 15,
      type: 'SOA',
      data: {
        mname: 'ns.a',
        rname: 'me.b',
        serial: 1,
        refresh: 2,
        retry: 3,
        expire: 4,
        minimum: 5,
      },
    };
    const elsewhere: ResourceRecord = { ...record(9), name: 'lb.example.com' };
    const srv: ResourceRecord = {
      name: 'web.SHOP.local',
      ttlSeconds: 1,
      type: 'SRV',
      data: { priority: 1, weight: 1, port: 80, target: 'a.web.shop.local' },
    };
    const answers = [record(1), elsewhere, srv];
    const bytes = encodeReply(queryOf(bytesOf()), { ...reply, answers, authorities: [soa] }, 512);
    const decoded = decode(bytes);
    expect(decoded).toMatchObject({
      id: 7,
      flag_qr: true,
      flag_aa: true,
      flag_rd: true,
      flag_ra: true,
    });
    expect(decoded.questions).toMatchObject([web]);
    expect(decoded.answers).toMatchObject([
      { name: 'Web.shop.local', ttl: 60, type: 'A', data: '10.0.0.1' },
      { name: 'lb.example.com', data: '10.0.0.9' },
      { name: 'Web.shop.local', type: 'SRV', data: { port: 80, target: 'a.web.shop.local' } },
    ]);
    expect(decoded.authorities).toMatchObject([{ name: 'shop.local', type: 'SOA', ttl: 15 }]);
  });

  test('eight addresses of the longest name fit into what every client takes', () => {
    const name = `${Array.from({ length: 4 }, () => 'a'.repeat(59)).join('.')}.shop.local`;
    const query = queryOf(bytesOf({ questions: [{ type: 'A', name }] }));
    const answers = eight.map((one) => ({ ...one, name }));
    expect(decode(encodeReply(query, { ...reply, answers }, query.payload)).answers).toHaveLength(
      8,
    );
  });

  test('what is too long is cut off, with the word to ask by TCP', () => {
    const long = Array.from({ length: 8 }, (_, index): ResourceRecord => ({
      name: 'web.shop.local',
      ttlSeconds: 60,
      type: 'SRV',
      data: {
        priority: 1,
        weight: 1,
        port: 80,
        target: `${'a'.repeat(60)}${index}.web.shop.local`,
      },
    }));
    const plain = queryOf(bytesOf());
    const cut = decode(encodeReply(plain, { ...reply, answers: long }, plain.payload));
    expect([cut.flag_tc, cut.answers, cut.questions?.length]).toEqual([true, [], 1]);
    const able = queryOf(bytesOf(edns(1_232)));
    const whole = decode(encodeReply(able, { ...reply, answers: long }, able.payload));
    expect([whole.flag_tc, whole.answers?.length]).toEqual([false, 8]);
    expect(whole.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1_232 }]);
    const byTcp = decode(encodeReply(plain, { ...reply, answers: long }, mostMessageBytes));
    expect(byTcp.answers).toHaveLength(8);
  });
});

test('an answer of another server is one to the question, whatever its case, with its id', () => {
  const answer = (packet: Packet = {}) =>
    encode({ type: 'response', id: 7, questions: [{ ...web, name: 'web.shop.LOCAL' }], ...packet });
  expect(answersTo(bytesOf(), answer())).toBe(true);
  expect(answersTo(bytesOf(), answer({ questions: [] }))).toBe(true);
  expect(answersTo(bytesOf(), answer({ id: 8 }))).toBe(false);
  expect(answersTo(bytesOf(), answer({ questions: [{ ...web, name: 'api.shop.local' }] }))).toBe(
    false,
  );
  expect(answersTo(bytesOf(), bytesOf())).toBe(false);
  expect(readAddresses(Buffer.from('nonsense'))).toBeUndefined();
});
