import type { DeploymentEarlySuccessCriteria } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';
import { newest } from './shift-requests.ts';

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

test('with BLOCKING a deployment goes on until the last task of the former one is gone', async () => {
  await using second = await startSecond('BLOCKING');
  const { ecs, advance } = second;
  expect((await newest(ecs)).status).toBe('IN_PROGRESS');
  await advance(60 * minuteMs);
  expect((await newest(ecs)).status).toBe('SUCCESSFUL');
});
