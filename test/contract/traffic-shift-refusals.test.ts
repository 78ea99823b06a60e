import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aServiceRequest, newest, startServiceServer } from './service-requests.ts';
import { Functions, lambdaHook, pauseHook, shifting, startSecond } from './shift-requests.ts';

const minuteMs = 60_000;
const invalid = (message: string): string => `InvalidParameterException: ${message}`;

const refused: readonly [DeploymentConfiguration, string][] = [
  [
    { strategy: 'BLUE_GREEN', linearConfiguration: { stepPercent: 10 } },
    'linearConfiguration is only valid when the deployment strategy is LINEAR',
  ],
  [
    { canaryConfiguration: { canaryPercent: 10 } },
    'canaryConfiguration is only valid when the deployment strategy is CANARY',
  ],
  [
    { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2.9 } },
    'stepPercent must be between 3.0 and 100.0',
  ],
  [
    { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0.05 } },
    'canaryPercent must be between 0.1 and 100.0',
  ],
  [
    { strategy: 'CANARY', canaryConfiguration: { canaryBakeTimeInMinutes: 1441 } },
    'canaryBakeTimeInMinutes must be between 0 and 1440',
  ],
  [
    { strategy: 'BLUE_GREEN', lifecycleHooks: [{ ...pauseHook, lifecycleStages: [] }] },
    'lifecycleStages is required for PAUSE lifecycle hooks',
  ],
  [
    {
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [{ ...pauseHook, lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }],
    },
    'Invalid lifecycle stage provided for Pause Hook',
  ],
  [
    {
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [{ ...pauseHook, timeoutConfiguration: { timeoutInMinutes: 20_161 } }],
    },
    'timeoutInMinutes must be between 1 and 20160',
  ],
  [
    { strategy: 'BLUE_GREEN', lifecycleHooks: [{ ...lambdaHook, hookTargetArn: undefined }] },
    'hookTargetArn is required for AWS_LAMBDA lifecycle hooks',
  ],
  [
    { strategy: 'BLUE_GREEN', lifecycleHooks: [{ ...lambdaHook, roleArn: undefined }] },
    'roleArn is required for AWS_LAMBDA lifecycle hooks',
  ],
  [
    { strategy: 'BLUE_GREEN', lifecycleHooks: Array(11).fill(pauseHook) },
    'lifecycleHooks can have at most 10 PAUSE items.',
  ],
  [
    { lifecycleHooks: [pauseHook] },
    'lifecycleHooks are only valid when the deployment strategy is BLUE_GREEN, LINEAR or CANARY',
  ],
];

test.each(refused)(
  'CreateService refuses the deployment configuration %j',
  async (given, refusal) => {
    await using manual = await startServiceServer();
    const { ecs } = manual;
    expect(await refusalOf(ecs.createService(aServiceRequest(shifting(given))))).toBe(
      invalid(refusal),
    );
  },
);

test('hooks of an unknown type are refused', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const hook = JSON.parse('{"targetType":"SNS","lifecycleStages":["PRE_SCALE_UP"]}');
  const shift = shifting({ strategy: 'BLUE_GREEN', lifecycleHooks: [hook] });
  expect(await refusalOf(ecs.createService(aServiceRequest(shift)))).toBe(
    invalid('Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE'),
  );
});

test('a server that does not know where Lambda is refuses hooks that need it', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const shift = shifting({ strategy: 'BLUE_GREEN', lifecycleHooks: [lambdaHook] });
  expect(await refusalOf(ecs.createService(aServiceRequest(shift)))).toBe(
    'UnsupportedFeatureException: Lifecycle hooks of the type AWS_LAMBDA need Lambda, and this server was not ' +
      'told where it is. Start it with --aws-endpoint lambda=URL, or use hooks of the type PAUSE.',
  );
});

test('the defaults of strategies and hooks are filled in', async () => {
  await using manual = await startServiceServer(undefined, new Functions());
  const { ecs } = manual;
  const { service } = await ecs.createService(
    aServiceRequest(shifting({ strategy: 'CANARY', lifecycleHooks: [lambdaHook] })),
  );
  expect(service?.deploymentConfiguration).toMatchObject({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
    bakeTimeInMinutes: 0,
    lifecycleHooks: [
      {
        ...lambdaHook,
        targetType: 'AWS_LAMBDA',
        timeoutConfiguration: { timeoutInMinutes: 1440, action: 'ROLLBACK' },
      },
    ],
  });
  const linear = await ecs.updateService({ service: 'shop', ...shifting({ strategy: 'LINEAR' }) });
  expect(linear.service?.deploymentConfiguration).toMatchObject({
    linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 },
  });
});

test('ContinueServiceDeployment refuses what does not wait for it', async () => {
  await using second = await startSecond(shifting({ strategy: 'BLUE_GREEN' }));
  const { ecs, advance } = second;
  await advance(100);
  const { serviceDeploymentArn } = await newest(ecs);
  const hookId = `ecs-pause-${'x'.repeat(43)}`;
  const proceed = (given: object) =>
    refusalOf(ecs.continueServiceDeployment({ serviceDeploymentArn, hookId, ...given }));
  expect(await proceed({ hookId: 'pause' })).toBe(
    invalid('Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}'),
  );
  expect(await proceed({})).toBe(
    invalid(
      'Provided hookId is either completed, unavailable, or not associated with the given Resource ARN',
    ),
  );
  const none = { serviceDeploymentArn: `${serviceDeploymentArn}x` };
  expect(await proceed(none)).toBe(
    'ServiceDeploymentNotFoundException: The service deployment does not exist.',
  );
  expect(await proceed({ ...none, action: 'WAIT' })).toBe(
    invalid('Action should be one of [CONTINUE,ROLLBACK]'),
  );
  await advance(minuteMs);
  expect(await proceed({})).toBe(
    invalid(
      'Continuing a service deployment is not allowed for service deployment in terminal states.',
    ),
  );
});
