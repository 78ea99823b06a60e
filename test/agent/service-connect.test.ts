import type { Deployment, ECS, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentDouble } from './agent-double.ts';
import { AgentSite, cluster, eventually } from './agent-site.ts';
import { connectConfigOf } from './agents-own-rules.ts';

const capabilities = [
  'ecs.capability.service-connect-v1',
  'ecs.capability.task-eni',
  'ecs.capability.task-cpu-mem-limit',
  'com.amazonaws.ecs.capability.logging-driver.json-file',
  'com.amazonaws.ecs.capability.docker-remote-api.1.18',
  'com.amazonaws.ecs.capability.docker-remote-api.1.21',
];
const awsvpcConfiguration = { subnets: ['subnet-1'] };

let site: AgentSite;
let ecs: ECS;
let agent: AgentDouble;

beforeEach(async () => {
  const given = { serviceConnectDefaults: { namespace: 'shop' } };
  site = await AgentSite.open({ given, capabilities });
  ({ ecs, agent } = site);
});

afterEach(() => site.close());

/** A definition whose one port has the name of the family. */
async function define(
  family: string,
  given: Partial<RegisterTaskDefinitionRequest> = {},
): Promise<void> {
  const portMappings = [{ name: family, containerPort: 80 }];
  await ecs.registerTaskDefinition({
    family,
    memory: '64',
    containerDefinitions: [{ name: 'app', image: `web@sha256:${'0'.repeat(64)}`, portMappings }],
    ...given,
  });
}

async function serve(
  serviceName: string,
  given: Partial<Parameters<ECS['createService']>[0]>,
): Promise<void> {
  const wanted = { cluster, serviceName, taskDefinition: serviceName, desiredCount: 1 };
  await ecs.createService({ ...wanted, ...given });
}

async function deploymentsOf(serviceName: string): Promise<readonly Deployment[]> {
  const described = await ecs.describeServices({ cluster, services: [serviceName] });
  return described.services?.[0]?.deployments ?? [];
}

async function untilRunning(serviceName: string): Promise<void> {
  await eventually(async () => (await deploymentsOf(serviceName))[0]?.runningCount, 1);
}

/** The newest task of a service that the agent was told to run. */
function told(serviceName: string) {
  const task = agent.told.findLast((one) => one.serviceName === serviceName);
  const attachment = task?.attachments?.[0];
  if (!attachment) throw new Error(`No task of ${serviceName} has Service Connect.`);
  return { task, attachment, config: connectConfigOf(attachment) };
}

test('a task in bridge mode has the proxy, which listens on a port of its own', async () => {
  await define('api', { networkMode: 'bridge' });
  const services = [{ portName: 'api', clientAliases: [{ dnsName: 'api', port: 8080 }] }];
  await serve('api', { serviceConnectConfiguration: { enabled: true, services } });
  await untilRunning('api');

  const { task, attachment, config } = told('api');
  expect(attachment.attachmentType).toBe('serviceconnectdetail');
  expect(config).toEqual({
    ingressConfig: [{ listenerName: 'ingress-api', listenerPort: 15_000 }],
    egressConfig: { listenerName: 'egress', vip: { ipv4Cidr: '127.255.0.0/16' } },
    dnsConfig: [{ hostName: 'api', address: '127.255.0.1' }],
  });
  const proxy = task?.containers?.at(-1);
  expect(proxy).toMatchObject({
    name: expect.stringMatching(/^ecs-service-connect-[a-z]{5}$/),
    essential: true,
    healthCheckType: 'docker',
  });
  expect(attachment.attachmentProperties?.[0]).toEqual({
    name: 'ContainerName',
    value: proxy?.name,
  });
  const described = await ecs.describeTasks({ cluster, tasks: [task?.arn ?? ''] });
  expect(described.tasks?.[0]).toMatchObject({
    containers: [{ name: 'app' }, { name: proxy?.name, lastStatus: 'RUNNING' }],
    attachments: [{ type: 'Service Connect', status: 'ATTACHED' }],
  });
});

test('a task with an interface has its port intercepted, or the proxy on the port that is given', async () => {
  await define('api', { networkMode: 'awsvpc' });
  const networkConfiguration = { awsvpcConfiguration };
  const configuration = { enabled: true, services: [{ portName: 'api' }] };
  await serve('api', { networkConfiguration, serviceConnectConfiguration: configuration });
  await untilRunning('api');
  expect(told('api').config).toMatchObject({
    ingressConfig: [{ listenerName: 'ingress-api', interceptPort: 80 }],
    dnsConfig: [{ hostName: 'api.shop', address: '127.255.0.1' }],
  });

  const services = [{ portName: 'api', ingressPortOverride: 9090 }];
  const serviceConnectConfiguration = { enabled: true, services };
  await ecs.updateService({ cluster, service: 'api', serviceConnectConfiguration });
  await eventually(
    () => told('api').config.ingressConfig,
    [{ listenerName: 'ingress-api', listenerPort: 9090 }],
  );
});

