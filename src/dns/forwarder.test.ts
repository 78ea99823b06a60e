import { decode, encode } from 'dns-packet';
import { afterEach, expect, test } from 'vitest';
import {
  anAddress,
  NameServerDouble,
  type Decide,
} from '../../test/fixtures/name-server-double.ts';
import { ManualClock } from '../support/clock.ts';
import { Forwarder } from './forwarder.ts';
import { responseCodeOf, responseCodes } from './message.ts';

const doubles: NameServerDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()));
});

async function aServer(decide: Decide): Promise<NameServerDouble> {
  const double = await NameServerDouble.open(decide);
  doubles.push(double);
  return double;
}

/** At a port that the system gives to nobody. */
const nobody = { upstream: { host: '127.0.0.1', port: 1 } };

function forwarderTo(...servers: readonly Pick<NameServerDouble, 'upstream'>[]) {
  const clock = new ManualClock();
  const upstreams = servers.map(({ upstream }) => upstream);
  return {
    clock,
    forwarder: new Forwarder({ clock, upstreams: () => Promise.resolve(upstreams) }),
  };
}

const aQuery = (name = 'example.com') =>
  encode({ type: 'query', id: 4711, flags: 0x100, questions: [{ type: 'A', name }] });

const found: Decide = (name) => ({ answers: [anAddress(name, '192.0.2.7')] });
const silent: Decide = () => undefined;

function addressIn(reply: Buffer | undefined): unknown {
  const [answer] = reply ? (decode(reply).answers ?? []) : [];
  return answer?.type === 'A' ? answer.data : undefined;
}

test('an answer has the id of the question that was asked', async () => {
  const { forwarder } = forwarderTo(await aServer(found));
  const reply = await forwarder.ask(aQuery(), 'udp');
  expect(addressIn(reply)).toBe('192.0.2.7');
  expect(reply?.readUInt16BE(0)).toBe(4711);
});

test('where a resolver is silent, the next is asked, and the first once more after the last', async () => {
  const first = await aServer(silent);
  const second = await aServer(silent);
  const { clock, forwarder } = forwarderTo(first, second);
  const reply = forwarder.ask(aQuery(), 'udp');
  for (const server of [first, second, first]) {
    await server.nextAsked();
    clock.advance(1_100);
  }
  await expect(reply).resolves.toBeUndefined();
  expect([first.asked.length, second.asked.length]).toEqual([2, 1]);
});

test('a resolver that is not there costs no time, and one that fails leaves it to the next', async () => {
  const failing = await aServer(() => ({ code: responseCodes.serverFailure }));
  const { forwarder } = forwarderTo(nobody, failing, await aServer(found));
  expect(addressIn(await forwarder.ask(aQuery(), 'udp'))).toBe('192.0.2.7');
});

test('where all fail, that is what is told', async () => {
  const failing = await aServer(() => ({ code: responseCodes.refused }));
  const { forwarder } = forwarderTo(failing);
  const reply = await forwarder.ask(aQuery(), 'udp');
  expect(reply && responseCodeOf(reply)).toBe(responseCodes.refused);
  expect(failing.asked).toHaveLength(1);
});

test('a machine without resolvers has no answers', async () => {
  await expect(forwarderTo().forwarder.ask(aQuery(), 'udp')).resolves.toBeUndefined();
});

test('that a name does not exist is an answer', async () => {
  const second = await aServer(found);
  const { forwarder } = forwarderTo(await aServer(() => ({ code: responseCodes.noName })), second);
  const reply = await forwarder.ask(aQuery(), 'udp');
  expect(reply && responseCodeOf(reply)).toBe(responseCodes.noName);
  expect(second.asked).toEqual([]);
});

test('what does not fit into a datagram is asked for by TCP, for who came by TCP', async () => {
  const long = await aServer((name) => ({ answers: [anAddress(name, '192.0.2.8')], isLong: true }));
  const { forwarder } = forwarderTo(long);
  expect(addressIn(await forwarder.ask(aQuery(), 'tcp'))).toBe('192.0.2.8');
  expect(addressIn(await forwarder.ask(aQuery(), 'udp'))).toBeUndefined();
  expect(long.asked).toEqual(['udp example.com A', 'tcp example.com A', 'udp example.com A']);
});

test('a question that is being asked is not asked again: each who asks has the answer', async () => {
  const server = await aServer(found);
  const { forwarder } = forwarderTo(server);
  const twice = [aQuery(), aQuery()];
  twice[1]?.writeUInt16BE(4712);
  const replies = await Promise.all(twice.map((query) => forwarder.ask(query, 'udp')));
  expect(replies.map((reply) => reply?.readUInt16BE(0))).toEqual([4711, 4712]);
  expect(replies.map(addressIn)).toEqual(['192.0.2.7', '192.0.2.7']);
  expect(server.asked).toHaveLength(1);
  expect(forwarder.pending).toBe(0);
});
