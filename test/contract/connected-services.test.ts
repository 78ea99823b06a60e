import type {
  CreateServiceRequest,
  ECS,
  HealthCheck,
  ServiceConnectConfiguration,
  Task,
} from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import type { ProxyEgress } from '../../src/domain/service-connect/proxy-config.ts';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { cloudMapOf } from './cloud-map-requests.ts';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { newAccount } from './server.ts';
import { describeService, serviceTasks } from './service-requests.ts';

const secondMs = 1000;
const api = { portName: 'http', discoveryName: 'api' };

/** A server whose default cluster has the namespace `shop`. */
async function startShop(): Promise<ManualServer> {
  const manual = await startManualServer();
  await manual.ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  return manual;
}

interface Given {
  readonly healthCheck?: HealthCheck;
  /** Settings of the script of its container. */
  readonly script?: Readonly<Record<string, string>>;
  readonly connect?: Partial<ServiceConnectConfiguration>;
  readonly request?: Partial<CreateServiceRequest>;
}

async function define(ecs: ECS, family: string, given: Given = {}): Promise<void> {
  const { healthCheck, script = {} } = given;
  const labels = Object.entries(script).map(([name, value]) => [
    `longshore.simulated.${name}`,
    value,
  ]);
  await ecs.registerTaskDefinition({
    family,
    networkMode: 'awsvpc',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image: 'simulated/run',
        versionConsistency: 'disabled',
        portMappings: [
          { name: 'http', containerPort: 8080, appProtocol: 'http' },
          { name: 'tcp', containerPort: 9090 },
        ],
        dockerLabels: Object.fromEntries(labels),
        ...(healthCheck && { healthCheck }),
      },
    ],
  });
}

async function serve(ecs: ECS, serviceName: string, given: Given = {}): Promise<void> {
  await define(ecs, serviceName, given);
  await ecs.createService({
    serviceName,
    taskDefinition: serviceName,
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    serviceConnectConfiguration: { enabled: true, ...given.connect },
    ...given.request,
  });
}

async function tasksOf(ecs: ECS, serviceName: string): Promise<readonly Task[]> {
  const tasks = await serviceTasks(ecs, serviceName);
  if (tasks.length === 0) return [];
  return (await ecs.describeTasks({ tasks })).tasks ?? [];
}

/** The addresses of a service's tasks, each with the port. */
async function addressesOf(ecs: ECS, serviceName: string, port: number): Promise<string[]> {
  const tasks = await tasksOf(ecs, serviceName);
  return tasks.map(
    ({ containers }) => `${containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address}:${port}`,
  );
}

/** What the one task of a service can call: each alias, and who is behind it. */
async function egressOf({ server, ecs }: ManualServer, serviceName: string) {
  const [task] = await tasksOf(ecs, serviceName);
  const config = server.compute.proxyConfig(task?.taskArn ?? '');
  return config?.egress.map(described);
}

function described({ address, port, endpoints }: ProxyEgress) {
  return {
    alias: `${address}:${port}`,
    members: endpoints.map((endpoint) => `${endpoint.address}:${endpoint.port}`),
  };
}

test('a client that was deployed before a server calls it from its next deployment on', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  await serve(ecs, 'client');
  await serve(ecs, 'server', { connect: { services: [api] } });
  await advance(10 * secondMs);
  expect(await describeService(ecs, 'server')).toMatchObject({ runningCount: 1 });
  expect(await egressOf(shop, 'client')).toEqual([]);

  // What a deployment began without, its later tasks do without, too.
  const [task = ''] = await serviceTasks(ecs, 'client');
  await ecs.stopTask({ task });
  await advance(10 * secondMs);
  expect(await serviceTasks(ecs, 'client')).not.toContain(task);
  expect(await egressOf(shop, 'client')).toEqual([]);

  await ecs.updateService({ service: 'client', forceNewDeployment: true });
  await advance(60 * secondMs);
  const members = await addressesOf(ecs, 'server', 8080);
  expect(members).toHaveLength(1);
  expect(await egressOf(shop, 'client')).toEqual([{ alias: '127.255.0.1:8080', members }]);
});

test('who is behind an alias is seen at once: more tasks, fewer, and others', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const clientAliases = [{ dnsName: 'api', port: 80 }];
  await serve(ecs, 'server', { connect: { services: [{ ...api, clientAliases }] } });
  await serve(ecs, 'client');
  await advance(10 * secondMs);
  const first = await addressesOf(ecs, 'server', 8080);
  expect(await egressOf(shop, 'client')).toEqual([{ alias: '127.255.0.1:80', members: first }]);

  await ecs.updateService({ service: 'server', desiredCount: 3 });
  await advance(10 * secondMs);
  const three = await addressesOf(ecs, 'server', 8080);
  const [scaled] = (await egressOf(shop, 'client')) ?? [];
  expect(scaled?.members.toSorted()).toEqual(three.toSorted());
  expect(three).toHaveLength(3);

  await ecs.updateService({ service: 'server', desiredCount: 0 });
  await advance(60 * secondMs);
  expect(await egressOf(shop, 'client')).toEqual([{ alias: '127.255.0.1:80', members: [] }]);
  expect(await serviceTasks(ecs, 'client')).toHaveLength(1);
});

