import type { CreateServiceRequest, ServiceRegistry } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { createRegistry, defineListening, type GivenRegistry } from './registry-requests.ts';
import { aServiceRequest, startServiceServer } from './service-requests.ts';

const invalid = (message: string): string => `InvalidParameterException: ${message}`;
const container = { containerName: 'app', containerPort: 80 };
const noNeed = (member: string): string =>
  invalid(`The values specified for serviceRegistries do not require a value for '${member}'`);
const portNeeded = invalid(
  'When specifying service registries for awsvpc tasks with SRV records, port or containerName and ' +
    'containerPort are required.',
);
const portTwice = invalid(
  'When specifying service registries, specify either port or containerName and containerPort, but ' +
    'not both.',
);

test.each<[GivenRegistry, Partial<ServiceRegistry>, string]>([
  [{ records: ['A'] }, container, noNeed('containerPort')],
  [{ records: ['A'] }, { containerName: 'app' }, noNeed('containerName')],
  [{ records: ['A'] }, { port: 80 }, noNeed('port')],
  [{ records: ['SRV'] }, {}, portNeeded],
  [{ records: ['SRV'] }, { port: 80, ...container }, portTwice],
  [
    { records: ['SRV'] },
    { containerPort: 80 },
    invalid(
      'When specifying service registries, containerName and containerPort must be specified together.',
    ),
  ],
  [
    { records: ['SRV'] },
    { containerName: 'db', containerPort: 80 },
    invalid('The container db does not exist in the task definition.'),
  ],
  [
    { records: ['SRV'] },
    { containerName: 'app', containerPort: 81 },
    invalid('The container app did not have a container port 81 defined.'),
  ],
  [{ records: ['SRV'] }, { port: 65_536 }, invalid('port must be between 1 and 65535.')],
  [
    { records: ['AAAA'] },
    {},
    'UnsupportedFeatureException: This release of Longshore does not have IPv6 addresses of tasks for ' +
      'AAAA records. docs/services.md lists what services can do.',
  ],
])('on Fargate a registry with %j refuses %j', async (given, registry, refusal) => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await defineListening(ecs);
  const registryArn = await createRegistry(manual, given);
  const serviceRegistries = [{ registryArn, ...registry }];
  const created = ecs.createService(aServiceRequest({ serviceRegistries }));
  expect(await refusalOf(created)).toBe(refusal);
});

test('a service has one registry at most, which must be there', async () => {
  await using manual = await startServiceServer();
  const { ecs } = manual;
  await using other = await startServiceServer();
  const registryArn = await createRegistry(manual);
  const create = (
    serviceRegistries: ServiceRegistry[],
    given: Partial<CreateServiceRequest> = {},
  ) => refusalOf(ecs.createService(aServiceRequest({ serviceRegistries, ...given })));
  expect(await create([{ registryArn }, { registryArn }])).toBe(
    invalid('service registries can have at most 1 items.'),
  );
  expect(await create([{}])).toBe(invalid('registryArn can not be blank.'));
  const missing = `${registryArn.slice(0, -1)}x`;
  expect(await create([{ registryArn: missing }])).toBe(
    invalid(
      `Unable to describe the service registry ${missing}. Verify that it exists and try again.`,
    ),
  );
  expect(await create([{ registryArn }], { role: 'own' })).toBe(
    invalid('You cannot specify an IAM role for services that require a service linked role.'),
  );
  expect(await create([{ registryArn }], { desiredCount: 1001 })).toBe(
    invalid('Task count can not be greater than 1000'),
  );
  const loadBalancers = [{ loadBalancerName: 'classic', containerName: 'app', containerPort: 80 }];
  expect(await create([{ registryArn }], { loadBalancers })).toBe(
    invalid(
      'Service registries are not supported for services configured to use Classic Load Balancers.',
    ),
  );
  expect((await ecs.listServices()).serviceArns).toEqual([]);

  const foreign = await createRegistry(other);
  expect(await create([{ registryArn: foreign }])).toMatch(
    /Unable to describe the service registry/,
  );
});
