import { isIP } from 'node:net';

export type FaultKind = 'network-blackhole-port' | 'network-latency' | 'network-packet-loss';
export type FaultAction = 'start' | 'stop' | 'status';

/** Packets to a port that are to vanish. */
export interface BlackHole {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly trafficType: 'ingress' | 'egress';
  /** Addresses and ranges whose packets go through. */
  readonly exempted: readonly string[];
}

/** A request is refused; the words are the ECS agent's. */
export class BadFaultRequest extends Error {}

type Kind = 'uint16' | 'uint64' | 'int' | 'string' | '[]*string';
type Fields<Name extends string> = Readonly<Record<Name, Kind>>;

const largest = {
  uint16: 2 ** 16 - 1,
  uint64: Number.MAX_SAFE_INTEGER,
  int: Number.MAX_SAFE_INTEGER,
};

/** @throws BadFaultRequest */
export function parseBlackHole(body: string): BlackHole {
  const read = decoded(body, 'NetworkBlackholePortRequest', {
    Port: 'uint16',
    Protocol: 'string',
    TrafficType: 'string',
    SourcesToFilter: '[]*string',
  });
  const port = required(read.number('Port'), 'Port');
  const protocol = required(read.text('Protocol') || undefined, 'Protocol');
  const trafficType = required(read.text('TrafficType') || undefined, 'TrafficType');
  if (protocol !== 'tcp' && protocol !== 'udp') throw invalid(protocol, 'Protocol');
  if (trafficType !== 'ingress' && trafficType !== 'egress') {
    throw invalid(trafficType, 'TrafficType');
  }
  const exempted = read.list('SourcesToFilter');
  checkSources(exempted, 'SourcesToFilter');
  return { port, protocol, trafficType, exempted };
}

/** @throws BadFaultRequest */
export function checkLatency(body: string): void {
  const read = decoded(body, 'NetworkLatencyRequest', {
    DelayMilliseconds: 'uint64',
    JitterMilliseconds: 'uint64',
    ...flowFields,
  });
  const delay = required(read.number('DelayMilliseconds'), 'DelayMilliseconds');
  const jitter = required(read.number('JitterMilliseconds'), 'JitterMilliseconds');
  if (delay === 0 && jitter === 0) {
    throw new BadFaultRequest(
      'required either DelayMilliseconds or JitterMilliseconds to be non-zero',
    );
  }
  checkFlows(read);
}

/** @throws BadFaultRequest */
export function checkPacketLoss(body: string): void {
  const fields = { LossPercent: 'uint64', ...flowFields } as const;
  const read = decoded(body, 'NetworkPacketLossRequest', fields);
  const loss = required(read.number('LossPercent'), 'LossPercent');
  if (loss < 1 || loss > 100) throw invalid(String(loss), 'LossPercent');
  checkFlows(read);
}

const flowFields = {
  Sources: '[]*string',
  SourcesToFilter: '[]*string',
  FlowsPercent: 'int',
} as const;

function checkFlows(read: Reader<keyof typeof flowFields>): void {
  const sources = read.list('Sources');
  if (sources.length === 0) throw missing('Sources');
  checkSources(sources, 'Sources');
  checkSources(read.list('SourcesToFilter'), 'SourcesToFilter');
  const percent = read.number('FlowsPercent');
  if (percent !== undefined && (percent < 1 || percent > 100)) {
    throw invalid(String(percent), 'flowsPercent');
  }
}

function checkSources(sources: readonly string[], parameter: string): void {
  const wrong = sources.find((source) => !isAddressOrRange(source));
  if (wrong !== undefined) throw invalid(wrong, parameter);
}

function isAddressOrRange(source: string): boolean {
  const [address = '', length, ...more] = source.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (length === undefined) return true;
  return /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
}

interface Reader<Name extends string> {
  number(name: Name): number | undefined;
  text(name: Name): string | undefined;
  list(name: Name): readonly string[];
}

/** Reads an object as Go does: the case of names does not matter, and null is nothing. */
function decoded<Name extends string>(
  body: string,
  type: string,
  fields: Fields<Name>,
): Reader<Name> {
  const given = objectOf(body, type);
  const values = new Map<string, unknown>();
  for (const [name, kind] of Object.entries<Kind>(fields)) {
    const value = given.get(name.toLowerCase());
    if (value === undefined || value === null) continue;
    if (!fits(value, kind)) {
      throw new BadFaultRequest(
        `json: cannot unmarshal ${wordOf(value)} into Go struct field ${type}.${name} of type ${kind}`,
      );
    }
    values.set(name, value);
  }
  return {
    number: (name) => {
      const value = values.get(name);
      return typeof value === 'number' ? value : undefined;
    },
    text: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    list: (name) => {
      const value = values.get(name);
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}

function objectOf(body: string, type: string): ReadonlyMap<string, unknown> {
  if (body.trim() === '') throw new BadFaultRequest('required request body is missing');
  const value = parsed(body);
  if (value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new BadFaultRequest(
      `json: cannot unmarshal ${wordOf(value)} into Go value of type types.${type}`,
    );
  }
  return new Map(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]));
}

/** Go says where it stumbled. [inferred wording] */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BadFaultRequest('invalid request body: it is not JSON');
  }
}

function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case '[]*string':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'uint16':
    case 'uint64':
      return isInteger(value) && value >= 0 && value <= largest[kind];
    case 'int':
      return isInteger(value);
  }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** What Go calls a value of JSON. */
function wordOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? `number ${value}` : typeof value;
}

function required<Value>(value: Value | undefined, parameter: string): Value {
  if (value === undefined) throw missing(parameter);
  return value;
}

function missing(parameter: string): BadFaultRequest {
  return new BadFaultRequest(`required parameter ${parameter} is missing`);
}

function invalid(value: string, parameter: string): BadFaultRequest {
  return new BadFaultRequest(`invalid value ${value} for parameter ${parameter}`);
}
