import { expect, test } from 'vitest';
import {
  aServiceRequest,
  describeService,
  newest,
  serviceTasks,
} from '../../contract/service-requests.ts';
import { pagesOf, ServiceSite, Visitor } from './service-site.ts';

const count = 3;
const many = 20;
const patience = { timeout: 60_000, interval: 50 };

/** Waits until Docker runs so many tasks of this revision and no other, and ECS says the same. */
async function becomesSteady(site: ServiceSite, revision = 'first', tasks = count): Promise<void> {
  await expect
    .poll(() => describeService(site.ecs), patience)
    .toMatchObject({
      runningCount: tasks,
      pendingCount: 0,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
  const pages = Array.from({ length: tasks }, () => revision);
  await expect.poll(() => pagesOf(site), patience).toEqual(pages);
}

/** A server with a service whose tasks serve `first`. */
async function startService(given: Parameters<typeof aServiceRequest>[0] = {}) {
  const site = await ServiceSite.open();
  await site.registerPage('first');
  await site.ecs.createService(aServiceRequest({ desiredCount: count, ...given }));
  return site;
}

test('a service holds its count when containers are killed, and its server with them', async () => {
  await using site = await startService();
  await expect.poll(async () => (await site.apps()).size, patience).toBeGreaterThan(0);
  await site.killServer();
  await becomesSteady(site);
  const before = await site.apps();
  const killed = [...before].slice(0, 2);
  await Promise.all(killed.map(([, id]) => site.engine.stopContainer(id, 0)));
  await site.killServer();
  await becomesSteady(site);
  const after = new Set((await site.apps()).values());
  expect([...before.values()].filter((id) => after.has(id))).toHaveLength(1);
  expect(await serviceTasks(site.ecs)).toHaveLength(count);
});

test('a roll to a new revision under load keeps to its floor, though its server is killed on the way', async () => {
  await using site = await startService();
  await becomesSteady(site);
  const visitor = new Visitor(site);
  await site.registerPage('second');
  await site.ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await expect.poll(() => pagesOf(site), patience).toContain('second');
  await site.killServer();
  await becomesSteady(site, 'second');
  expect(await newest(site.ecs)).toMatchObject({ status: 'SUCCESSFUL' });
  expect(await visitor.end()).toBeGreaterThanOrEqual(count);
});

test('a circuit breaker takes a crashing revision back, though its server is killed on the way', async () => {
  const deploymentCircuitBreaker = { enable: true, rollback: true };
  const deploymentConfiguration = { deploymentCircuitBreaker };
  await using site = await startService({ deploymentConfiguration });
  await becomesSteady(site);
  const visitor = new Visitor(site);
  await site.registerCrash();
  await site.ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  const failures = async () => (await newest(site.ecs)).deploymentCircuitBreaker?.failureCount;
  await expect.poll(failures, patience).toBeGreaterThan(0);
  await site.killServer();
  await expect
    .poll(() => newest(site.ecs), patience)
    .toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      deploymentCircuitBreaker: { status: 'TRIGGERED' },
    });
  // Those that ended while there was no server are counted together.
  expect(await failures()).toBeGreaterThanOrEqual(count);
  await becomesSteady(site);
  expect((await describeService(site.ecs)).taskDefinition).toMatch(/web:1$/);
  expect(await visitor.end()).toBe(count);
});

test('a service is scaled up and down to 0, though its server is killed on either way', async () => {
  await using site = await startService({ desiredCount: 0 });
  await site.ecs.updateService({ service: 'shop', desiredCount: many });
  await expect.poll(async () => (await site.apps()).size, patience).toBeGreaterThan(1);
  await site.killServer();
  await becomesSteady(site, 'first', many);
  await site.ecs.updateService({ service: 'shop', desiredCount: 0 });
  await expect.poll(async () => (await serviceTasks(site.ecs)).length, patience).toBe(0);
  await site.killServer();
  await becomesSteady(site, 'first', 0);
  await site.ecs.deleteService({ service: 'shop' });
  await expect
    .poll(async () => (await describeService(site.ecs)).status, patience)
    .toBe('INACTIVE');
});
