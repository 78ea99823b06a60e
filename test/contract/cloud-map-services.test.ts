import { ServiceAlreadyExists, type CreateServiceRequest } from '@aws-sdk/client-servicediscovery';
import { describe, expect } from 'vitest';
import {
  aPrivateNamespace,
  aRecord,
  aService,
  anHttpNamespace,
  cloudMapOf,
  refusalOf,
  targetOf,
  test,
} from './cloud-map-requests.ts';

describe('CreateService of Cloud Map', () => {
  test('a service with records is found by DNS, too, and shows all that it was given', async ({
    cloudMap,
    accountId,
  }) => {
    const NamespaceId = await aPrivateNamespace(cloudMap);
    const created = await aService(cloudMap, NamespaceId, {
      CreatorRequestId: 'r1',
      Description: 'the API',
      DnsConfig: aRecord,
      HealthCheckCustomConfig: { FailureThreshold: 5 },
    });
    const Id = created.Id ?? '';
    expect(Id).toMatch(/^srv-[0-9a-z]{16}$/);
    expect(created).toEqual({
      Id,
      Arn: `arn:aws:servicediscovery:us-east-1:${accountId}:service/${Id}`,
      ResourceOwner: accountId,
      CreatedByAccount: accountId,
      Name: 'api',
      NamespaceId,
      CreatorRequestId: 'r1',
      Description: 'the API',
      InstanceCount: 0,
      Type: 'DNS_HTTP',
      DnsConfig: { NamespaceId, RoutingPolicy: 'MULTIVALUE', ...aRecord },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
      CreateDate: expect.any(Date),
    });
    for (const ref of [Id, created.Arn]) {
      expect((await cloudMap.getService({ Id: ref })).Service).toEqual(created);
    }
    const { NamespaceId: _, CreatorRequestId: __, ...summary } = created;
    expect((await cloudMap.listServices({})).Services).toEqual([summary]);
    const { Namespace } = await cloudMap.getNamespace({ Id: NamespaceId });
    expect(Namespace?.ServiceCount).toBe(1);
  });

  test('the namespace may be named by its ARN, or by DnsConfig alone', async ({ cloudMap }) => {
    const Id = await aPrivateNamespace(cloudMap);
    const { Namespace } = await cloudMap.getNamespace({ Id });
    const byArn = await aService(cloudMap, Namespace?.Arn ?? '', { Type: 'HTTP' });
    expect(byArn).toMatchObject({ NamespaceId: Id, Type: 'HTTP' });
    const DnsConfig = { ...aRecord, NamespaceId: Id };
    const { Service } = await cloudMap.createService({ Name: 'web', DnsConfig });
    expect(Service?.NamespaceId).toBe(Id);
    const other = await anHttpNamespace(cloudMap);
    const both = cloudMap.createService({ Name: 'both', NamespaceId: other, DnsConfig });
    expect(await refusalOf(both)).toMatch(/^InvalidInput: NamespaceId and /);
    expect(await refusalOf(cloudMap.createService({ Name: 'none' }))).toContain(
      "Value null at 'namespaceId'",
    );
    expect(await refusalOf(cloudMap.createService({ Name: 'a', NamespaceId: 'ns-1' }))).toBe(
      'NamespaceNotFound: Namespace ns-1 not found.',
    );
  });

  test('a name is taken once in a namespace, in DNS whatever its case', async ({ cloudMap }) => {
    const dns = await aPrivateNamespace(cloudMap);
    const http = await anHttpNamespace(cloudMap);
    const first = await aService(cloudMap, dns, { DnsConfig: aRecord, CreatorRequestId: 'r1' });
    const again = await aService(cloudMap, dns).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(ServiceAlreadyExists);
    expect(again).toMatchObject({
      ServiceId: first.Id,
      ServiceArn: first.Arn,
      CreatorRequestId: 'r1',
    });
    const upper = { Name: 'API', DnsConfig: aRecord };
    await expect(aService(cloudMap, dns, upper)).rejects.toBeInstanceOf(ServiceAlreadyExists);
    await aService(cloudMap, http);
    expect((await aService(cloudMap, http, { Name: 'API' })).Name).toBe('API');
  });

  const invalid = (text: string) => `InvalidInput: ${text}`;
  const combinations =
    'The DNS records of a service must be of the types A, AAAA, A and AAAA, SRV, or CNAME.';
  const http = { Type: 'HTTP' } as const;
  test.for<[string, Partial<CreateServiceRequest>, string]>([
    [
      'records, though it is one of HTTP,',
      { Type: 'HTTP', DnsConfig: aRecord },
      invalid("When you specify an HTTP service, you can't include a DnsConfig element."),
    ],
    ['no records', { DnsConfig: { DnsRecords: [] } }, invalid(combinations)],
    [
      'records of A and SRV',
      {
        DnsConfig: {
          DnsRecords: [
            { Type: 'A', TTL: 1 },
            { Type: 'SRV', TTL: 1 },
          ],
        },
      },
      invalid(combinations),
    ],
    [
      'CNAME records and the routing policy MULTIVALUE',
      { DnsConfig: { DnsRecords: [{ Type: 'CNAME', TTL: 1 }] } },
      invalid('A service with CNAME records must have the routing policy WEIGHTED.'),
    ],
    [
      'a time to live below nothing',
      { DnsConfig: { DnsRecords: [{ Type: 'A', TTL: -1 }] } },
      invalid(
        "1 validation error detected: Value '-1' at 'dnsConfig.dnsRecords.member.tTL' failed to satisfy constraint: Member must have value greater than or equal to 0",
      ),
    ],
    [
      'a health check of Route 53',
      { HealthCheckConfig: http },
      invalid('A service in a private DNS namespace can have no HealthCheckConfig.'),
    ],
    [
      'an empty name',
      { Name: '' },
      invalid(
        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)(\\.([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?))*$",
      ),
    ],
  ])('a private DNS namespace takes no service with %s', async ([, given, text], { cloudMap }) => {
    const namespace = await aPrivateNamespace(cloudMap);
    expect(await refusalOf(aService(cloudMap, namespace, given))).toBe(text);
    expect((await cloudMap.listServices({})).Services).toEqual([]);
  });

  test('in an HTTP namespace there are no records; a health check of Route 53 is kept as it is', async ({
    cloudMap,
  }) => {
    const namespace = await anHttpNamespace(cloudMap);
    expect(await refusalOf(aService(cloudMap, namespace, { DnsConfig: aRecord }))).toBe(
      "InvalidInput: When you specify an HTTP service, you can't include a DnsConfig element.",
    );
    const HealthCheckConfig = http;
    const both = { HealthCheckConfig, HealthCheckCustomConfig: {} };
    expect(await refusalOf(aService(cloudMap, namespace, both))).toMatch(/but not both\.$/);
    const tcp = { HealthCheckConfig: { Type: 'TCP', ResourcePath: '/' } } as const;
    expect(await refusalOf(aService(cloudMap, namespace, tcp))).toMatch(/^InvalidInput: /);
    const service = await aService(cloudMap, namespace, { HealthCheckConfig });
    expect(service).toMatchObject({
      Type: 'HTTP',
      HealthCheckConfig: { Type: 'HTTP', ResourcePath: '/', FailureThreshold: 1 },
    });
  });

  test('a service may have CNAME records by weight', async ({ cloudMap }) => {
    const { OperationId } = await cloudMap.createPublicDnsNamespace({ Name: 'shop.example' });
    const namespace = await targetOf(cloudMap, { OperationId });
    const DnsConfig = {
      RoutingPolicy: 'WEIGHTED',
      DnsRecords: [{ Type: 'CNAME', TTL: 5 }],
    } satisfies CreateServiceRequest['DnsConfig'];
    expect(await aService(cloudMap, namespace, { DnsConfig })).toMatchObject({ DnsConfig });
    const checked = { Name: 'checked', DnsConfig, HealthCheckConfig: http };
    expect(await refusalOf(aService(cloudMap, namespace, checked))).toMatch(/^InvalidInput: /);
  });
});

