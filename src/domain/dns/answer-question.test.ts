import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aDiscoveryInstance,
  aDiscoveryService,
} from '../../../test/fixtures/a-discovery-service.ts';
import type { DiscoveryInstance } from '../cloud-map/discovery-instance.ts';
import type { DnsConfig } from '../cloud-map/discovery-service.ts';
import { answerQuestion, type Question } from './answer-question.ts';
import type { Zone } from './zone.ts';

const a: DnsConfig = {
  routingPolicy: 'MULTIVALUE',
  records: [{ type: 'A', ttlSeconds: 60 }],
};
const srv: DnsConfig = { ...a, records: [{ type: 'SRV', ttlSeconds: 20 }] };
const cname: DnsConfig = {
  routingPolicy: 'WEIGHTED',
  records: [{ type: 'CNAME', ttlSeconds: 30 }],
};

interface GivenService {
  readonly name: string;
  readonly dnsConfig: DnsConfig;
  readonly instances: readonly Partial<DiscoveryInstance>[];
}

function zoneOf(...services: GivenService[]): Zone {
  const named = new Map(
    services.map(({ name, dnsConfig, instances }) => [
      name.toLowerCase(),
      {
        service: aDiscoveryService({ name, dnsConfig }),
        instances: instances.map(aDiscoveryInstance),
      },
    ]),
  );
  return {
    name: 'shop.local',
    soaTtlSeconds: 15,
    findService: (name) => named.get(name),
    serviceNames: () =>
      [...named].filter(([, { instances }]) => instances.length > 0).map(([name]) => name),
  };
}

const at = (ipv4: string) => ({ attributes: { AWS_INSTANCE_IPV4: ipv4 } });
const first = () => 0;
const last = () => 0.999;

function ask(zone: Zone, name: string, type: Question['type'] = 'A', random = first) {
  return answerQuestion({ name, type }, zone, random);
}

function dataOf(zone: Zone, name: string, type: Question['type'] = 'A', random = first) {
  const answer = ask(zone, name, type, random);
  return answer.kind === 'Records' ? answer.records.map(({ data }) => data) : answer.kind;
}

const web = { name: 'web', dnsConfig: a, instances: [at('10.0.0.1')] };
const api = {
  name: 'api',
  dnsConfig: srv,
  instances: [
    {
      instanceId: 'Task1',
      attributes: {
        AWS_INSTANCE_IPV4: '10.0.0.2',
        AWS_INSTANCE_IPV6: 'fd00::2',
        AWS_INSTANCE_PORT: '8080',
      },
    },
  ],
};

describe('a name of a private namespace', () => {
  const zone = zoneOf(
    web,
    api,
    { name: 'empty', dnsConfig: a, instances: [] },
    {
      name: 'shop',
      dnsConfig: cname,
      instances: [{ attributes: { AWS_INSTANCE_CNAME: 'example.com.' } }],
    },
    { name: '_http._tcp', dnsConfig: srv, instances: api.instances },
  );

  test.each([
    ['web.shop.local', 'A', ['10.0.0.1']],
    ['WEB.Shop.LOCAL', 'A', ['10.0.0.1']],
    ['web.shop.local', 'ANY', ['10.0.0.1']],
    ['web.shop.local', 'AAAA', 'NoData'],
    ['web.shop.local', 'OTHER', 'NoData'],
    ['nobody.shop.local', 'A', 'NoName'],
    ['x.web.shop.local', 'A', 'NoName'],
    ['empty.shop.local', 'A', 'NoName'],
    ['shop.local', 'A', 'NoData'],
    ['task1.api.shop.local', 'A', ['10.0.0.2']],
    ['Task1.api.shop.local', 'AAAA', ['fd00::2']],
    ['task1.api.shop.local', 'SRV', 'NoData'],
    ['task2.api.shop.local', 'A', 'NoName'],
    ['api.shop.local', 'A', 'NoData'],
    ['_tcp.shop.local', 'A', 'NoData'],
    ['_udp.shop.local', 'A', 'NoName'],
    ['shop.shop.local', 'A', ['example.com']],
    ['shop.shop.local', 'CNAME', ['example.com']],
  ] as const)('%s %s: %j', (name, type, expected) => {
    expect(dataOf(zone, name, type)).toEqual(expected);
  });

  test('an SRV record leads to the name of its instance, at its port', () => {
    expect(ask(zone, 'api.shop.local', 'SRV')).toEqual({
      kind: 'Records',
      records: [
        {
          name: 'api.shop.local',
          ttlSeconds: 20,
          type: 'SRV',
          data: { priority: 1, weight: 1, port: 8080, target: 'Task1.api.shop.local' },
        },
      ],
    });
  });

  test('a record lives as long as its service says, and is named as it was asked for', () => {
    expect(ask(zone, 'Web.shop.local')).toMatchObject({
      records: [{ name: 'Web.shop.local', ttlSeconds: 60, type: 'A' }],
    });
  });

  test('the namespace itself has the SOA and NS records of a private hosted zone', () => {
    expect(ask(zone, 'shop.local', 'SOA')).toMatchObject({
      records: [{ ttlSeconds: 15, data: { mname: 'ns-1536.awsdns-00.co.uk', minimum: 86_400 } }],
    });
    expect(dataOf(zone, 'shop.local', 'NS')).toHaveLength(4);
    expect(dataOf(zone, 'shop.local', 'ANY')).toHaveLength(5);
  });

  test('an instance whose id cannot be part of a name has no SRV record', () => {
    const instances = [{ instanceId: 'a'.repeat(64), attributes: { AWS_INSTANCE_PORT: '1' } }];
    const odd = zoneOf({ name: 'odd', dnsConfig: srv, instances });
    expect(dataOf(odd, 'odd.shop.local', 'SRV')).toBe('NoName');
  });

  test('a name can be that of a service, and of an instance of another', () => {
    const both = zoneOf(api, { name: 'task1.api', dnsConfig: a, instances: [at('10.0.0.9')] });
    expect(dataOf(both, 'task1.api.shop.local')).toEqual(['10.0.0.9', '10.0.0.2']);
  });

  test('above the id of an instance with dots there is a name without records', () => {
    const instances = [{ ...api.instances[0], instanceId: 'x.y' }];
    const dotted = zoneOf({ name: 'api', dnsConfig: srv, instances });
    expect(dataOf(dotted, 'x.y.api.shop.local')).toEqual(['10.0.0.2']);
    expect(dataOf(dotted, 'y.api.shop.local')).toBe('NoData');
  });
});

