import type { ServiceConnectConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { aDefinition } from '../../contract/requests.ts';
import { aServiceRequest, describeService, serviceTasks } from '../../contract/service-requests.ts';
import { testImage } from './docker-world.ts';
import { ServiceSite } from './service-site.ts';

const patience = { timeout: 60_000, interval: 200 };
const wait = `trap 'exit 0' TERM; while :; do sleep 1 & wait; done`;
/** Two ports, one of HTTP and one of TCP. The page is the task's own name. */
const serve = `mkdir /dev/shm/www; hostname > /dev/shm/www/index.html; for port in 80 8080; do httpd -p $port -h /dev/shm/www; done; ${wait}`;
/** Listens on the port of the alias itself, and asks for the page again and again. */
const ask = `cat /etc/hosts; httpd -p 80 -h /dev/shm; trap 'exit 0' TERM; while :; do wget -qO- http://api || echo failed; wget -qO- http://tcp.shop:8080 || echo failed; sleep 0.02; done`;
const mappings = [
  { name: 'http', containerPort: 80, appProtocol: 'http' as const },
  { name: 'tcp', containerPort: 8080 },
];

async function serveWith(
  site: ServiceSite,
  serviceName: string,
  script: string,
  connect: ServiceConnectConfiguration,
): Promise<void> {
  const command = ['sh', '-c', script];
  const app = { name: 'app', image: testImage, command, portMappings: mappings, stopTimeout: 10 };
  const definition = aDefinition({ family: serviceName, containerDefinitions: [app] });
  await site.ecs.registerTaskDefinition(definition);
  const desiredCount = 1;
  const given = { serviceName, taskDefinition: serviceName, desiredCount };
  await site.ecs.createService(aServiceRequest({ ...given, serviceConnectConfiguration: connect }));
}

/** Waits until the service has so many tasks, all of its newest deployment. */
async function becomesSteady(site: ServiceSite, name: string, runningCount: number): Promise<void> {
  await expect
    .poll(() => describeService(site.ecs, name), patience)
    .toMatchObject({ runningCount, deployments: [{ rolloutState: 'COMPLETED', runningCount }] });
}

/** The container of a service's only task, as its Engine knows it. */
async function containerOf({ ecs }: ServiceSite, name: string): Promise<string> {
  const { tasks: [task] = [] } = await ecs.describeTasks({ tasks: await serviceTasks(ecs, name) });
  return task?.containers?.[0]?.runtimeId ?? '';
}

/** What a service's only task wrote so far. */
async function linesOf(site: ServiceSite, name: string): Promise<readonly string[]> {
  return site.linesOf(await containerOf(site, name));
}

const services = [
  { portName: 'http', clientAliases: [{ dnsName: 'api', port: 80 }] },
  { portName: 'tcp' },
];

/** A server whose default cluster has the namespace `shop`. */
function openShop(): Promise<ServiceSite> {
  return ServiceSite.open({ serviceConnectDefaults: { namespace: 'shop' } });
}

function aliasesIn(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith('127.255'));
}

test('a client that was deployed before a server has no name of it until it is deployed again', async () => {
  await using site = await openShop();
  await serveWith(site, 'client', ask, { enabled: true });
  await becomesSteady(site, 'client', 1);
  await serveWith(site, 'api', serve, { enabled: true, services });
  await becomesSteady(site, 'api', 1);
  await expect.poll(() => linesOf(site, 'client'), patience).toContain('failed');
  expect(aliasesIn(await linesOf(site, 'client'))).toEqual([]);

  await site.ecs.updateService({ service: 'client', forceNewDeployment: true });
  await becomesSteady(site, 'client', 1);
  const after = () => linesOf(site, 'client');
  expect(aliasesIn(await after())).toEqual(['127.255.0.1\tapi', '127.255.0.2\ttcp.shop']);
  await expect.poll(async () => (await after()).length, patience).toBeGreaterThan(20);
  expect(await after()).not.toContain('failed');
});

test('clients reach the tasks of a service by their alias, whatever becomes of them', async () => {
  await using site = await openShop();
  await serveWith(site, 'api', serve, { enabled: true, services });
  await serveWith(site, 'client', ask, { enabled: true });
  await becomesSteady(site, 'client', 1);
  await becomesSteady(site, 'api', 1);
  const container = await containerOf(site, 'client');
  const answers = async () => (await site.linesOf(container)).filter((line) => /^\w+$/.test(line));
  await expect.poll(async () => (await answers()).at(-1) ?? 'failed', patience).not.toBe('failed');
  const early = (await answers()).lastIndexOf('failed') + 1;
  const tasksAnswering = async (last: number) => new Set((await answers()).slice(last)).size;

  await site.ecs.updateService({ service: 'api', desiredCount: 3 });
  await becomesSteady(site, 'api', 3);
  await expect.poll(() => tasksAnswering(-12), patience).toBe(3);

  await site.ecs.updateService({ service: 'api', forceNewDeployment: true });
  await becomesSteady(site, 'api', 3);
  // Three of before, and three of now.
  await expect.poll(() => tasksAnswering(early), patience).toBe(6);
  await site.killServer(async () => {
    const { length } = await answers();
    await expect.poll(async () => (await answers()).length, patience).toBeGreaterThan(length + 20);
  });
  await site.ecs.updateService({ service: 'api', desiredCount: 1 });
  await becomesSteady(site, 'api', 1);
  await expect.poll(() => tasksAnswering(-10), patience).toBe(1);
  expect((await answers()).slice(early)).not.toContain('failed');
});
