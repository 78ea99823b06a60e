import type { AdvancedConfiguration, ECS, LoadBalancer } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import {
  aServiceRequest,
  describeService,
  newest,
  startServiceServer,
} from './service-requests.ts';

const minuteMs = 60_000;
const elb = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const [first, second, third] = ['a', 'b', 'c'].map((one) => `${elb}:targetgroup/${one}/0123`);
const rule = `${elb}:listener-rule/app/front/0123/4567/89ab`;
const roleArn = 'arn:aws:iam::123456789012:role/infrastructure';
const advancedConfiguration: AdvancedConfiguration = {
  alternateTargetGroupArn: second,
  productionListenerRule: rule,
  roleArn,
};
const balancer: LoadBalancer = {
  targetGroupArn: first,
  containerName: 'app',
  containerPort: 80,
  advancedConfiguration,
};
const advanced = (given: AdvancedConfiguration): LoadBalancer => ({
  ...balancer,
  advancedConfiguration: { ...advancedConfiguration, ...given },
});
const { advancedConfiguration: _, ...plain } = balancer;
const classic: LoadBalancer = { loadBalancerName: 'old', containerName: 'app', containerPort: 80 };
const blueGreen = { deploymentConfiguration: { strategy: 'BLUE_GREEN' } } as const;
const event =
  '(service shop) records the traffic weights of its revisions. No load balancer routes by them, and no ' +
  'target is registered.';

async function registerWithPort(ecs: ECS): Promise<void> {
  const app = {
    name: 'app',
    image: 'simulated/run',
    versionConsistency: 'disabled' as const,
    portMappings: [{ containerPort: 80 }],
  };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
}

async function start() {
  const manual = await startServiceServer();
  await registerWithPort(manual.ecs);
  return manual;
}

/** What the revision of the newest deployment shows. */
async function newestRevision(ecs: ECS) {
  const { targetServiceRevision } = await newest(ecs);
  const serviceRevisionArns = [targetServiceRevision?.arn ?? ''];
  const { serviceRevisions = [] } = await ecs.describeServiceRevisions({ serviceRevisionArns });
  return serviceRevisions[0];
}

test('target groups take turns from one deployment to the next, and the weights are shown', async () => {
  await using manual = await start();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ ...blueGreen, loadBalancers: [balancer] }));
  const used: (string | undefined)[] = [];
  for (const forceNewDeployment of [true, true, false]) {
    await advance(minuteMs);
    expect(await newest(ecs)).toMatchObject({
      status: 'SUCCESSFUL',
      targetServiceRevision: { requestedProductionTrafficWeight: 100 },
    });
    const revision = await newestRevision(ecs);
    expect(revision?.loadBalancers).toEqual([balancer]);
    const [resolved] = revision?.resolvedConfiguration?.loadBalancers ?? [];
    expect(resolved?.productionListenerRule).toBe(rule);
    used.push(resolved?.targetGroupArn);
    await ecs.updateService({ service: 'shop', forceNewDeployment });
  }
  expect(used).toEqual([first, second, first]);
  const described = await describeService(ecs);
  expect(described.loadBalancers).toEqual([balancer]);
  expect(described.roleArn).toMatch(/AWSServiceRoleForECS$/);
  expect(described.events?.filter(({ message }) => message === event)).toHaveLength(1);
});

test('a deployment that is taken back leaves the target group to the next one', async () => {
  await using manual = await start();
  const { ecs, advance } = manual;
  const bakeTimeInMinutes = 10;
  await ecs.createService(
    aServiceRequest({
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes },
      loadBalancers: [balancer],
    }),
  );
  await advance(20 * minuteMs);
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(minuteMs);
  const { serviceDeploymentArn } = await newest(ecs);
  await ecs.stopServiceDeployment({ serviceDeploymentArn });
  await advance(minuteMs);
  expect((await newest(ecs)).status).toBe('ROLLBACK_SUCCESSFUL');
  await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  await advance(minuteMs);
  const resolved = (await newestRevision(ecs))?.resolvedConfiguration;
  expect(resolved?.loadBalancers?.[0]?.targetGroupArn).toBe(second);
});

test('other load balancers begin a deployment, the same ones do not', async () => {
  await using manual = await start();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ ...blueGreen, loadBalancers: [balancer] }));
  await advance(minuteMs);
  const update = async (loadBalancers: LoadBalancer[]) => {
    const { service } = await ecs.updateService({ service: 'shop', loadBalancers });
    return service?.deployments?.length;
  };
  expect(await update([balancer])).toBe(1);
  expect(await update([advanced({ testListenerRule: `${rule}0` })])).toBe(2);
  await advance(minuteMs);
  expect(await update([])).toBe(2);
  await advance(minuteMs);
  expect((await describeService(ecs)).loadBalancers).toEqual([]);
});

const refused: readonly [LoadBalancer[], string][] = [
  [
    [plain],
    'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
  ],
  [
    [balancer, { ...plain, targetGroupArn: third }],
    'Either all or none of the provided loadBalancers must have advancedConfiguration defined',
  ],
  [
    [{ ...classic, advancedConfiguration }],
    'advancedConfiguration field is not allowed with ELBv1 loadBalancers',
  ],
  [
    [{ ...balancer, loadBalancerName: 'old' }],
    'loadBalancerName and targetGroupArn cannot both be specified',
  ],
  [
    [balancer, classic],
    'All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)',
  ],
  [
    [advanced({ productionListenerRule: `${elb}:listener/app/front/0123/4567` })],
    'productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ' +
      `${elb}:listener/app/front/0123/4567`,
  ],
  [
    [advanced({ testListenerRule: rule })],
    `The following rules cannot be used as both production and test listener rules: ${rule}`,
  ],
  [[advanced({ alternateTargetGroupArn: first })], `Duplicate targetGroupArn found: ${first}`],
  [
    [{ ...balancer, containerName: 'other' }],
    'The container other does not exist in the task definition.',
  ],
  [
    [{ ...balancer, containerPort: 81 }],
    'The container app did not have a container port 81 defined.',
  ],
  [[advanced({ roleArn: undefined })], 'roleArn is required for all loadBalancers'],
  [Array<LoadBalancer>(6).fill(balancer), 'load balancers can have at most 5 items.'],
];

test('load balancers that ECS refuses are refused in its words', async () => {
  await using manual = await start();
  const { ecs } = manual;
  for (const [loadBalancers, message] of refused) {
    const request = aServiceRequest({ ...blueGreen, loadBalancers });
    expect(await refusalOf(ecs.createService(request))).toBe(
      `InvalidParameterException: ${message}`,
    );
  }
  const request = aServiceRequest({ ...blueGreen, loadBalancers: [balancer], role: 'own' });
  expect(await refusalOf(ecs.createService(request))).toBe(
    'InvalidParameterException: You cannot specify an IAM role for services that require a service linked role.',
  );
});

test('a service with load balancers does not become ROLLING, and its definition keeps their port', async () => {
  await using manual = await start();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ ...blueGreen, loadBalancers: [balancer] }));
  await advance(minuteMs);
  const deploymentConfiguration = { strategy: 'ROLLING' } as const;
  const rolling = ecs.updateService({ service: 'shop', deploymentConfiguration });
  expect(await refusalOf(rolling)).toMatch(/^UnsupportedFeatureException: .* load balancers/);
  const portless = ecs.updateService({ service: 'shop', taskDefinition: 'web:1' });
  expect(await refusalOf(portless)).toBe(
    'InvalidParameterException: The container app did not have a container port 80 defined.',
  );
});
