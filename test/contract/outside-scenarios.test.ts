import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aServiceRequest, startServiceServer } from './service-requests.ts';

// What of services can be shown without the other services of AWS that register their tasks: not their effects.

const registryArn = 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef';

test('a service registry is refused and not forgotten, two in the words of ECS', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  const one = { registryArn };
  const tooMany = 'InvalidParameterException: service registries can have at most 1 items.';
  const notThere =
    'UnsupportedFeatureException: This release of Longshore does not have service registries. ' +
    'docs/services.md lists what services can do.';
  const create = (...serviceRegistries: { registryArn: string }[]) =>
    refusalOf(ecs.createService(aServiceRequest({ serviceRegistries })));
  expect(await create(one, one)).toBe(tooMany);
  expect(await create(one)).toBe(notThere);

  const { service } = await ecs.createService(aServiceRequest({ serviceRegistries: [] }));
  expect(service?.serviceRegistries).toEqual([]);
  const update = (...serviceRegistries: { registryArn: string }[]) =>
    refusalOf(ecs.updateService({ service: 'shop', serviceRegistries }));
  expect(await update(one, one)).toBe(tooMany);
  expect(await update(one)).toBe(notThere);
  // To take away what is not there begins nothing.
  const updated = await ecs.updateService({ service: 'shop', serviceRegistries: [] });
  expect(updated.service).toMatchObject({ serviceRegistries: [], deployments: [{}] });
});
