import { Resolver as Client } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import {
  aDiscoveryInstance,
  aDiscoveryService,
  aPrivateNamespace,
} from '../../test/fixtures/a-discovery-service.ts';
import { scope } from '../../test/fixtures/a-cluster.ts';
import {
  anAddress,
  NameServerDouble,
  type Decide,
} from '../../test/fixtures/name-server-double.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { silentLog } from '../../test/fixtures/silent-log.ts';
import { scopeKey } from '../domain/arn.ts';
import type { DnsConfig } from '../domain/cloud-map/discovery-service.ts';
import type { PrivateDnsNamespace } from '../domain/namespace/namespace.ts';
import { ManualClock } from '../support/clock.ts';
import { FrameReader, framed } from './frames.ts';
import { Resolver, type ResolverFacts } from './resolver.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

const a: DnsConfig = { routingPolicy: 'MULTIVALUE', records: [{ type: 'A', ttlSeconds: 60 }] };
const srv: DnsConfig = { ...a, records: [{ type: 'SRV', ttlSeconds: 60 }] };
const weighted = (type: 'A' | 'CNAME'): DnsConfig => ({
  routingPolicy: 'WEIGHTED',
  records: [{ type, ttlSeconds: 60 }],
});

interface GivenService {
  readonly name: string;
  readonly dnsConfig: DnsConfig;
  readonly attributes: readonly Readonly<Record<string, string>>[];
  readonly in?: Partial<PrivateDnsNamespace>;
}

const web: GivenService = {
  name: 'web',
  dnsConfig: a,
  attributes: [{ AWS_INSTANCE_IPV4: '10.0.0.1' }],
};

interface Given {
  readonly services?: readonly GivenService[];
  readonly facts?: Partial<ResolverFacts>;
  readonly outside?: Decide;
}

/** A resolver on loopback that knows the services, and asks a double of what is outside. */
async function aResolver({ services = [web], facts = {}, outside }: Given = {}) {
  const state = await openState();
  state.transact((tx) => {
    for (const { name, dnsConfig, attributes, in: given } of services) {
      const namespace = aPrivateNamespace(given);
      const service = aDiscoveryService({ name, dnsConfig, namespaceArn: namespace.arn });
      tx.namespaces.put(namespace);
      tx.discoveryServices.put(service);
      for (const [index, each] of attributes.entries()) {
        const { arn: serviceArn } = service;
        const own = { serviceArn, namespaceArn: namespace.arn, instanceId: `i${index}` };
        tx.discoveryInstances.put(aDiscoveryInstance({ ...own, attributes: each }));
      }
    }
  });
  const upstream = await NameServerDouble.open(outside ?? (() => ({ code: 3 })));
  const clock = new ManualClock();
  const resolver = new Resolver({
    host: '127.0.0.1',
    port: 0,
    clock,
    log: silentLog,
    upstreams: () => Promise.resolve([upstream.upstream]),
  });
  const usual = {
    taskScopeAt: nowhere,
    instanceScopeAt: nowhere,
    machineSight: { kind: 'All' },
  } as const;
  resolver.serve({ state, ...usual, ...facts });
  await resolver.listen();
  opened.push({ close: () => state.flush() }, upstream, resolver);
  const client = clientOf(resolver);
  return { resolver, client, upstream, clock, state };
}

function clientOf({ port }: Resolver, localAddress = '127.0.0.1'): Client {
  const client = new Client();
  client.setServers([`127.0.0.1:${port}`]);
  client.setLocalAddress(localAddress);
  return client;
}

const nowhere = () => undefined;

const anyQuery = (name: string, id = 1) =>
  encode({ type: 'query', id, flags: 0x100, questions: [{ type: 'A', name }] });

