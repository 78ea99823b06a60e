import type {
  CreateServiceRequest,
  ECS,
  RegisterTaskDefinitionRequest,
  ServiceConnectConfiguration,
  ServiceConnectService,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { clientOf, startTestServer, test } from './server.ts';

async function define(ecs: ECS, given: Partial<RegisterTaskDefinitionRequest> = {}): Promise<void> {
  const portMappings = [
    { name: 'http', containerPort: 80, appProtocol: 'http' as const },
    { name: 'tcp', containerPort: 81 },
  ];
  await ecs.registerTaskDefinition({
    family: 'api',
    memory: '64',
    containerDefinitions: [{ name: 'app', image: 'web', portMappings }],
    ...given,
  });
}

function create(
  ecs: ECS,
  connect: Partial<ServiceConnectConfiguration>,
  given: Partial<CreateServiceRequest> = {},
) {
  const serviceConnectConfiguration = { enabled: true, namespace: 'shop', ...connect };
  return ecs.createService({
    serviceName: 'api',
    taskDefinition: 'api',
    desiredCount: 0,
    serviceConnectConfiguration,
    ...given,
  });
}

const invalid = (text: string) => `InvalidParameterException: ${text}`;
const only = (text: string) =>
  `UnsupportedFeatureException: This release of Longshore has ${text} only.`;
const http = { portName: 'http' };

test('CreateService refuses a Service Connect configuration that cannot be', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  await define(ecs);
  const refusals: [ServiceConnectService, string][] = [
    [
      { portName: 'grpc' },
      invalid(
        'portName(grpc) does not refer to any named PortMapping in the container definitions',
      ),
    ],
    [{ ...http, discoveryName: '-a' }, invalid('discoveryName(-a) is invalid.')],
    [
      { ...http, clientAliases: [{ port: 80 }, { port: 81 }] },
      invalid('2 clientAliases exceeds the max limit of 1'),
    ],
    [
      { ...http, clientAliases: [{ port: 80, dnsName: 'A b' }] },
      invalid('The DNS name that you provided is invalid.'),
    ],
    [{ ...http, clientAliases: [{ port: 0 }] }, invalid('port must be between 1 and 65535.')],
    [
      { ...http, ingressPortOverride: 70_000 },
      invalid('ingressPortOverride must be between 1 and 65535.'),
    ],
    [
      { ...http, ingressPortOverride: 9090 },
      only('ingressPortOverride of Service Connect in the network mode awsvpc'),
    ],
    [
      { portName: 'tcp', timeout: { perRequestTimeoutSeconds: 5 } },
      invalid('Service Connect does not support perRequestTimeoutSeconds with TCP.'),
    ],
    [{ ...http, tls: { issuerCertificateAuthority: {} } }, only('Service Connect without TLS')],
    [
      { ...http, clientAliases: [{ port: 80, testTrafficRules: { header: { name: 'a' } } }] },
      only('Service Connect without testTrafficRules'),
    ],
  ];
  for (const [service, refusal] of refusals) {
    expect(await refusalOf(create(ecs, { services: [service] }))).toBe(refusal);
  }
  expect(await refusalOf(create(ecs, { services: [http, http] }))).toBe(
    invalid('discoveryName(http) already exists in the namespace.'),
  );
  expect(await refusalOf(create(ecs, { accessLogConfiguration: { format: 'JSON' } }))).toBe(
    invalid('Service Connect requires a logConfiguration for access logs.'),
  );
  expect(await refusalOf(create(ecs, { namespace: 'nowhere' }))).toBe(
    'NamespaceNotFoundException: Namespace not found.',
  );
});

test('CreateService refuses an ingressPortOverride that nobody could listen on', async ({
  ecs,
}) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  const containerDefinitions = [
    {
      name: 'app',
      image: 'web',
      portMappings: [
        { name: 'http', containerPort: 8080 },
        { name: 'tcp', containerPort: 9090 },
        { name: 'udp', containerPort: 9091, protocol: 'udp' as const },
      ],
    },
  ];
  const requiresCompatibilities: 'FARGATE'[] = ['FARGATE'];
  const size = { cpu: '256', memory: '512' };
  const definition = { networkMode: 'awsvpc' as const, requiresCompatibilities, ...size };
  await ecs.registerTaskDefinition({ family: 'api', containerDefinitions, ...definition });
  const awsvpcConfiguration = { subnets: ['subnet-1'] };
  const place = { launchType: 'FARGATE' as const, networkConfiguration: { awsvpcConfiguration } };
  const withPorts = (first: number, second: number) => {
    const services = [
      { portName: 'http', ingressPortOverride: first },
      { portName: 'tcp', ingressPortOverride: second },
    ];
    return create(ecs, { services }, place);
  };
  const refusals: [number, number, number][] = [
    [9090, 9500, 9090],
    [9500, 9500, 9500],
    [9500, 15_001, 15_001],
  ];
  for (const [first, second, taken] of refusals) {
    expect(await refusalOf(withPorts(first, second))).toBe(
      invalid(`ingressPortOverride(${taken}) is used by the task already.`),
    );
  }
  expect((await withPorts(9091, 9500)).service?.status).toBe('ACTIVE');
});

