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

/** What a service's only task wrote so far. */
async function linesOf(site: ServiceSite, name: string): Promise<readonly string[]> {
  const { tasks: [task] = [] } = await site.ecs.describeTasks({
    tasks: await serviceTasks(site.ecs, name),
  });
  return site.linesOf(task?.containers?.[0]?.runtimeId ?? '');
}

test('clients reach the tasks of a service by their alias, whatever becomes of them', async () => {
  await using site = await ServiceSite.open({ serviceConnectDefaults: { namespace: 'shop' } });
  await serveWith(site, 'early', ask, { enabled: true });
  await becomesSteady(site, 'early', 1);
  const services = [
    { portName: 'http', clientAliases: [{ dnsName: 'api', port: 80 }] },
    { portName: 'tcp' },
  ];
  await serveWith(site, 'api', serve, { enabled: true, services });
  await becomesSteady(site, 'api', 1);
  await serveWith(site, 'client', ask, { enabled: true });
  await becomesSteady(site, 'client', 1);

  const [client] = await serviceTasks(site.ecs, 'client');
  const { tasks: [task] = [] } = await site.ecs.describeTasks({ tasks: [client ?? ''] });
  const container = task?.containers?.[0]?.runtimeId ?? '';
  const answers = async () => (await site.linesOf(container)).filter((line) => /^\w+$/.test(line));
  const hosts = (await site.linesOf(container)).filter((line) => line.startsWith('127.255'));
  expect(hosts).toEqual(['127.255.0.1\tapi', '127.255.0.2\ttcp.shop']);
  await expect.poll(async () => (await answers()).length, patience).toBeGreaterThan(20);

  await site.ecs.updateService({ service: 'api', desiredCount: 3 });
  await becomesSteady(site, 'api', 3);
  await expect.poll(async () => new Set((await answers()).slice(-12)).size, patience).toBe(3);

  await site.ecs.updateService({ service: 'api', forceNewDeployment: true });
  await becomesSteady(site, 'api', 3);
  // Three of before, and three of now.
  await expect.poll(async () => new Set(await answers()).size, patience).toBe(6);
  await site.killServer(async () => {
    const { length } = await answers();
    await expect.poll(async () => (await answers()).length, patience).toBeGreaterThan(length + 20);
  });
  await site.ecs.updateService({ service: 'api', desiredCount: 1 });
  await becomesSteady(site, 'api', 1);
  await expect.poll(async () => new Set((await answers()).slice(-10)).size, patience).toBe(1);
  expect(await answers()).not.toContain('failed');

  // What was deployed before sees nothing of all this.
  const early = await linesOf(site, 'early');
  expect(early.filter((line) => line.startsWith('127.255'))).toEqual([]);
  await site.ecs.updateService({ service: 'early', forceNewDeployment: true });
  await becomesSteady(site, 'early', 1);
  const later = await linesOf(site, 'early');
  expect(later.filter((line) => line.startsWith('127.255'))).toHaveLength(2);
});