describe('a client', () => {
  test('resolves the names of a private namespace, and what its records say', async () => {
    const api = {
      name: 'api',
      dnsConfig: srv,
      attributes: [{ AWS_INSTANCE_IPV4: '10.0.0.2', AWS_INSTANCE_PORT: '8080' }],
    };
    const { client, upstream } = await aResolver({
      services: [web, { ...api, in: { name: 'b' } }],
    });
    expect(await client.resolve4('WEB.shop.local', { ttl: true })).toEqual([
      { address: '10.0.0.1', ttl: 60 },
    ]);
    expect(await client.resolveSrv('api.b')).toMatchObject([
      { name: 'i0.api.b', port: 8080, priority: 1, weight: 1 },
    ]);
    expect(await client.resolve4('i0.api.b')).toEqual(['10.0.0.2']);
    expect(await client.resolveSoa('shop.local')).toMatchObject({
      nsname: 'ns-1536.awsdns-00.co.uk',
    });
    expect(upstream.asked).toEqual([]);
  });

  test('learns that a name does not exist, or has no such record, from nobody else', async () => {
    const { client, upstream } = await aResolver();
    await expect(client.resolve4('none.shop.local')).rejects.toThrow('ENOTFOUND');
    await expect(client.resolve6('web.shop.local')).rejects.toThrow('ENODATA');
    expect(upstream.asked).toEqual([]);
  });

  test('is answered with what the machine’s resolvers say of all other names', async () => {
    const outside: Decide = (name) =>
      name === 'example.com' ? { answers: [anAddress(name, '192.0.2.1')] } : { code: 3 };
    const { client } = await aResolver({ outside });
    expect(await client.resolve4('example.com', { ttl: true })).toEqual([
      { address: '192.0.2.1', ttl: 7 },
    ]);
    await expect(client.resolve4('none.example.com')).rejects.toThrow('ENOTFOUND');
  });

  test('is told that the server failed where none of them answers', async () => {
    const { resolver, upstream, clock } = await aResolver({ outside: () => undefined });
    const socket = connect(resolver.port ?? 0, '127.0.0.1');
    socket.write(framed(anyQuery('example.com')));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await upstream.nextAsked();
      clock.advance(1_100);
    }
    const [chunk] = await once(socket, 'data');
    expect(decode(chunk.subarray(2))).toMatchObject({ rcode: 'SERVFAIL' });
    socket.destroy();
  });

  test('is led on where a name is another name for one of ours, or outside', async () => {
    const named = (name: string, target: string): GivenService => ({
      name,
      dnsConfig: weighted('CNAME'),
      attributes: [{ AWS_INSTANCE_CNAME: target }],
      in: { name: `${name}.zone` },
    });
    const { client } = await aResolver({
      services: [
        web,
        named('here', 'web.shop.local'),
        named('there', 'example.com'),
        named('circle', 'circle.circle.zone'),
      ],
      outside: (name) => ({ answers: [anAddress(name, '192.0.2.1')] }),
    });
    expect(await client.resolve4('here.here.zone')).toEqual(['10.0.0.1']);
    expect(await client.resolve4('there.there.zone')).toEqual(['192.0.2.1']);
    expect(await client.resolveCname('there.there.zone')).toEqual(['example.com']);
    await expect(client.resolve4('circle.circle.zone')).rejects.toThrow('ESERVFAIL');
  });

  test('finds the addresses of a load balancer under the name of an instance with an alias', async () => {
    const { client } = await aResolver({
      services: [
        {
          name: 'lb',
          dnsConfig: weighted('A'),
          attributes: [{ AWS_ALIAS_DNS_NAME: 'lb.example.com' }],
        },
      ],
      outside: (name) => ({ answers: [anAddress(name, '192.0.2.5')] }),
    });
    expect(await client.resolve4('lb.shop.local')).toEqual(['192.0.2.5']);
  });

  test('may ask many questions on one connection, and is answered to each', async () => {
    const { resolver } = await aResolver({
      outside: (name) => ({ answers: [anAddress(name, '192.0.2.1')] }),
    });
    const socket = connect(resolver.port ?? 0, '127.0.0.1');
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const questions = ids.map((id) =>
      framed(anyQuery(id % 2 ? 'web.shop.local' : `${id}.example.com`, id)),
    );
    // Not cut where a message begins.
    const all = Buffer.concat(questions);
    socket.write(all.subarray(0, 1_001));
    socket.end(all.subarray(1_001));
    const reader = new FrameReader();
    const replies: Buffer[] = [];
    for await (const chunk of socket) replies.push(...reader.take(chunk));
    expect(replies.map((reply) => decode(reply).id ?? 0).sort((x, y) => x - y)).toEqual(ids);
    expect(replies.every((reply) => decode(reply).answers?.length === 1)).toBe(true);
  });

  test('that sends nonsense is told so, and others are answered', async () => {
    const { resolver, client } = await aResolver();
    const socket = connect(resolver.port ?? 0, '127.0.0.1');
    socket.write(framed(Buffer.from('nothing of the kind')));
    const [chunk] = await once(socket, 'data');
    expect(chunk.readUInt16BE(4) & 0xf).not.toBe(0);
    socket.destroy();
    expect(await client.resolve4('web.shop.local')).toEqual(['10.0.0.1']);
  });
});

