import {
  ApplicationAutoScalingServiceException,
  type MetricType,
  type PutScheduledActionCommandInput,
  type ServiceNamespace,
} from '@aws-sdk/client-application-auto-scaling';
import { expect } from 'vitest';
import { test as base } from './server.ts';
import { aTarget, aTracking, scalingClient, shop } from './scaling-requests.ts';
import { aServiceRequest, register } from './service-requests.ts';

const test = base
  .extend('service', async ({ ecs }) => {
    await ecs.createCluster();
    await register(ecs);
    const { service } = await ecs.createService(aServiceRequest({ desiredCount: 1 }));
    return service;
  })
  .extend('scaling', ({ server, accountId, service }, { onCleanup }) => {
    const scaling = scalingClient(server.url, accountId);
    onCleanup(() => scaling.destroy());
    if (!service) throw new Error('There is no service.');
    return scaling;
  });

async function refusalOf(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApplicationAutoScalingServiceException)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

const anAction: PutScheduledActionCommandInput = {
  ...shop,
  ScheduledActionName: 'evening',
  Schedule: 'cron(0 18 ? * MON-FRI *)',
  Timezone: 'Europe/Paris',
  ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 2 },
};

const steps = {
  ...shop,
  PolicyName: 'steps',
  PolicyType: 'StepScaling' as const,
  StepScalingPolicyConfiguration: {
    AdjustmentType: 'PercentChangeInCapacity' as const,
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 10 },
      { MetricIntervalLowerBound: 20, ScalingAdjustment: 50 },
    ],
    MinAdjustmentMagnitude: 2,
    Cooldown: 60,
    MetricAggregationType: 'Maximum' as const,
  },
};

test('a scalable target is registered, described and changed member by member', async ({
  scaling,
  accountId,
}) => {
  const { ScalableTargetARN: arn } = await scaling.registerScalableTarget(
    aTarget({ Tags: { team: 'blue' } }),
  );
  expect(arn).toMatch(
    /^arn:aws:application-autoscaling:us-east-1:\d{12}:scalable-target\/[0-9a-z]{36}$/,
  );
  const described = async () => {
    const { ScalableTargets } = await scaling.describeScalableTargets({
      ServiceNamespace: 'ecs',
      ResourceIds: [shop.ResourceId],
    });
    return ScalableTargets;
  };
  expect(await described()).toEqual([
    {
      ...shop,
      MinCapacity: 1,
      MaxCapacity: 10,
      RoleARN:
        `arn:aws:iam::${accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/` +
        'AWSServiceRoleForApplicationAutoScaling_ECSService',
      CreationTime: expect.any(Date),
      SuspendedState: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
      ScalableTargetARN: arn,
    },
  ]);
  await scaling.registerScalableTarget({ ...shop, MaxCapacity: 5 });
  const SuspendedState = { ScheduledScalingSuspended: true };
  await scaling.registerScalableTarget({ ...shop, SuspendedState });
  expect(await described()).toMatchObject([
    {
      ScalableTargetARN: arn,
      MinCapacity: 1,
      MaxCapacity: 5,
      SuspendedState: { DynamicScalingInSuspended: false, ScheduledScalingSuspended: true },
    },
  ]);

  const ResourceARN = arn ?? '';
  await scaling.tagResource({ ResourceARN, Tags: { team: 'red', stage: 'test' } });
  await scaling.untagResource({ ResourceARN, TagKeys: ['stage', 'nothing'] });
  expect((await scaling.listTagsForResource({ ResourceARN })).Tags).toEqual({ team: 'red' });
});

test('a target takes its policies and scheduled actions with it', async ({ scaling }) => {
  await scaling.registerScalableTarget(aTarget());
  await scaling.putScalingPolicy(aTracking());
  await scaling.putScheduledAction(anAction);
  await scaling.deregisterScalableTarget(shop);
  const namespace = { ServiceNamespace: 'ecs' } as const;
  expect((await scaling.describeScalableTargets(namespace)).ScalableTargets).toEqual([]);
  expect((await scaling.describeScalingPolicies(namespace)).ScalingPolicies).toEqual([]);
  expect((await scaling.describeScheduledActions(namespace)).ScheduledActions).toEqual([]);
});

