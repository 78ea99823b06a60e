import type { ECS, SettingName } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';
import { aServiceRequest } from './service-requests.ts';

test.override('engine', { scope: 'file' }, 'memory');

const tags = [{ key: 'team', value: 'blue' }];
const service = 'shop';

const tagging = 'InvalidParameterException: Long arn format must be enabled for tagging.';
const optIn = (what: string) =>
  'InvalidParameterException: ' +
  `The new ARN and resource ID format must be enabled to ${what}. Opt in to the new format and try again.`;

async function prepare(ecs: ECS): Promise<void> {
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
}

async function turn(ecs: ECS, name: SettingName, value: 'enabled' | 'disabled'): Promise<void> {
  await ecs.putAccountSetting({ name, value });
}

test('a service is refused tags to a caller who has long ARNs of services turned off', async ({
  ecs,
}) => {
  await prepare(ecs);
  const create = async () => ecs.createService(aServiceRequest({ tags }));
  await turn(ecs, 'serviceLongArnFormat', 'disabled');
  expect(await refusalOf(create())).toBe(optIn('add tags to the service'));
  await ecs.createService(aServiceRequest({ serviceName: 'untagged', propagateTags: 'SERVICE' }));
  await turn(ecs, 'serviceLongArnFormat', 'enabled');
  expect((await create()).service?.tags).toEqual(tags);
});

test('a service is not told to tag its tasks where long ARNs of tasks are turned off', async ({
  ecs,
}) => {
  await prepare(ecs);
  const tagged = { propagateTags: 'SERVICE', enableECSManagedTags: true } as const;
  await ecs.createService(aServiceRequest({ serviceName: 'tagged', ...tagged }));
  await ecs.createService(aServiceRequest());
  await turn(ecs, 'taskLongArnFormat', 'disabled');
  const serviceName = 'other';
  const refusals = [
    ecs.createService(aServiceRequest({ serviceName, propagateTags: 'TASK_DEFINITION' })),
    ecs.updateService({ service, propagateTags: 'SERVICE' }),
    ecs.createService(aServiceRequest({ serviceName, enableECSManagedTags: true })),
    ecs.updateService({ service, enableECSManagedTags: true }),
  ];
  const messages = await Promise.all(refusals.map(refusalOf));
  expect(messages).toEqual([
    optIn('propagate tags'),
    optIn('propagate tags'),
    optIn('work with ECS managed tags'),
    optIn('work with ECS managed tags'),
  ]);
  // What a service has already is not asked about again.
  const { service: updated } = await ecs.updateService({ service: 'tagged', desiredCount: 0 });
  expect(updated).toMatchObject(tagged);
  await ecs.updateService({ service, propagateTags: 'NONE', enableECSManagedTags: false });
});

test('a task set is refused tags to a caller who has long ARNs of services turned off', async ({
  ecs,
}) => {
  await prepare(ecs);
  await ecs.createService({ serviceName: service, deploymentController: { type: 'EXTERNAL' } });
  const { taskDefinition, launchType, networkConfiguration } = aRun();
  const create = async () =>
    ecs.createTaskSet({
      service,
      cluster: 'default',
      taskDefinition,
      launchType,
      networkConfiguration,
      tags,
    });
  await turn(ecs, 'serviceLongArnFormat', 'disabled');
  expect(await refusalOf(create())).toBe(tagging);
  await turn(ecs, 'serviceLongArnFormat', 'enabled');
  expect((await create()).taskSet?.tags).toEqual(tags);
});

test('RunTask and StartTask are refused tags where long ARNs of tasks are turned off', async ({
  ecs,
}) => {
  await prepare(ecs);
  await turn(ecs, 'taskLongArnFormat', 'disabled');
  const start = { taskDefinition: 'web', containerInstances: ['0'.repeat(32)] };
  const refusals = [
    ecs.runTask(aRun({ tags })),
    ecs.startTask({ ...start, tags }),
    ecs.runTask(aRun({ propagateTags: 'TASK_DEFINITION' })),
    ecs.runTask(aRun({ enableECSManagedTags: true })),
  ];
  const messages = await Promise.all(refusals.map(refusalOf));
  expect(messages).toEqual([
    tagging,
    tagging,
    optIn('propagate tags'),
    optIn('work with ECS managed tags'),
  ]);
  expect((await ecs.runTask(aRun())).tasks).toHaveLength(1);
});

test('what has a long ARN takes tags whatever its setting says since', async ({ ecs }) => {
  await prepare(ecs);
  const { service: created } = await ecs.createService(aServiceRequest());
  const resourceArn = created?.serviceArn;
  await turn(ecs, 'serviceLongArnFormat', 'disabled');
  await ecs.tagResource({ resourceArn, tags });
  expect((await ecs.listTagsForResource({ resourceArn })).tags).toEqual(tags);
});