describe('accounts', () => {
  const blue = scopeKey(scope);
  const green = scopeKey({ ...scope, accountId: '222222222222' });
  const services = [
    web,
    { ...web, attributes: [{ AWS_INSTANCE_IPV4: '10.0.0.2' }], in: { scope: green, createdAt: 1 } },
    { ...web, name: 'own', in: { scope: green, name: 'green.local' } },
  ];
  const scopes = new Map([
    ['127.0.0.2', blue],
    ['127.0.0.3', green],
  ]);
  const facts = { taskScopeAt: (address: string) => scopes.get(address) };

  test('a task resolves the names of its own account and region alone', async () => {
    const { resolver } = await aResolver({ services, facts });
    const [ofBlue, ofGreen] = ['127.0.0.2', '127.0.0.3'].map((own) => clientOf(resolver, own));
    expect(await ofBlue?.resolve4('web.shop.local')).toEqual(['10.0.0.1']);
    expect(await ofGreen?.resolve4('web.shop.local')).toEqual(['10.0.0.2']);
    expect(await ofGreen?.resolve4('own.green.local')).toEqual(['10.0.0.1']);
    await expect(ofBlue?.resolve4('own.green.local')).rejects.toThrow('ENOTFOUND');
  });

  test('the machine itself resolves all, the oldest first, where accounts keep nobody out', async () => {
    const { client } = await aResolver({ services, facts });
    expect(await client.resolve4('web.shop.local')).toEqual(['10.0.0.1']);
    expect(await client.resolve4('own.green.local')).toEqual(['10.0.0.1']);
  });

  test('where they do, the machine itself resolves what is outside alone', async () => {
    const { client } = await aResolver({
      services,
      facts: { ...facts, machineSight: { kind: 'Outside' } },
      outside: (name) => ({ answers: [anAddress(name, '192.0.2.1')] }),
    });
    expect(await client.resolve4('web.shop.local')).toEqual(['192.0.2.1']);
  });

  test('a task that asks more than a network interface in a VPC may is refused for a while', async () => {
    const { resolver, clock } = await aResolver({ services, facts });
    const most = 1_024;
    const codes = await codesOf(resolver, '127.0.0.2', most + 1);
    expect(codes).toEqual([...Array.from({ length: most }, () => 'NOERROR'), 'REFUSED']);
    expect(await codesOf(resolver, '127.0.0.3', 1)).toEqual(['NOERROR']);
    clock.advance(1_000);
    expect(await codesOf(resolver, '127.0.0.2', 1)).toEqual(['NOERROR']);
  });
});

/** What is answered to so many questions that one connection asks: the refusals last. */
async function codesOf({ port = 0 }: Resolver, localAddress: string, count: number) {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  const question = framed(anyQuery('web.shop.local'));
  socket.end(Buffer.concat(Array.from({ length: count }, () => question)));
  const reader = new FrameReader();
  const codes: string[] = [];
  for await (const chunk of socket) {
    codes.push(
      ...reader.take(chunk).map((reply) => (reply.readUInt8(3) & 0xf ? 'REFUSED' : 'NOERROR')),
    );
  }
  return codes.sort();
}

describe('the address', () => {
  test('that somebody has is told of once in the log, and nothing else goes wrong', async () => {
    const { resolver, clock, state } = await aResolver();
    const warnings: string[] = [];
    const log = {
      ...silentLog,
      warn: (_: unknown, message: string) => void warnings.push(message),
    };
    const second = new Resolver({ host: '127.0.0.1', port: resolver.port ?? 0, clock, log });
    second.serve({
      state,
      taskScopeAt: nowhere,
      instanceScopeAt: nowhere,
      machineSight: { kind: 'All' },
    });
    await second.listen();
    await second.listen();
    expect(second.port).toBeUndefined();
    expect(second.nameServers).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('their resolver cannot be listened on')]);
    await resolver.close();
    await second.listen();
    expect(second.port).toBeGreaterThan(0);
    await second.close();
  });

  test('is told to containers only where it is one of theirs to ask', async () => {
    const { resolver } = await aResolver();
    expect(resolver.nameServers).toEqual([]);
  });
});