test('what cannot be registered is refused in the words of Application Auto Scaling', async ({
  scaling,
  ecs,
}) => {
  const refused = (given: Parameters<typeof aTarget>[0]) =>
    refusalOf(scaling.registerScalableTarget(aTarget(given)));
  const unsupported =
    'ValidationException: Unsupported service namespace, resource type or scalable dimension';
  expect(await refused({ ResourceId: 'service/default/nothing' })).toBe(
    "ValidationException: ECS service doesn't exist: service/default/nothing",
  );
  expect(await refused({ ServiceNamespace: 'dynamodb' })).toBe(unsupported);
  expect(await refused({ ResourceId: 'table/shop' })).toBe(unsupported);
  expect(await refused({ ScalableDimension: 'dynamodb:table:ReadCapacityUnits' })).toBe(
    unsupported,
  );
  const unknown: string = 'nowhere';
  expect(await refused({ ServiceNamespace: unknown as ServiceNamespace })).toMatch(
    /^ValidationException: 1 validation error detected: Value 'nowhere' at 'serviceNamespace' failed to satisfy constraint: Member must satisfy enum value set: \[ecs, /,
  );
  expect(await refused({ MinCapacity: 3, MaxCapacity: 2 })).toBe(
    'ValidationException: Maximum capacity cannot be less than minimum capacity',
  );
  expect(await refused({ MinCapacity: -1 })).toMatch(/at 'minCapacity' failed to satisfy/);
  expect(await refusalOf(scaling.registerScalableTarget({ ...shop, MinCapacity: 1 }))).toMatch(
    /^ValidationException: Both minimum capacity and maximum capacity are required/,
  );
  expect(await refused({ MaxCapacity: 2 ** 31 })).toMatch(/less than or equal to 2147483647$/);
  await ecs.createService({
    ...aServiceRequest({ serviceName: 'each', schedulingStrategy: 'DAEMON', launchType: 'EC2' }),
    desiredCount: undefined,
  });
  expect(await refused({ ResourceId: 'service/default/each' })).toMatch(/DAEMON/);
});

test('what there is not is not found', async ({ scaling }) => {
  const place =
    'service namespace: ecs, resource ID: service/default/shop, scalable dimension: ecs:service:DesiredCount';
  const nothing = `ObjectNotFoundException: No scalable target registered for ${place}`;
  expect(await refusalOf(scaling.putScalingPolicy(aTracking()))).toBe(nothing);
  expect(await refusalOf(scaling.putScheduledAction(anAction))).toBe(nothing);
  expect(await refusalOf(scaling.deregisterScalableTarget(shop))).toBe(
    `ObjectNotFoundException: No scalable target found for ${place}`,
  );
  expect(await refusalOf(scaling.deleteScalingPolicy({ ...shop, PolicyName: 'cpu' }))).toBe(
    `ObjectNotFoundException: No scaling policy found for ${place}, policy name: cpu`,
  );
  const ScheduledActionName = 'evening';
  expect(await refusalOf(scaling.deleteScheduledAction({ ...shop, ScheduledActionName }))).toBe(
    `ObjectNotFoundException: No scheduled action found for ${place}, scheduled action name: evening`,
  );
  const ResourceARN = 'arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0ec5';
  expect(await refusalOf(scaling.listTagsForResource({ ResourceARN }))).toMatch(
    /^ResourceNotFoundException/,
  );
});

test('policies are put, described with the alarms that AWS would make, and deleted', async ({
  scaling,
}) => {
  await scaling.registerScalableTarget(aTarget());
  const put = await scaling.putScalingPolicy(aTracking({ ScaleInCooldown: 30 }));
  expect(put.PolicyARN).toMatch(
    /^arn:aws:autoscaling:us-east-1:\d{12}:scalingPolicy:[0-9a-f-]{36}:resource\/ecs\/service\/default\/shop:policyName\/cpu$/,
  );
  const [high, low, ...others] = put.Alarms ?? [];
  expect(high?.AlarmName).toMatch(
    /^TargetTracking-service\/default\/shop-AlarmHigh-[0-9a-f-]{36}$/,
  );
  expect(low?.AlarmARN).toMatch(/:alarm:TargetTracking-service\/default\/shop-AlarmLow-/);
  expect(others).toEqual([]);
  expect((await scaling.putScalingPolicy(steps)).Alarms).toEqual([]);

  const { ScalingPolicies: policies } = await scaling.describeScalingPolicies(shop);
  expect(policies).toEqual([
    {
      ...aTracking({ ScaleInCooldown: 30, DisableScaleIn: false }),
      PolicyARN: put.PolicyARN,
      Alarms: put.Alarms,
      CreationTime: expect.any(Date),
    },
    {
      ...steps,
      PolicyARN: expect.any(String),
      Alarms: [],
      CreationTime: expect.any(Date),
    },
  ]);

  const again = await scaling.putScalingPolicy(aTracking({ DisableScaleIn: true }));
  expect(again).toMatchObject({ PolicyARN: put.PolicyARN, Alarms: [high] });
  await scaling.deleteScalingPolicy({ ...shop, PolicyName: 'cpu' });
  const left = await scaling.describeScalingPolicies({
    ServiceNamespace: 'ecs',
    PolicyNames: ['cpu'],
  });
  expect(left.ScalingPolicies).toEqual([]);
});

test('policies that mean nothing here are refused', async ({ scaling }) => {
  await scaling.registerScalableTarget(aTarget());
  const refused = (given: Parameters<typeof aTracking>[0]) =>
    refusalOf(scaling.putScalingPolicy(aTracking(given)));
  const predefined = (
    PredefinedMetricType: 'ALBRequestCountPerTarget',
    ResourceLabel?: string,
  ) => ({
    PredefinedMetricSpecification: { PredefinedMetricType, ResourceLabel },
  });
  expect(
    await refused(
      predefined('ALBRequestCountPerTarget', 'app/web/778d41231b141a0f/targetgroup/web/943f017f'),
    ),
  ).toBe(
    'FailedResourceAccessException: ALBRequestCountPerTarget is read from CloudWatch, and this server was not ' +
      'told where it is. Start it with --aws-endpoint cloudwatch=URL.',
  );
  expect(await refused(predefined('ALBRequestCountPerTarget'))).toMatch(/needs a ResourceLabel/);
  expect(await refused({ PredefinedMetricSpecification: undefined })).toMatch(
    /^ValidationException: Either a predefined metric or a customized metric/,
  );
  const alien: string = 'constructor';
  const PredefinedMetricType = alien as MetricType;
  expect(await refused({ PredefinedMetricSpecification: { PredefinedMetricType } })).toMatch(
    /^ValidationException: The metric type constructor is not valid/,
  );
  expect(await refusalOf(scaling.putScalingPolicy(aTracking({}, 'two\nlines')))).toMatch(
    /at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern/,
  );
  expect(await refused({ TargetValue: 0 })).toMatch(/Target value must be greater than 0/);
  expect(await refused({ ScaleInCooldown: -1 })).toMatch(/scaleInCooldown must be/);
  expect(
    await refusalOf(
      scaling.putScalingPolicy({ ...shop, PolicyName: 'later', PolicyType: 'PredictiveScaling' }),
    ),
  ).toBe(
    'ValidationException: Predictive scaling is not implemented in this release of Longshore. ' +
      'docs/auto-scaling.md lists what is.',
  );
  const gap = [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 20, ScalingAdjustment: 2 },
  ];
  const StepScalingPolicyConfiguration = {
    AdjustmentType: 'ChangeInCapacity' as const,
    StepAdjustments: gap,
  };
  expect(
    await refusalOf(scaling.putScalingPolicy({ ...steps, StepScalingPolicyConfiguration })),
  ).toMatch(/must not overlap or have gaps/);
});