test('clients see the endpoints that there are when their deployment begins', async () => {
  const portMappings = [
    { name: 'http', containerPort: 80 },
    { name: 'admin', containerPort: 81 },
  ];
  const image = `web@sha256:${'0'.repeat(64)}`;
  await define('web', { containerDefinitions: [{ name: 'app', image, portMappings }] });
  await define('client');
  const client = { enabled: true };
  await serve('client', { serviceConnectConfiguration: client });
  await untilRunning('client');
  expect(told('client').config).toEqual({ ingressConfig: [] });

  const services = ['http', 'admin'].map((portName) => ({ portName }));
  await serve('web', { serviceConnectConfiguration: { enabled: true, services } });
  await untilRunning('web');
  // What a deployment began without, its later tasks do without, too.
  const [before] = await deploymentsOf('client');
  await ecs.updateService({ cluster, service: 'client', desiredCount: 2 });
  await eventually(async () => (await deploymentsOf('client'))[0]?.runningCount, 2);
  expect(told('client').config).toEqual({ ingressConfig: [] });
  await ecs.updateService({ cluster, service: 'client', forceNewDeployment: true });
  await eventually(
    () => told('client').config.dnsConfig,
    [
      { hostName: 'http.shop', address: '127.255.0.1' },
      { hostName: 'admin.shop', address: '127.255.0.2' },
    ],
  );
  // More tasks behind a known endpoint are no reason to deploy its clients anew.
  const [after] = await deploymentsOf('client');
  expect(after?.id).not.toBe(before?.id);
  await ecs.updateService({ cluster, service: 'web', desiredCount: 2 });
  await eventually(async () => (await deploymentsOf('web'))[0]?.runningCount, 2);
  expect((await deploymentsOf('client'))[0]?.id).toBe(after?.id);
  const { serviceArns } = await ecs.listServicesByNamespace({ namespace: 'shop' });
  expect(serviceArns?.map((arn) => arn.split('/').at(-1))).toEqual(['client', 'web']);
});

test('deployments and revisions show Service Connect, until a deployment without it', async () => {
  await define('api');
  const configuration = { enabled: true, services: [{ portName: 'api', discoveryName: 'v1' }] };
  await serve('api', { serviceConnectConfiguration: configuration });
  const [first] = await deploymentsOf('api');
  expect(first).toMatchObject({
    serviceConnectConfiguration: configuration,
    serviceConnectResources: [
      { discoveryName: 'v1', discoveryArn: expect.stringMatching(/:service\/srv-[0-9a-f]{16}$/) },
    ],
  });
  const described = await ecs.describeServices({ cluster, services: ['api'] });
  const arn = described.services?.[0]?.currentServiceRevisions?.[0]?.arn ?? '';
  const revisions = await ecs.describeServiceRevisions({ serviceRevisionArns: [arn] });
  expect(revisions.serviceRevisions).toMatchObject([
    { serviceConnectConfiguration: configuration },
  ]);

  const update = { cluster, service: 'api' };
  await ecs.updateService({ ...update, serviceConnectConfiguration: configuration });
  expect((await deploymentsOf('api'))[0]?.id).toBe(first?.id);
  await ecs.updateService({ ...update, forceNewDeployment: true });
  const [second] = await deploymentsOf('api');
  expect(second?.serviceConnectResources).toEqual(first?.serviceConnectResources);
  await ecs.updateService({ ...update, serviceConnectConfiguration: { enabled: false } });
  expect((await deploymentsOf('api'))[0]).not.toHaveProperty('serviceConnectConfiguration');
  const listed = await ecs.listServicesByNamespace({ namespace: 'shop' });
  expect(listed.serviceArns).toEqual([]);
});

test('the proxy writes where the service says', async () => {
  await define('api');
  const logConfiguration = { logDriver: 'json-file' as const, options: { 'max-size': '1m' } };
  await serve('api', { serviceConnectConfiguration: { enabled: true, logConfiguration } });
  await untilRunning('api');
  const hostConfig: unknown = JSON.parse(
    told('api').task?.containers?.at(-1)?.dockerConfig?.hostConfig ?? '{}',
  );
  expect(hostConfig).toMatchObject({
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
  });
});

test('an instance whose agent has no proxy is no place for such a service', async () => {
  await define('api');
  const logConfiguration = { logDriver: 'syslog' as const };
  await serve('api', { serviceConnectConfiguration: { enabled: true, logConfiguration } });
  const messages = async () => {
    const { services } = await ecs.describeServices({ cluster, services: ['api'] });
    return services?.[0]?.events?.map(({ message }) => message).join() ?? '';
  };
  await vi.waitFor(async () => expect(await messages()).toContain('missing an attribute'), 20_000);
});
