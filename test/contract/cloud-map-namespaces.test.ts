import {
  NamespaceAlreadyExists,
  TooManyTagsException,
  type NamespaceFilter,
} from '@aws-sdk/client-servicediscovery';
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

describe('CreateHttpNamespace, CreatePrivateDnsNamespace and CreatePublicDnsNamespace', () => {
  test('an operation that has succeeded tells the id of the namespace', async ({
    cloudMap,
    accountId,
  }) => {
    const { OperationId } = await cloudMap.createHttpNamespace({
      Name: 'shop',
      CreatorRequestId: 'r1',
      Description: 'all shops',
      Tags: [{ Key: 'a', Value: '1' }],
    });
    const { Operation } = await cloudMap.getOperation({ OperationId });
    expect(Operation).toEqual({
      Id: OperationId,
      OwnerAccount: accountId,
      Type: 'CREATE_NAMESPACE',
      Status: 'SUCCESS',
      CreateDate: expect.any(Date),
      UpdateDate: expect.any(Date),
      Targets: { NAMESPACE: expect.stringMatching(/^ns-[0-9a-z]{16}$/) },
    });
    const Id = Operation?.Targets?.NAMESPACE;
    const { Namespace } = await cloudMap.getNamespace({ Id });
    expect(Namespace).toEqual({
      Id,
      Arn: `arn:aws:servicediscovery:us-east-1:${accountId}:namespace/${Id}`,
      ResourceOwner: accountId,
      Name: 'shop',
      Type: 'HTTP',
      Description: 'all shops',
      CreatorRequestId: 'r1',
      ServiceCount: 0,
      Properties: { DnsProperties: {}, HttpProperties: { HttpName: 'shop' } },
      CreateDate: expect.any(Date),
    });
    expect(await cloudMap.getNamespace({ Id: Namespace?.Arn })).toMatchObject({ Namespace });
    const { Tags } = await cloudMap.listTagsForResource({ ResourceARN: Namespace?.Arn });
    expect(Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  test('a DNS namespace has a zone, and remembers what is not there for as long as it is told', async ({
    cloudMap,
  }) => {
    const usual = await aPrivateNamespace(cloudMap);
    const Properties = { DnsProperties: { SOA: { TTL: 60 } } };
    const made = await cloudMap.createPublicDnsNamespace({ Name: 'shop.example', Properties });
    const HostedZoneId = expect.stringMatching(/^Z[0-9A-Z]+$/);
    const shown = async (Id: string) => (await cloudMap.getNamespace({ Id })).Namespace;
    expect(await shown(usual)).toMatchObject({
      Type: 'DNS_PRIVATE',
      Properties: { DnsProperties: { HostedZoneId, SOA: { TTL: 15 } } },
    });
    expect(await shown(await targetOf(cloudMap, made))).toMatchObject({
      Type: 'DNS_PUBLIC',
      Properties: { DnsProperties: { HostedZoneId, SOA: { TTL: 60 } } },
    });
  });

  test('a name may be of one namespace of each kind, and of a private one in each VPC', async ({
    cloudMap,
  }) => {
    const Name = 'shop.local';
    const first = await aPrivateNamespace(cloudMap, Name, 'vpc-1');
    const again = await cloudMap
      .createPrivateDnsNamespace({ Name, Vpc: 'vpc-1', CreatorRequestId: 'other' })
      .catch((error: unknown) => error);
    expect(again).toBeInstanceOf(NamespaceAlreadyExists);
    expect(again).toMatchObject({ NamespaceId: first, CreatorRequestId: expect.any(String) });

    const second = await aPrivateNamespace(cloudMap, Name, 'vpc-2');
    const http = await anHttpNamespace(cloudMap, Name);
    await cloudMap.createPublicDnsNamespace({ Name });
    expect(new Set([first, second, http]).size).toBe(3);
    expect(await refusalOf(cloudMap.createHttpNamespace({ Name }))).toBe(
      'NamespaceAlreadyExists: Namespace shop.local already exists.',
    );
    const { Namespaces = [] } = await cloudMap.listNamespaces({});
    const names = Namespaces.map((one) => one.Properties?.HttpProperties?.HttpName);
    expect(new Set(names).size).toBe(4);
    expect(names).toContain(Name);
    for (const name of names) expect(name).toMatch(/^shop\.local(-[0-9a-z]{8})?$/);
  });

  test('a repeated request has the first operation; another one with its id is a duplicate', async ({
    cloudMap,
  }) => {
    const request = { Name: 'shop', CreatorRequestId: 'once' };
    const first = await cloudMap.createHttpNamespace(request);
    const second = await cloudMap.createHttpNamespace(request);
    expect(second.OperationId).toBe(first.OperationId);
    const other = cloudMap.createHttpNamespace({ ...request, Name: 'market' });
    await expect(other).rejects.toMatchObject({
      name: 'DuplicateRequest',
      DuplicateOperationId: first.OperationId,
    });
    await cloudMap.deleteNamespace({ Id: await targetOf(cloudMap, first) });
    const anew = await cloudMap.createHttpNamespace(request);
    expect(anew.OperationId).not.toBe(first.OperationId);
  });

  test.for([
    ['a name that DNS cannot have', { Name: 'a..b', Vpc: 'v' }, "at 'name' failed to satisfy"],
    ['a name that is too long', { Name: 'n'.repeat(254), Vpc: 'v' }, 'or equal to 253'],
    ['no VPC', { Name: 'a', Vpc: undefined }, "Value null at 'vpc' failed to satisfy constraint"],
    ['an empty VPC', { Name: 'a', Vpc: '' }, "Value '' at 'vpc' failed to satisfy constraint"],
    ['no name', { Name: undefined, Vpc: 'v' }, "Value null at 'name' failed to satisfy"],
    [
      'a request id that is too long',
      { Name: 'a', Vpc: 'v', CreatorRequestId: 'r'.repeat(65) },
      'or equal to 64',
    ],
  ] as const)('a private namespace with %s is refused', async ([, given, text], { cloudMap }) => {
    const refusal = await refusalOf(cloudMap.createPrivateDnsNamespace({ ...given }));
    expect(refusal).toContain('InvalidInput: 1 validation error detected: ');
    expect(refusal).toContain(text);
  });

  test('an account has 50 namespaces in a region', async ({ cloudMap, server, accountId }) => {
    for (let number = 0; number < 50; number += 1) await anHttpNamespace(cloudMap, `n${number}`);
    expect(await refusalOf(cloudMap.createHttpNamespace({ Name: 'more' }))).toBe(
      'ResourceLimitExceeded: The maximum number of namespaces has been reached.',
    );
    const elsewhere = cloudMapOf(server.url, accountId, 'eu-west-1');
    expect(await anHttpNamespace(elsewhere, 'more')).toMatch(/^ns-/);
    elsewhere.destroy();
  });
});

describe('ListNamespaces', () => {
  test('namespaces are listed page by page, and by filters', async ({ cloudMap }) => {
    const http = await anHttpNamespace(cloudMap, 'shop');
    const dns = await aPrivateNamespace(cloudMap, 'shop.local');
    const other = await aPrivateNamespace(cloudMap, 'market.local');
    const first = await cloudMap.listNamespaces({ MaxResults: 2 });
    const second = await cloudMap.listNamespaces({ MaxResults: 2, NextToken: first.NextToken });
    const pages = [first, second].map((page) => page.Namespaces?.map(({ Id }) => Id) ?? []);
    expect(pages.map((ids) => ids.length)).toEqual([2, 1]);
    expect(pages.flat()).toEqual([http, dns, other].toSorted());
    expect(second.NextToken).toBeUndefined();

    const idsBy = async (...Filters: NamespaceFilter[]) => {
      const { Namespaces = [] } = await cloudMap.listNamespaces({ Filters });
      return new Set(Namespaces.map(({ Id }) => Id));
    };
    const isPrivate: NamespaceFilter = { Name: 'TYPE', Values: ['DNS_PRIVATE'] };
    expect(await idsBy(isPrivate)).toEqual(new Set([dns, other]));
    expect(await idsBy({ Name: 'NAME', Values: ['shop'] })).toEqual(new Set([http]));
    const beginsSo: NamespaceFilter = {
      Name: 'HTTP_NAME',
      Values: ['shop'],
      Condition: 'BEGINS_WITH',
    };
    expect(await idsBy(beginsSo)).toEqual(new Set([http, dns]));
    expect(await idsBy({ ...beginsSo, Name: 'NAME' }, isPrivate)).toEqual(new Set([dns]));
    const owned = (Value: string) => idsBy({ Name: 'RESOURCE_OWNER', Values: [Value] });
    expect(await owned('SELF')).toEqual(new Set([http, dns, other]));
    expect(await owned('OTHER_ACCOUNTS')).toEqual(new Set());
  });

  test('a page or a filter that cannot be is refused', async ({ cloudMap }) => {
    const refusals = [
      cloudMap.listNamespaces({ MaxResults: 0 }),
      cloudMap.listNamespaces({ MaxResults: 101 }),
      cloudMap.listNamespaces({ NextToken: 'no token of ours' }),
      cloudMap.listNamespaces({ Filters: [{ Name: 'TYPE', Values: [] }] }),
      cloudMap.listNamespaces({ Filters: [{ Name: 'TYPE', Values: ['HTTP', 'DNS_PUBLIC'] }] }),
      cloudMap.listNamespaces({ Filters: [{ Name: 'NAME', Values: ['a'], Condition: 'IN' }] }),
    ];
    expect(await Promise.all(refusals.map(refusalOf))).toEqual([
      "InvalidInput: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
      "InvalidInput: 1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
      'InvalidInput: The value of NextToken is invalid.',
      'InvalidInput: The filter TYPE with the condition EQ is invalid.',
      'InvalidInput: The filter TYPE with the condition EQ is invalid.',
      'InvalidInput: The filter NAME with the condition IN is invalid.',
    ]);
  });
});

describe('UpdateHttpNamespace, UpdatePrivateDnsNamespace and UpdatePublicDnsNamespace', () => {
  test('a description and the time to live of absence may change, and stay where they are not given', async ({
    cloudMap,
  }) => {
    const Id = await aPrivateNamespace(cloudMap);
    const shown = async () => {
      const { Namespace } = await cloudMap.getNamespace({ Id });
      return [Namespace?.Description, Namespace?.Properties?.DnsProperties?.SOA?.TTL];
    };
    const update = (Namespace: object) => cloudMap.updatePrivateDnsNamespace({ Id, Namespace });
    const { OperationId } = await update({ Description: 'new' });
    expect(await shown()).toEqual(['new', 15]);
    await update({ Properties: { DnsProperties: { SOA: { TTL: 7 } } } });
    expect(await shown()).toEqual(['new', 7]);
    const { Operation } = await cloudMap.getOperation({ OperationId });
    expect(Operation).toMatchObject({ Type: 'UPDATE_NAMESPACE', Targets: { NAMESPACE: Id } });
  });

  test('each updates namespaces of its own kind', async ({ cloudMap }) => {
    const http = await anHttpNamespace(cloudMap);
    const { OperationId } = await cloudMap.createPublicDnsNamespace({ Name: 'shop.example' });
    const dns = await targetOf(cloudMap, { OperationId });
    const Namespace = { Description: 'x' };
    await cloudMap.updateHttpNamespace({ Id: http, Namespace });
    await cloudMap.updatePublicDnsNamespace({ Id: dns, Namespace });
    expect((await cloudMap.getNamespace({ Id: dns })).Namespace?.Description).toBe('x');
    expect(await refusalOf(cloudMap.updatePrivateDnsNamespace({ Id: http, Namespace }))).toBe(
      `InvalidInput: Namespace ${http} is of the type HTTP, not DNS_PRIVATE.`,
    );
  });
});

describe('DeleteNamespace', () => {
  test('a namespace without services is deleted', async ({ cloudMap }) => {
    const Id = await aPrivateNamespace(cloudMap);
    const service = await aService(cloudMap, Id, { DnsConfig: aRecord });
    expect(await refusalOf(cloudMap.deleteNamespace({ Id }))).toMatch(/^ResourceInUse: /);
    await cloudMap.deleteService({ Id: service.Id });
    const { OperationId } = await cloudMap.deleteNamespace({ Id });
    const { Operation } = await cloudMap.getOperation({ OperationId });
    expect(Operation).toMatchObject({ Type: 'DELETE_NAMESPACE', Targets: { NAMESPACE: Id } });
    const notFound = `NamespaceNotFound: Namespace ${Id} not found.`;
    expect(await refusalOf(cloudMap.getNamespace({ Id }))).toBe(notFound);
    expect(await refusalOf(cloudMap.deleteNamespace({ Id }))).toBe(notFound);
  });

  test('the default of a cluster may be deleted: services that need it are refused from then on', async ({
    cloudMap,
    ecs,
  }) => {
    await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
    const { Namespaces: [namespace] = [] } = await cloudMap.listNamespaces({});
    expect(namespace).toMatchObject({ Name: 'shop', Type: 'HTTP', ServiceCount: 0 });
    const { Tags } = await cloudMap.listTagsForResource({ ResourceARN: namespace?.Arn });
    expect(Tags).toEqual([{ Key: 'AmazonECSManaged', Value: 'true' }]);
    await cloudMap.deleteNamespace({ Id: namespace?.Id });

    const { clusters } = await ecs.describeClusters({});
    expect(clusters?.[0]?.serviceConnectDefaults).toEqual({ namespace: namespace?.Arn });
    const listed = ecs.listServicesByNamespace({ namespace: 'shop' });
    await expect(listed).rejects.toThrow('Namespace not found.');
  });

  test("another account's namespaces are out of reach", async ({ cloudMap, server }) => {
    const Id = await anHttpNamespace(cloudMap);
    const { Namespace } = await cloudMap.getNamespace({ Id });
    const stranger = cloudMapOf(server.url, '999999999999');
    for (const id of [Id, Namespace?.Arn]) {
      expect(await refusalOf(stranger.deleteNamespace({ Id: id }))).toMatch(/^NamespaceNotFound: /);
    }
    const ResourceARN = Namespace?.Arn;
    expect(await refusalOf(stranger.listTagsForResource({ ResourceARN }))).toMatch(
      /^ResourceNotFoundException: /,
    );
    stranger.destroy();
  });
});

describe('TagResource, UntagResource and ListTagsForResource', () => {
  test('namespaces and services have tags', async ({ cloudMap }) => {
    const Id = await anHttpNamespace(cloudMap);
    const { Namespace } = await cloudMap.getNamespace({ Id });
    const service = await aService(cloudMap, Id, { Tags: [{ Key: 'a', Value: '1' }] });
    for (const ResourceARN of [Namespace?.Arn, service.Arn]) {
      await cloudMap.tagResource({
        ResourceARN,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      });
      await cloudMap.untagResource({ ResourceARN, TagKeys: ['a', 'none'] });
      expect((await cloudMap.listTagsForResource({ ResourceARN })).Tags).toEqual([
        { Key: 'b', Value: '' },
      ]);
    }
  });

  test('there are 50 tags at most, and none that AWS keeps for itself', async ({ cloudMap }) => {
    const Tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    const tooMany = cloudMap.createHttpNamespace({ Name: 'shop', Tags });
    await expect(tooMany).rejects.toBeInstanceOf(TooManyTagsException);
    const Id = await anHttpNamespace(cloudMap);
    const { Namespace } = await cloudMap.getNamespace({ Id });
    const ResourceARN = Namespace?.Arn;
    await cloudMap.tagResource({ ResourceARN, Tags: Tags.slice(1) });
    const more = cloudMap.tagResource({ ResourceARN, Tags: Tags.slice(0, 1) });
    await expect(more).rejects.toMatchObject({ ResourceName: ResourceARN });
    const reserved = cloudMap.tagResource({ ResourceARN, Tags: [{ Key: 'aws:a', Value: 'v' }] });
    expect(await refusalOf(reserved)).toBe('InvalidInput: Tag key must not start with aws:');
  });
});

describe('GetOperation and ListOperations', () => {
  test('operations are listed newest first, and by what they were about', async ({ cloudMap }) => {
    const Id = await anHttpNamespace(cloudMap);
    const other = await anHttpNamespace(cloudMap, 'other');
    const service = await aService(cloudMap, Id);
    const registered = await cloudMap.registerInstance({
      ServiceId: service.Id,
      InstanceId: 'one',
      Attributes: {},
    });
    await cloudMap.deleteNamespace({ Id: other });
    const typesOf = async (input: Parameters<typeof cloudMap.listOperations>[0] & object) => {
      const { Operations = [] } = await cloudMap.listOperations(input);
      const all = Operations.map(async ({ Id: OperationId }) => {
        const { Operation } = await cloudMap.getOperation({ OperationId });
        return Operation?.Type;
      });
      return Promise.all(all);
    };
    expect(await typesOf({})).toEqual([
      'DELETE_NAMESPACE',
      'REGISTER_INSTANCE',
      'CREATE_NAMESPACE',
      'CREATE_NAMESPACE',
    ]);
    const by = (Name: 'NAMESPACE_ID' | 'SERVICE_ID' | 'STATUS' | 'TYPE', ...Values: string[]) =>
      typesOf({ Filters: [{ Name, Values, Condition: Values.length > 1 ? 'IN' : 'EQ' }] });
    expect(await by('NAMESPACE_ID', Id)).toEqual(['REGISTER_INSTANCE', 'CREATE_NAMESPACE']);
    expect(await by('SERVICE_ID', service.Id ?? '')).toEqual(['REGISTER_INSTANCE']);
    expect(await by('STATUS', 'FAIL', 'PENDING')).toEqual([]);
    expect(await by('TYPE', 'DELETE_NAMESPACE', 'UPDATE_SERVICE')).toEqual(['DELETE_NAMESPACE']);
    const between = async (from: number, to: number) => {
      const Values = [String(from / 1_000), String(to / 1_000)];
      const Filters = [{ Name: 'UPDATE_DATE', Values, Condition: 'BETWEEN' } as const];
      return (await typesOf({ Filters })).length;
    };
    const { Operation } = await cloudMap.getOperation({ OperationId: registered.OperationId });
    const at = Operation?.UpdateDate?.getTime() ?? 0;
    expect(await between(at - 60_000, at + 60_000)).toBe(4);
    expect(await between(0, at - 60_000)).toBe(0);
    const first = await cloudMap.listOperations({ MaxResults: 3 });
    const second = await cloudMap.listOperations({ MaxResults: 3, NextToken: first.NextToken });
    expect([first.Operations?.length, second.Operations?.length]).toEqual([3, 1]);
  });

  test("an operation that is not there is not found, nor is another account's", async ({
    cloudMap,
    server,
  }) => {
    const { OperationId } = await cloudMap.createHttpNamespace({ Name: 'shop' });
    const stranger = cloudMapOf(server.url, '999999999999');
    expect(await refusalOf(stranger.getOperation({ OperationId }))).toBe(
      `OperationNotFound: Operation ${OperationId} not found.`,
    );
    stranger.destroy();
    const OwnerAccount = '999999999999';
    expect(await refusalOf(cloudMap.getOperation({ OperationId, OwnerAccount }))).toMatch(
      /^OperationNotFound: /,
    );
  });
});