test('steps are made of whole numbers', async ({ scaling }) => {
  await scaling.registerScalableTarget(aTarget());
  const { StepScalingPolicyConfiguration: configuration } = steps;
  const refused = (ScalingAdjustment: number, MinAdjustmentMagnitude: number) =>
    refusalOf(
      scaling.putScalingPolicy({
        ...steps,
        StepScalingPolicyConfiguration: {
          ...configuration,
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment }],
          MinAdjustmentMagnitude,
        },
      }),
    );
  expect(await refused(1.5, 1)).toMatch(/scalingAdjustment' failed .* Member must be an integer$/);
  expect(await refused(-(2 ** 32), 1)).toMatch(/greater than or equal to -2147483648$/);
  expect(await refused(10, 2.5)).toMatch(/minAdjustmentMagnitude' failed .* be an integer$/);
  expect(await refused(10, 0)).toBe(
    'ValidationException: MinAdjustmentMagnitude must be greater than 0',
  );
  expect(await refused(10, 1)).toBeUndefined();
});

test('targets are not listed by a dimension without a resource', async ({ scaling }) => {
  const { ServiceNamespace, ScalableDimension } = shop;
  expect(
    await refusalOf(scaling.describeScalableTargets({ ServiceNamespace, ScalableDimension })),
  ).toBe('ValidationException: ResourceId must be specified along with ScalableDimension');
});

