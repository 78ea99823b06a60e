import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { Alarms } from './alarms-double.ts';
import { refusalOf } from './refusal-of.ts';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;

const watched = (rollback: boolean, bakeTimeInMinutes?: number) => ({
  deploymentConfiguration: {
    alarms: { alarmNames: ['errors', 'unknown'], enable: true, rollback },
    ...(bakeTimeInMinutes !== undefined && { bakeTimeInMinutes }),
  },
});

/** A service that has been deployed once, and begins its second deployment. */
async function startSecond(given: Partial<CreateServiceRequest>, alarms = new Alarms()) {
  const manual = await startServiceServer(undefined, alarms);
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest(given));
  await advance(10 * minuteMs);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  return { ...manual, alarms, [Symbol.asyncDispose]: () => manual[Symbol.asyncDispose]() };
}

test('a deployment bakes before it completes, and its alarms are asked once a minute', async () => {
  await using second = await startSecond(watched(true, 5));
  const { ecs, advance, alarms } = second;
  const before = alarms.asked;
  await advance(minuteMs);
  expect(await describeService(ecs)).toMatchObject({
    runningCount: 2,
    deploymentConfiguration: {
      alarms: { alarmNames: ['errors', 'unknown'], enable: true, rollback: true },
      bakeTimeInMinutes: 5,
    },
    deployments: [
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', desiredCount: 0 },
    ],
  });
  expect((await newest(ecs)).alarms).toEqual({
    status: 'MONITORING',
    alarmNames: ['errors', 'unknown'],
    triggeredAlarmNames: [],
  });
  await advance(5 * minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(await newest(ecs)).toMatchObject({
    status: 'SUCCESSFUL',
    alarms: { status: 'MONITORING_COMPLETE' },
  });
  expect(alarms.asked - before).toBe(6);
});

test('an alarm during the bake time rolls the deployment back', async () => {
  await using second = await startSecond(watched(true));
  const { ecs, advance, alarms } = second;
  await advance(minuteMs);
  alarms.inAlarm.add('errors');
  await advance(3 * minuteMs);
  const described = await describeService(ecs);
  expect(described.taskDefinition).toMatch(/web:1$/);
  expect(described).toMatchObject({
    runningCount: 2,
    deployments: [{ rolloutState: 'COMPLETED' }],
  });
  const texts = eventTexts(described);
  const failed = texts.indexOf(
    '(service shop) (deployment ecs-svc/N) deployment failed: alarm detected.',
  );
  expect(texts[failed + 1]).toBe('(service shop) rolling back to deployment ecs-svc/N.');
  const reason = 'Service deployment rolled back because one or more alarms were triggered.';
  expect(await newest(ecs)).toMatchObject({
    status: 'ROLLBACK_SUCCESSFUL',
    statusReason: reason,
    rollback: { reason },
    alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
  });
});

test('an alarm without roll-back stops the deployment where it is', async () => {
  await using second = await startSecond(watched(false));
  const { ecs, advance, alarms } = second;
  await advance(1_000);
  alarms.inAlarm.add('errors');
  await advance(2 * minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([
    {
      status: 'PRIMARY',
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment failed: alarm detected.',
    },
    { status: 'ACTIVE' },
  ]);
  expect(await newest(ecs)).toMatchObject({
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because one or more alarms were triggered.',
  });
});

test('alarms that are in ALARM when a deployment begins are not watched during it', async () => {
  const alarms = new Alarms();
  alarms.inAlarm.add('errors');
  await using second = await startSecond(watched(true), alarms);
  const { ecs, advance } = second;
  await advance(minuteMs);
  expect((await describeService(ecs)).deployments).toMatchObject([{ rolloutState: 'COMPLETED' }]);
  expect(await newest(ecs)).toMatchObject({
    status: 'SUCCESSFUL',
    alarms: { status: 'DISABLED' },
  });
});

test('a server that does not know where CloudWatch is refuses alarms, unless they are disabled', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const refusal =
    'UnsupportedFeatureException: Deployment alarms need CloudWatch, and this server was not told where it ' +
    'is. Start it with --aws-endpoint cloudwatch=URL, or disable the alarms.';
  expect(await refusalOf(ecs.createService(aServiceRequest(watched(true))))).toBe(refusal);
  await ecs.createService(aServiceRequest());
  expect(await refusalOf(ecs.updateService({ service: 'shop', ...watched(true) }))).toBe(refusal);
  const alarms = { alarmNames: ['errors'], enable: false, rollback: false };
  const { service } = await ecs.updateService({
    service: 'shop',
    deploymentConfiguration: { alarms },
  });
  expect(service?.deploymentConfiguration?.alarms).toEqual(alarms);
});

test('alarms without names and bake times out of range are refused', async () => {
  await using manual = await startServiceServer(undefined, new Alarms());
  const { ecs } = manual;
  const alarms = { alarmNames: [], enable: true, rollback: true };
  for (const [deploymentConfiguration, refusal] of [
    [{ alarms }, 'alarmNames cannot be empty when deployment alarms are enabled.'],
    [{ bakeTimeInMinutes: 1441 }, 'bakeTimeInMinutes must be between 0 and 1440'],
    [{ bakeTimeInMinutes: -1 }, 'bakeTimeInMinutes must be between 0 and 1440'],
  ] as const) {
    const request = aServiceRequest({
      deploymentConfiguration: structuredClone(deploymentConfiguration),
    });
    expect(await refusalOf(ecs.createService(request))).toBe(
      `InvalidParameterException: ${refusal}`,
    );
  }
});