test('CreateService refuses Service Connect where nothing runs its proxy', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  const refused = (given: Partial<CreateServiceRequest> = {}) => refusalOf(create(ecs, {}, given));

  await define(ecs, { networkMode: 'host' });
  expect(await refused()).toBe(invalid('Service Connect does not support the network mode host.'));
  const containerDefinitions = [{ name: 'app', image: 'web', memory: 64, hostname: 'a' }];
  const { memory: _, ...sizeless } = { memory: '64', family: 'api' };
  await ecs.registerTaskDefinition({ ...sizeless, containerDefinitions });
  expect(await refused()).toBe(
    invalid('Service Connect requires a task definition with a task-level memory.'),
  );
  await define(ecs, { containerDefinitions });
  expect(await refused()).toBe(
    invalid('Service Connect does not support hostname in the network mode bridge.'),
  );
  await define(ecs);
  expect(await refused({ launchType: 'EXTERNAL' })).toBe(
    invalid('Service Connect does not support the EXTERNAL launch type.'),
  );
  const external = { deploymentController: { type: 'EXTERNAL' as const }, taskDefinition: '' };
  expect(await refused(external)).toBe(
    invalid('Service Connect is only supported for services using the ECS deployment controller.'),
  );
  const cpu = '256';
  await define(ecs, { networkMode: 'awsvpc', cpu, memory: '512' });
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const runtimePlatform = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' as const };
  await define(ecs, { networkMode: 'awsvpc', cpu: '1024', memory: '2048', runtimePlatform });
  expect(await refused({ launchType: 'FARGATE', networkConfiguration })).toBe(
    invalid('Service Connect does not support Windows.'),
  );
  await define(ecs, { networkMode: 'awsvpc', cpu, memory: '512' });
  const logConfiguration = { logDriver: 'awsfirelens' as const };
  const onFargate = { launchType: 'FARGATE' as const, networkConfiguration };
  expect(await refusalOf(create(ecs, { logConfiguration }, onFargate))).toBe(
    only('logs of Service Connect on FARGATE with other drivers than awsfirelens'),
  );
});

test('names are unique in a namespace, which a service or its cluster has to name', async ({
  ecs,
}) => {
  await ecs.createCluster();
  await define(ecs);
  expect(await refusalOf(create(ecs, { namespace: undefined }))).toBe(
    invalid('Namespace is missing. Specify a namespace and try again.'),
  );
  await ecs.createCluster({
    clusterName: 'other',
    serviceConnectDefaults: { namespace: 'shop' },
  });
  await create(ecs, { services: [http] });
  const second = { cluster: 'other', serviceName: 'second' };
  const taken = (services: ServiceConnectService[]) =>
    refusalOf(create(ecs, { namespace: undefined, services }, second));
  expect(await taken([http])).toBe(invalid('discoveryName(http) already exists in the namespace.'));
  const clientAliases = [{ dnsName: 'http.shop', port: 80 }];
  expect(await taken([{ portName: 'tcp', clientAliases }])).toBe(
    invalid('The client alias http.shop:80 already exists in the namespace.'),
  );
  await ecs.deleteService({ service: 'api' });
  await create(ecs, { namespace: undefined, services: [http] }, second);
  const { serviceArns } = await ecs.listServicesByNamespace({ namespace: 'shop' });
  expect(serviceArns).toEqual([expect.stringContaining('service/other/second')]);
});

test('agents are told what controls their proxies, or that it is nobody but Longshore', async ({
  ecs,
  server,
  accountId,
}) => {
  expect((await ecs.discoverPollEndpoint({})).serviceConnectEndpoint).toBe(server.url);
  const serviceConnectEndpoint = 'https://10.0.0.5:18000';
  const other = await startTestServer({ serviceConnectEndpoint });
  const client = clientOf(other.url, accountId);
  const found = await client.discoverPollEndpoint({});
  client.destroy();
  await other.close();
  expect(found.serviceConnectEndpoint).toBe(serviceConnectEndpoint);
});

test('a deployment that shifts traffic has no Service Connect yet', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  await define(ecs);
  const deploymentConfiguration = { strategy: 'BLUE_GREEN' as const };
  expect(await refusalOf(create(ecs, {}, { deploymentConfiguration }))).toBe(
    'UnsupportedFeatureException: This release of Longshore does not have Service Connect for ' +
      'deployments that shift traffic. docs/services.md lists what services can do.',
  );
});

test('a service with Service Connect keeps the deployment controller ECS', async ({ ecs }) => {
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  await define(ecs);
  await create(ecs, {});
  const completed = { services: [{ deployments: [{ rolloutState: 'COMPLETED' }] }] };
  await expect.poll(() => ecs.describeServices({ services: ['api'] })).toMatchObject(completed);
  const leaving = { service: 'api', deploymentController: { type: 'EXTERNAL' as const } };
  expect(await refusalOf(ecs.updateService(leaving))).toBe(
    invalid('Unable to change the deployment controller of a service that uses Service Connect.'),
  );
});