test('scheduled actions are put, changed, described and deleted', async ({ scaling }) => {
  await scaling.registerScalableTarget(aTarget());
  await scaling.putScheduledAction(anAction);
  const StartTime = new Date(Date.UTC(2030, 0, 1));
  await scaling.putScheduledAction({ ...shop, ScheduledActionName: 'evening', StartTime });
  const described = await scaling.describeScheduledActions(shop);
  expect(described.ScheduledActions).toEqual([
    {
      ...anAction,
      StartTime,
      ScheduledActionARN: expect.stringMatching(
        /:scheduledAction:[0-9a-f-]{36}:resource\/ecs\/service\/default\/shop:scheduledActionName\/evening$/,
      ),
      CreationTime: expect.any(Date),
    },
  ]);
  await scaling.deleteScheduledAction({ ...shop, ScheduledActionName: 'evening' });
  expect((await scaling.describeScheduledActions(shop)).ScheduledActions).toEqual([]);

  const refused = (given: Partial<PutScheduledActionCommandInput>) =>
    refusalOf(scaling.putScheduledAction({ ...anAction, ...given }));
  expect(await refused({ Schedule: 'cron(0 18 * * * *)' })).toBe(
    'ValidationException: Schedule expression is invalid: cron(0 18 * * * *)',
  );
  expect(await refused({ Timezone: 'Mars/Phobos' })).toMatch(/Timezone is invalid: Mars\/Phobos/);
  expect(await refused({ ScalableTargetAction: {} })).toBe(
    'ValidationException: At least one of minimum capacity and maximum capacity should be provided',
  );
  expect(await refused({ ScheduledActionName: 'a/b' })).toMatch(/at 'scheduledActionName'/);
});

test('lists are read page by page', async ({ scaling }) => {
  await scaling.registerScalableTarget(aTarget());
  for (const name of ['a', 'b', 'c']) await scaling.putScalingPolicy(aTracking({}, name));
  const first = await scaling.describeScalingPolicies({ ServiceNamespace: 'ecs', MaxResults: 2 });
  expect(first.ScalingPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['a', 'b']);
  const { NextToken } = first;
  const second = await scaling.describeScalingPolicies({ ServiceNamespace: 'ecs', NextToken });
  expect(second.ScalingPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['c']);
  expect(second.NextToken).toBeUndefined();
  expect(
    await refusalOf(
      scaling.describeScalingPolicies({ ServiceNamespace: 'ecs', NextToken: 'nonsense' }),
    ),
  ).toMatch(/^InvalidNextTokenException/);
  expect(
    await refusalOf(scaling.describeScalingPolicies({ ServiceNamespace: 'ecs', MaxResults: 11 })),
  ).toMatch(/at 'maxResults' failed to satisfy constraint/);
});
