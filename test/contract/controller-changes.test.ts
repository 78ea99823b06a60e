import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aServiceRequest, describeService, startServiceServer } from './service-requests.ts';

const minuteMs = 60_000;
const leaving = { service: 'shop', deploymentController: { type: 'EXTERNAL' } } as const;

test.for(['BLUE_GREEN', 'LINEAR', 'CANARY'] as const)(
  'a rolling deployment in progress keeps its service from becoming %s',
  async (strategy) => {
    await using manual = await startServiceServer();
    const { ecs, advance } = manual;
    await ecs.createService(aServiceRequest());
    const change = () =>
      ecs.updateService({ service: 'shop', deploymentConfiguration: { strategy } });
    expect(await refusalOf(change())).toBe(
      `InvalidParameterException: The deployment strategy cannot be changed from ROLLING to ${strategy} ` +
        'while a service deployment is in progress. Wait for it to complete and try again.',
    );
    await advance(minuteMs);
    await change();
    expect((await describeService(ecs)).deploymentConfiguration?.strategy).toBe(strategy);
  },
);

const keepers: readonly [DeploymentConfiguration, string][] = [
  [
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
    'of a service that uses the circuit breaker',
  ],
  [{ strategy: 'BLUE_GREEN' }, 'of a service with the deployment strategy BLUE_GREEN'],
];

test.for(keepers)('a service with %j keeps the controller ECS', async ([configuration, why]) => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest({ deploymentConfiguration: configuration }));
  const refusal = 'InvalidParameterException: Unable to change the deployment controller';
  expect(await refusalOf(ecs.updateService(leaving))).toBe(
    `${refusal} while a service deployment is in progress.`,
  );
  await advance(minuteMs);
  expect(await refusalOf(ecs.updateService(leaving))).toBe(`${refusal} ${why}.`);
});

test('a change of the controller that ECS would make is said not to be there', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  expect(await refusalOf(ecs.updateService(leaving))).toMatch(
    /^UnsupportedFeatureException: .* a change of the deployment controller/,
  );
});