test('a task is out of reach of its clients before it is told to stop', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  await serve(ecs, 'server', { connect: { services: [api] } });
  await serve(ecs, 'client');
  await advance(10 * secondMs);
  const [task = ''] = await serviceTasks(ecs, 'server');
  const [address] = await addressesOf(ecs, 'server', 8080);
  const before = await egressOf(shop, 'client');
  expect(before?.[0]?.members).toEqual([address]);
  await ecs.stopTask({ task });
  await advance(400);
  const after = await egressOf(shop, 'client');
  expect(after?.[0]?.members).not.toContain(address);
  const stopping = await ecs.describeTasks({ tasks: [task] });
  expect(stopping.tasks).toMatchObject([
    {
      desiredStatus: 'STOPPED',
      containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'RUNNING' }],
    },
  ]);
  await advance(2 * secondMs);
  const stopped = await ecs.describeTasks({ tasks: [task] });
  expect(stopped.tasks).toMatchObject([{ lastStatus: 'STOPPED' }]);
});

test('a task is behind its alias once it is HEALTHY, and no longer when it is UNHEALTHY', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 3 };
  const health = 'HEALTHY after 20s, UNHEALTHY after 2m';
  const request = { healthCheckGracePeriodSeconds: 3600 };
  const connect = { services: [api] };
  await serve(ecs, 'server', { healthCheck, script: { health }, connect, request });
  await serve(ecs, 'client');
  const members = async () => (await egressOf(shop, 'client'))?.map((one) => one.members.length);
  await advance(15 * secondMs);
  expect(await describeService(ecs, 'server')).toMatchObject({ runningCount: 1 });
  expect(await members()).toEqual([0]);
  await advance(10 * secondMs);
  expect(await members()).toEqual([1]);
  await advance(100 * secondMs);
  expect(await members()).toEqual([0]);
});

test('a task whose health stays UNKNOWN is behind its alias after the time of its checks', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const healthCheck = { command: ['CMD', 'true'], interval: 10, retries: 3, startPeriod: 30 };
  const script = { health: 'HEALTHY after 1h' };
  await serve(ecs, 'server', { healthCheck, script, connect: { services: [api] } });
  await serve(ecs, 'client');
  const members = async () => (await egressOf(shop, 'client'))?.map((one) => one.members.length);
  await advance(58 * secondMs);
  expect(await members()).toEqual([0]);
  await advance(5 * secondMs);
  expect(await members()).toEqual([1]);
});

test('a task has its proxy besides its containers, which wait for it and end before it', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  await serve(ecs, 'server', { connect: { services: [api] } });
  await advance(10 * secondMs);
  const [running] = await tasksOf(ecs, 'server');
  expect(running).toMatchObject({
    lastStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    attachments: [{ type: 'ElasticNetworkInterface' }, { type: 'Service Connect' }],
    containers: [
      { name: 'app', lastStatus: 'RUNNING' },
      { name: expect.stringMatching(/^ecs-service-connect-[a-z]{5}$/), healthStatus: 'HEALTHY' },
    ],
  });
  const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: 'server' });
  expect(taskDefinition?.containerDefinitions).toHaveLength(1);
});

test('the proxy is told timeouts, the port to listen on and what to log', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const connect: Partial<ServiceConnectConfiguration> = {
    services: [
      {
        ...api,
        ingressPortOverride: 9000,
        timeout: { idleTimeoutSeconds: 60, perRequestTimeoutSeconds: 7 },
      },
      { portName: 'tcp' },
    ],
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': 'g',
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': 'p',
      },
    },
    accessLogConfiguration: { format: 'JSON', includeQueryParameters: 'ENABLED' },
  };
  const network = { assignPublicIp: 'DISABLED' as const, subnets: ['subnet-0a1b'] };
  const request = { networkConfiguration: { awsvpcConfiguration: network } };
  await serve(ecs, 'server', { connect, request });
  await advance(10 * secondMs);
  const [task] = await tasksOf(ecs, 'server');
  const [address = ''] = (await addressesOf(ecs, 'server', 9000)).map((one) => one.split(':')[0]);
  expect(shop.server.compute.proxyConfig(task?.taskArn ?? '')).toMatchObject({
    egress: [
      {
        port: 8080,
        protocol: 'http',
        idleTimeoutSeconds: 60,
        perRequestTimeoutSeconds: 7,
        endpoints: [{ address, port: 9000 }],
      },
      { port: 9090, protocol: 'tcp', idleTimeoutSeconds: 3600, endpoints: [{ port: 9090 }] },
    ],
    ingress: [{ port: 9000, targetPort: 8080, protocol: 'http', idleTimeoutSeconds: 60 }],
    accessLog: { format: 'JSON', includeQueryParameters: true },
    logLevel: 'info',
  });
});