describe('a service with several instances', () => {
  const many = (dnsConfig: DnsConfig, healths: readonly ('HEALTHY' | 'UNHEALTHY')[]) =>
    zoneOf({
      name: 'web',
      dnsConfig,
      instances: healths.map((customHealth, index) => ({ customHealth, ...at(`10.0.0.${index}`) })),
    });
  const weighted: DnsConfig = { ...a, routingPolicy: 'WEIGHTED' };

  test('of WEIGHTED one answers, whichever is drawn', () => {
    const zone = many(weighted, ['HEALTHY', 'HEALTHY']);
    expect(dataOf(zone, 'web.shop.local', 'A', first)).toEqual(['10.0.0.0']);
    expect(dataOf(zone, 'web.shop.local', 'A', last)).toEqual(['10.0.0.1']);
  });

  test('an address that several instances have is told once', () => {
    const zone = zoneOf({ name: 'web', dnsConfig: a, instances: [at('10.0.0.1'), at('10.0.0.1')] });
    expect(dataOf(zone, 'web.shop.local')).toEqual(['10.0.0.1']);
  });

  test('an instance with an alias answers with the addresses of another name', () => {
    const instances = [{ attributes: { AWS_ALIAS_DNS_NAME: 'lb.example.com' } }];
    const zone = zoneOf({ name: 'web', dnsConfig: weighted, instances });
    expect(ask(zone, 'web.shop.local')).toEqual({ kind: 'Alias', target: 'lb.example.com' });
  });

  test('up to eight different healthy ones answer; where none is healthy, up to eight of all', () => {
    const health = fc.constantFrom('HEALTHY', 'UNHEALTHY');
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(health, { minLength: 1, maxLength: 20 }), draw, (healths, drawn) => {
        const told = dataOf(many(a, healths), 'web.shop.local', 'A', () => drawn);
        const healthy = healths.flatMap((one, index) => (one === 'HEALTHY' ? [index] : []));
        const eligible = healthy.length > 0 ? healthy : [...healths.keys()];
        expect(new Set(told).size).toBe(Math.min(8, eligible.length));
        expect(eligible.map((index) => `10.0.0.${index}`)).toEqual(
          expect.arrayContaining(Array.from(told)),
        );
      }),
    );
  });

  test('each of more than eight is drawn at some time', () => {
    const zone = many(
      a,
      Array.from({ length: 12 }, () => 'HEALTHY'),
    );
    const draws = Array.from({ length: 12 }, (_, index) => () => index / 12);
    const seen = draws.flatMap((random) => dataOf(zone, 'web.shop.local', 'A', random));
    expect(new Set(seen).size).toBe(12);
  });
});

test('a name exists if it or a name below it has records, and no other does', () => {
  const label = fc.constantFrom('a', 'b', 'c');
  const names = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
  fc.assert(
    fc.property(fc.uniqueArray(names, { minLength: 1, maxLength: 6 }), names, (services, asked) => {
      const zone = zoneOf(...services.map((name) => ({ ...web, name })));
      const exists = services.some((name) => name === asked || name.endsWith(`.${asked}`));
      const { kind } = ask(zone, `${asked}.shop.local`);
      expect(kind !== 'NoName').toBe(exists);
      expect(kind === 'Records').toBe(services.includes(asked));
    }),
  );
});
