import { describe, expect, test } from 'vitest';
import { checkLatency, checkPacketLoss, parseBlackHole } from './fault-request.ts';

const hole = { Port: 80, Protocol: 'tcp', TrafficType: 'egress' };
const latency = { DelayMilliseconds: 100, JitterMilliseconds: 0, Sources: ['10.0.0.0/8', '::1'] };
const loss = { LossPercent: 5, Sources: ['10.0.0.1'] };

test('a black hole is read, whatever the case of its members', () => {
  const { Port, ...others } = hole;
  const given = { ...others, PORT: Port, SourcesToFilter: ['10.0.0.1', '2001:db8::/32'] };
  expect(parseBlackHole(JSON.stringify({ ...given, Unknown: 1 }))).toEqual({
    port: hole.Port,
    protocol: 'tcp',
    trafficType: 'egress',
    exempted: ['10.0.0.1', '2001:db8::/32'],
  });
});

describe.each([
  ['network-blackhole-port', parseBlackHole, hole, 'NetworkBlackholePortRequest'],
  ['network-latency', checkLatency, latency, 'NetworkLatencyRequest'],
  ['network-packet-loss', checkPacketLoss, loss, 'NetworkPacketLossRequest'],
] as const)('%s', (_, parse, valid, type) => {
  test('takes what is whole', () => {
    expect(() => parse(JSON.stringify(valid))).not.toThrow();
  });

  test.each(Object.keys(valid))('is refused without %s', (name) => {
    for (const value of [undefined, null]) {
      const body = JSON.stringify({ ...valid, [name]: value });
      expect(() => parse(body)).toThrow(`required parameter ${name} is missing`);
    }
  });

  test('is refused where it is no object', () => {
    expect(() => parse('')).toThrow('required request body is missing');
    expect(() => parse('{')).toThrow('invalid request body');
    expect(() => parse('[]')).toThrow(
      `json: cannot unmarshal array into Go value of type types.${type}`,
    );
  });

  test.each(['nowhere', '10.0.0.1/33', '10.0.0.1/', '::1/129', '1.2.3.4/8/8'])(
    'is refused with the address %s',
    (source) => {
      const body = JSON.stringify({ ...valid, SourcesToFilter: [source] });
      expect(() => parse(body)).toThrow(`invalid value ${source} for parameter SourcesToFilter`);
    },
  );
});

test.each<[(body: string) => void, object, string]>([
  [parseBlackHole, { ...hole, Protocol: 'icmp' }, 'invalid value icmp for parameter Protocol'],
  [parseBlackHole, { ...hole, Protocol: '' }, 'required parameter Protocol is missing'],
  [parseBlackHole, { ...hole, TrafficType: 'any' }, 'invalid value any for parameter TrafficType'],
  [
    parseBlackHole,
    { ...hole, Port: 65_536 },
    'json: cannot unmarshal number 65536 into Go struct field NetworkBlackholePortRequest.Port of type uint16',
  ],
  [
    parseBlackHole,
    { ...hole, Port: '80' },
    'json: cannot unmarshal string into Go struct field NetworkBlackholePortRequest.Port of type uint16',
  ],
  [
    checkLatency,
    { ...latency, DelayMilliseconds: 0 },
    'required either DelayMilliseconds or JitterMilliseconds to be non-zero',
  ],
  [checkLatency, { ...latency, FlowsPercent: 0 }, 'invalid value 0 for parameter flowsPercent'],
  [checkLatency, { ...latency, Sources: [] }, 'required parameter Sources is missing'],
  [checkPacketLoss, { ...loss, LossPercent: 0 }, 'invalid value 0 for parameter LossPercent'],
  [checkPacketLoss, { ...loss, LossPercent: 101 }, 'invalid value 101 for parameter LossPercent'],
  [checkPacketLoss, { ...loss, Sources: ['x'] }, 'invalid value x for parameter Sources'],
])('%o refuses %o: %s', (parse, body, words) => {
  expect(() => parse(JSON.stringify(body))).toThrow(words);
});