test('a server that comes back tells the proxies again', async () => {
  const disk = new MemoryDisk();
  const first = await startManualServer({}, { store: await disk.open() });
  const accountId = newAccount();
  const ecs = first.server.client(accountId);
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  await serve(ecs, 'server', { connect: { services: [api] } });
  await serve(ecs, 'client');
  await first.advance(10 * secondMs);
  const before = await egressOf({ ...first, ecs }, 'client');
  expect(before).toHaveLength(1);
  const startAt = first.clock.now();
  ecs.destroy();
  await first[Symbol.asyncDispose]();

  await using second = await startManualServer({}, { store: await disk.open(), startAt });
  const again = second.server.client(accountId);
  await second.advance(secondMs);
  expect(await egressOf({ ...second, ecs: again }, 'client')).toEqual(before);
  again.destroy();
});

test('the tasks behind an endpoint are the instances of its service of Cloud Map', async () => {
  await using manual = await startManualServer();
  const accountId = newAccount();
  const ecs = manual.server.client(accountId);
  const cloudMap = cloudMapOf(manual.server.url, accountId);
  await ecs.createCluster({ serviceConnectDefaults: { namespace: 'shop' } });
  await serve(ecs, 'server', { connect: { services: [{ ...api, ingressPortOverride: 9000 }] } });
  await manual.advance(10 * secondMs);
  const discover = async () => {
    const asked = { NamespaceName: 'shop', ServiceName: 'api' };
    return (await cloudMap.discoverInstances(asked)).Instances ?? [];
  };
  const [address = ''] = await addressesOf(ecs, 'server', 9000);
  const [ipv4] = address.split(':');
  expect(await discover()).toMatchObject([
    {
      InstanceId: (await serviceTasks(ecs, 'server'))[0]?.split('/').at(-1),
      Attributes: {
        AWS_INSTANCE_IPV4: ipv4,
        AWS_INSTANCE_PORT: '9000',
        ECS_SERVICE_NAME: 'server',
        ECS_CLUSTER_NAME: 'default',
      },
    },
  ]);
  await ecs.updateService({ service: 'server', desiredCount: 0 });
  await manual.advance(10 * secondMs);
  expect(await discover()).toEqual([]);
  ecs.destroy();
  cloudMap.destroy();
});

test('a change of Service Connect begins a deployment, and without it the next tasks have no proxy', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const connect = { services: [api] };
  await serve(ecs, 'server', { connect });
  await advance(10 * secondMs);
  const service = 'server';
  const same = { enabled: true, ...connect };
  await ecs.updateService({ service, serviceConnectConfiguration: same });
  const [first, ...none] = (await describeService(ecs, service)).deployments ?? [];
  expect(none).toEqual([]);
  expect(first?.serviceConnectResources).toMatchObject([{ discoveryName: 'api' }]);

  await ecs.updateService({ service, serviceConnectConfiguration: { enabled: false } });
  await advance(60 * secondMs);
  const [second] = (await describeService(ecs, service)).deployments ?? [];
  expect(second?.id).not.toBe(first?.id);
  expect(second).not.toHaveProperty('serviceConnectResources');
  const [task] = await tasksOf(ecs, service);
  expect(task?.containers).toHaveLength(1);
  expect(shop.server.compute.proxyConfig(task?.taskArn ?? '')).toBeUndefined();
});

test('tasks that the strategy of their cluster brings to FARGATE_SPOT have a proxy, too', async () => {
  await using shop = await startShop();
  const { ecs, advance } = shop;
  const defaultCapacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  await ecs.putClusterCapacityProviders({
    cluster: 'default',
    capacityProviders: ['FARGATE_SPOT'],
    defaultCapacityProviderStrategy,
  });
  await advance(5 * secondMs);
  await define(ecs, 'server');
  await ecs.createService({
    serviceName: 'server',
    taskDefinition: 'server',
    desiredCount: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    serviceConnectConfiguration: { enabled: true, services: [api] },
  });
  await advance(10 * secondMs);
  expect(await tasksOf(ecs, 'server')).toMatchObject([
    { capacityProviderName: 'FARGATE_SPOT', lastStatus: 'RUNNING', containers: [{}, {}] },
  ]);
  expect(await egressOf(shop, 'server')).toMatchObject([{ alias: '127.255.0.1:8080' }]);
});
