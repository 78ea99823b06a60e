import type { DeploymentEarlySuccessCriteria, ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import type { TestServer } from './server.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;

/** A service of four, one of whose tasks is protected for an hour, begins its second deployment. */
async function startSecond(cleanup: 'BLOCKING' | 'DEFERRED') {
  const manual = await startServiceServer();
  const { ecs, advance } = manual;
  const earlySuccessCriteria: DeploymentEarlySuccessCriteria = {
    enable: true,
    healthyPercent: 50,
    sourceServiceRevisionCleanup: cleanup,
  };
  const deploymentConfiguration = {
    minimumHealthyPercent: 50,
    maximumPercent: 100,
    earlySuccessCriteria,
  };
  await ecs.createService(aServiceRequest({ desiredCount: 4, deploymentConfiguration }));
  await advance(minuteMs);
  await ecs.updateTaskProtection({
    cluster: 'default',
    tasks: (await serviceTasks(ecs)).slice(0, 1),
    protectionEnabled: true,
    expiresInMinutes: 60,
  });
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(5 * minuteMs);
  return manual;
}

async function protectedTasks(ecs: ECS): Promise<string[]> {
  const tasks = await serviceTasks(ecs);
  const { protectedTasks: told = [] } = await ecs.getTaskProtection({ cluster: 'default', tasks });
  return told
    .filter(({ protectionEnabled }) => protectionEnabled)
    .map(({ taskArn = '' }) => taskArn);
}

async function explain({ url }: TestServer, query: string): Promise<string> {
  const accept = 'text/plain';
  const response = await fetch(`${url}/longshore/explain?${query}`, { headers: { accept } });
  return response.text();
}

test('with DEFERRED a deployment is over although a task of the former one is left', async () => {
  await using second = await startSecond('DEFERRED');
  const { ecs, advance } = second;
  const ended = await newest(ecs);
  expect(ended).toMatchObject({
    status: 'SUCCESSFUL',
    deploymentConfiguration: {
      earlySuccessCriteria: {
        enable: true,
        healthyPercent: 50,
        sourceServiceRevisionCleanup: 'DEFERRED',
      },
    },
  });
  expect(await describeService(ecs)).toMatchObject({
    deployments: [
      { status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 3 },
      { status: 'ACTIVE', desiredCount: 1, runningCount: 1 },
    ],
  });
  const { serviceDeploymentArn } = ended;
  expect(await refusalOf(ecs.stopServiceDeployment({ serviceDeploymentArn }))).toMatch(
    /^ConflictException: .* is already in a terminal state\.$/,
  );
  await advance(60 * minuteMs);
  const described = await describeService(ecs);
  expect(described).toMatchObject({ deployments: [{ runningCount: 4 }] });
  expect((await newest(ecs)).targetServiceRevision).toEqual(ended.targetServiceRevision);
  expect(eventTexts(described).at(-1)).toBe('(service shop) has reached a steady state.');
});

test('what a DEFERRED clean-up could not stop for two weeks stays, until the next deployment', async () => {
  await using second = await startSecond('DEFERRED');
  const { ecs, advance, server } = second;
  const [task = ''] = await protectedTasks(ecs);
  const protectOnwards = () =>
    ecs.updateTaskProtection({
      cluster: 'default',
      tasks: [task],
      protectionEnabled: true,
      expiresInMinutes: 2880,
    });
  for (let day = 0; day < 14; day += 1) {
    await protectOnwards();
    await advance(24 * 60 * minuteMs);
  }
  const lift = { cluster: 'default', tasks: [task], protectionEnabled: false };
  await ecs.updateTaskProtection(lift);
  await advance(60 * minuteMs);
  const kept = await describeService(ecs);
  expect(kept).toMatchObject({
    deployments: [
      { status: 'PRIMARY', runningCount: 4 },
      { status: 'ACTIVE', runningCount: 1 },
    ],
  });
  expect(eventTexts(kept).at(-1)).toBe('(service shop) has reached a steady state.');
  const explained = await explain(server, `service=${kept.serviceArn}`);
  expect(explained).toMatch(/ACTIVE COMPLETED .*clean-up \(DEFERRED\) was given up at /);
  expect(explained).toContain('It is steady since');
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(5 * minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([{ runningCount: 4 }]);
});

test('longshore explain names what an early success needs', async () => {
  await using second = await startSecond('BLOCKING');
  const { ecs, server } = second;
  const { serviceArn, serviceDeploymentArn } = await newest(ecs);
  const needs =
    'its early success needs 2 healthy tasks of the new revision (healthyPercent 50), and there are 3; the ' +
    'clean-up is BLOCKING: all former tasks have to be gone as well';
  expect(await explain(server, `service=${serviceArn}`)).toContain(needs);
  const deployment = await explain(server, `deployment=${serviceDeploymentArn}`);
  expect(deployment).toContain(needs);
  expect(deployment).toContain('Its early success criteria: healthyPercent 50, clean-up BLOCKING.');
});

test('with BLOCKING a deployment goes on until the last task of the former one is gone', async () => {
  await using second = await startSecond('BLOCKING');
  const { ecs, advance } = second;
  expect((await newest(ecs)).status).toBe('IN_PROGRESS');
  await advance(60 * minuteMs);
  expect((await newest(ecs)).status).toBe('SUCCESSFUL');
});
