import type { ECS, ListServiceDeploymentsRequest } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aServiceRequest, describeService, startServiceServer } from './service-requests.ts';

const minuteMs = 60_000;
const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const dayMs = 24 * 60 * minuteMs;

/** A service of five service deployments: the first was made at once, the others a minute apart. */
async function startFive() {
  const manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  for (let made = 1; made < 5; made += 1) {
    await advance(minuteMs);
    await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  }
  // The last one goes on, and the one before was overtaken by it.
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(1_000);
  return manual;
}

async function listed(ecs: ECS, request: Partial<ListServiceDeploymentsRequest> = {}) {
  const asked = { service: 'shop', ...request };
  const { serviceDeployments = [], nextToken } = await ecs.listServiceDeployments(asked);
  return { serviceDeployments, nextToken };
}

test('service deployments are listed newest first, in pages, by status and by time', async () => {
  await using five = await startFive();
  const { ecs } = five;
  const { serviceDeployments: all } = await listed(ecs);
  const times = all.map(({ createdAt }) => createdAt?.getTime() ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(all.map(({ status }) => status)).toEqual([
    'IN_PROGRESS',
    'STOPPED',
    'SUCCESSFUL',
    'SUCCESSFUL',
    'SUCCESSFUL',
    'SUCCESSFUL',
  ]);

  const first = await listed(ecs, { maxResults: 4 });
  const second = await listed(ecs, { maxResults: 4, nextToken: first.nextToken });
  expect([...first.serviceDeployments, ...second.serviceDeployments]).toEqual(all);
  expect(second.nextToken).toBeUndefined();

  const stopped = await listed(ecs, { status: ['STOPPED', 'ROLLBACK_FAILED'] });
  expect(stopped.serviceDeployments).toEqual([all[1]]);
  const between = await listed(ecs, {
    createdAt: { after: all[5]?.createdAt, before: all[2]?.createdAt },
  });
  expect(between.serviceDeployments).toEqual([all[3], all[4]]);
});

test('ListServiceDeployments refuses what it cannot list', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await ecs.createService(aServiceRequest());
  expect(await refusalOf(listed(ecs, { service: 'none' }))).toBe(
    'ServiceNotFoundException: Service not found.',
  );
  expect(await refusalOf(listed(ecs, { maxResults: 101 }))).toBe(
    invalid('Max results can not be greater than 100'),
  );
  expect(await refusalOf(listed(ecs, { nextToken: 'x' }))).toMatch(/^InvalidParameterException: /);
});

test('service deployments and revisions are described by twenties, and what is missing is told', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  const [deployment] = (await listed(ecs)).serviceDeployments;
  const arn = deployment?.serviceDeploymentArn ?? '';
  const revision = deployment?.targetServiceRevisionArn ?? '';
  const [gone, goneRevision] = [`${arn.slice(0, -3)}abc`, `${revision.slice(0, -3)}000`];
  expect(
    await ecs.describeServiceDeployments({ serviceDeploymentArns: [arn, gone, arn] }),
  ).toMatchObject({
    serviceDeployments: [{ serviceDeploymentArn: arn }],
    failures: [{ arn: gone, reason: 'MISSING' }],
  });
  expect(
    await ecs.describeServiceRevisions({ serviceRevisionArns: [goneRevision, revision] }),
  ).toMatchObject({
    serviceRevisions: [{ serviceRevisionArn: revision }],
    failures: [{ arn: goneRevision, reason: 'MISSING' }],
  });
  const many = Array<string>(21).fill(arn);
  const refusals = [
    ecs.describeServiceDeployments({ serviceDeploymentArns: [] }),
    ecs.describeServiceDeployments({ serviceDeploymentArns: many }),
    ecs.describeServiceDeployments({ serviceDeploymentArns: [revision] }),
    ecs.describeServiceRevisions({ serviceRevisionArns: many }),
    ecs.describeServiceRevisions({ serviceRevisionArns: ['arn:aws:ecs'] }),
    ecs.stopServiceDeployment({ serviceDeploymentArn: 'mine' }),
  ].map(refusalOf);
  expect(await Promise.all(refusals)).toEqual([
    invalid('serviceDeploymentArns cannot be empty.'),
    invalid('serviceDeploymentArns can have at most 20 items.'),
    invalid('Unsupported resource type: service-revision'),
    invalid('serviceRevisionArns can have at most 20 items.'),
    invalid('Invalid identifier: arn:aws:ecs'),
    invalid('Invalid identifier: mine'),
  ]);
});

test('service deployments are known for 90 days after their end, and no longer than their service', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  const { serviceDeployments: first } = await listed(ecs);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(89 * dayMs);
  expect((await listed(ecs)).serviceDeployments).toHaveLength(2);
  await advance(2 * dayMs);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(minuteMs);
  const left = (await listed(ecs)).serviceDeployments.map((one) => one.serviceDeploymentArn);
  expect(left).not.toContain(first[0]?.serviceDeploymentArn);

  await ecs.deleteService({ service: 'shop', force: true });
  await advance(minuteMs);
  expect((await describeService(ecs)).status).toBe('INACTIVE');
  const serviceDeploymentArns = left.map((arn = '') => arn);
  const { failures } = await ecs.describeServiceDeployments({ serviceDeploymentArns });
  expect(failures).toHaveLength(left.length);
});

test('a deployment that is on its way back goes on so when it is stopped again', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(1_000);
  const [ongoing] = (await listed(ecs)).serviceDeployments;
  const { serviceDeploymentArn } = ongoing ?? {};
  for (let asked = 0; asked < 2; asked += 1) {
    expect(await ecs.stopServiceDeployment({ serviceDeploymentArn })).toMatchObject({
      serviceDeploymentArn,
    });
  }
  await advance(minuteMs);
  expect((await listed(ecs)).serviceDeployments[0]).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
  });
});

test('a first deployment that a user stops has nothing to go back to', async () => {
  await using manual = await startServiceServer('simulated/missing');
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(1_000);
  const [{ serviceDeploymentArn } = {}] = (await listed(ecs)).serviceDeployments;
  await ecs.stopServiceDeployment({ serviceDeploymentArn });
  await advance(minuteMs);
  expect((await listed(ecs)).serviceDeployments).toMatchObject([
    {
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    },
  ]);
});