describe('ListServices of Cloud Map', () => {
  test('services are listed page by page, and by namespace', async ({ cloudMap }) => {
    const one = await anHttpNamespace(cloudMap, 'one');
    const two = await anHttpNamespace(cloudMap, 'two');
    const ids: string[] = [];
    for (const Name of ['a', 'b', 'c'])
      ids.push((await aService(cloudMap, one, { Name })).Id ?? '');
    const other = await aService(cloudMap, two);
    const { Namespace } = await cloudMap.getNamespace({ Id: one });
    for (const Value of [one, Namespace?.Arn ?? '']) {
      const Filters = [{ Name: 'NAMESPACE_ID' as const, Values: [Value] }];
      const first = await cloudMap.listServices({ Filters, MaxResults: 2 });
      const { NextToken } = first;
      const second = await cloudMap.listServices({ Filters, MaxResults: 2, NextToken });
      const pages = [first, second].map(({ Services = [] }) => Services.map(({ Id }) => Id));
      expect(pages.map((page) => page.length)).toEqual([2, 1]);
      expect(pages.flat()).toEqual(ids.toSorted());
    }
    const { Services = [] } = await cloudMap.listServices({});
    expect(new Set(Services.map(({ Id }) => Id))).toEqual(new Set([...ids, other.Id]));
    const Filters = [{ Name: 'NAMESPACE_ID' as const, Values: ['ns-1'] }];
    expect((await cloudMap.listServices({ Filters })).Services).toEqual([]);
  });
});

describe('UpdateService of Cloud Map', () => {
  test('what an update does not name goes, but for a description and a custom health check', async ({
    cloudMap,
  }) => {
    const namespace = await aPrivateNamespace(cloudMap);
    const { Id } = await aService(cloudMap, namespace, {
      Description: 'old',
      DnsConfig: {
        DnsRecords: [
          { Type: 'A', TTL: 10 },
          { Type: 'AAAA', TTL: 10 },
        ],
      },
      HealthCheckCustomConfig: {},
    });
    const shown = async () => (await cloudMap.getService({ Id })).Service;
    const DnsConfig = { DnsRecords: [{ Type: 'A' as const, TTL: 60 }] };
    const { OperationId } = await cloudMap.updateService({ Id, Service: { DnsConfig } });
    const { Operation } = await cloudMap.getOperation({ OperationId });
    expect(Operation).toMatchObject({ Type: 'UPDATE_SERVICE', Targets: { SERVICE: Id } });
    expect(await shown()).toMatchObject({
      Description: 'old',
      DnsConfig: { RoutingPolicy: 'MULTIVALUE', ...DnsConfig },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    });
    const other = { DnsConfig: { DnsRecords: [{ Type: 'SRV' as const, TTL: 60 }] } };
    expect(await refusalOf(cloudMap.updateService({ Id, Service: other }))).toBe(
      'InvalidInput: The type of the DNS records of a service cannot be changed.',
    );
    await cloudMap.updateService({ Id, Service: { Description: 'new' } });
    expect(await shown()).toMatchObject({ Description: 'new', Type: 'HTTP' });
    expect(await shown()).not.toHaveProperty('DnsConfig');
  });

  test('a health check of Route 53 may come and go', async ({ cloudMap }) => {
    const namespace = await anHttpNamespace(cloudMap);
    const { Id } = await aService(cloudMap, namespace);
    const HealthCheckConfig = { Type: 'HTTPS', ResourcePath: '/up', FailureThreshold: 3 } as const;
    await cloudMap.updateService({ Id, Service: { HealthCheckConfig } });
    expect((await cloudMap.getService({ Id })).Service).toMatchObject({ HealthCheckConfig });
    await cloudMap.updateService({ Id, Service: {} });
    expect((await cloudMap.getService({ Id })).Service).not.toHaveProperty('HealthCheckConfig');
    const records = { DnsConfig: aRecord };
    expect(await refusalOf(cloudMap.updateService({ Id, Service: records }))).toMatch(
      /^InvalidInput: When you specify an HTTP service/,
    );
    const checked = await aService(cloudMap, namespace, {
      Name: 'checked',
      HealthCheckCustomConfig: {},
    });
    const second = cloudMap.updateService({ Id: checked.Id, Service: { HealthCheckConfig } });
    expect(await refusalOf(second)).toMatch(/but not both\.$/);
  });
});

describe('DeleteService of Cloud Map', () => {
  test('a service without instances is deleted at once', async ({ cloudMap, server }) => {
    const namespace = await anHttpNamespace(cloudMap);
    const { Id, Arn } = await aService(cloudMap, namespace);
    await cloudMap.registerInstance({ ServiceId: Id, InstanceId: 'one', Attributes: {} });
    expect(await refusalOf(cloudMap.deleteService({ Id }))).toBe(
      'ResourceInUse: Service contains registered instances; delete the instances before deleting the service',
    );
    const stranger = cloudMapOf(server.url, '999999999999');
    expect(await refusalOf(stranger.deleteService({ Id: Arn }))).toMatch(/^ServiceNotFound: /);
    stranger.destroy();
    await cloudMap.deregisterInstance({ ServiceId: Id, InstanceId: 'one' });
    await cloudMap.deleteService({ Id: Arn });
    const notFound = `ServiceNotFound: Service ${Id} not found.`;
    expect(await refusalOf(cloudMap.getService({ Id }))).toBe(notFound);
    expect(await refusalOf(cloudMap.deleteService({ Id }))).toBe(notFound);
  });
});

test('what is not served of Cloud Map says so', async ({ cloudMap }) => {
  const refusal = await refusalOf(cloudMap.getServiceAttributes({ ServiceId: 'srv-1' }));
  expect(refusal).toContain(
    'GetServiceAttributes is not implemented in this release of Longshore. docs/cloud-map.md lists what is.',
  );
});
