import type { ECS, Task, TaskManagedEBSVolumeConfiguration } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { startManualServer } from './manual-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';

const roleArn = 'arn:aws:iam::012345678910:role/ecsInfrastructureRole';
const ebs = { roleArn, sizeInGiB: 20, filesystemType: 'ext4' } as const;

async function register(ecs: ECS): Promise<void> {
  await ecs.createCluster();
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  await ecs.registerTaskDefinition(
    aDefinition({
      volumes: [{ name: 'data', configuredAtLaunch: true }],
      containerDefinitions: [{ name: 'app', image: 'nginx', mountPoints }],
    }),
  );
}

function runWith(ecs: ECS, given: Partial<TaskManagedEBSVolumeConfiguration>) {
  const managedEBSVolume = { ...ebs, ...given };
  return ecs.runTask(aRun({ volumeConfigurations: [{ name: 'data', managedEBSVolume }] }));
}

function volumeOf({ attachments = [] }: Task = {}) {
  const found = attachments.find(({ type }) => type === 'AmazonElasticBlockStorage');
  const details = (found?.details ?? []).map(({ name, value }) => [name, value]);
  return { status: found?.status, ...Object.fromEntries(details) };
}

test('a task shows its managed EBS volume as an attachment, from PRECREATED to DELETED', async () => {
  const manual = await startManualServer();
  const { ecs } = manual;
  await register(ecs);
  const { tasks: [task] = [] } = await runWith(ecs, {});
  const shown = { roleArn, deleteOnTermination: 'true', volumeName: 'data' };
  expect(volumeOf(task)).toEqual({ status: 'PRECREATED', ...shown });

  const taskArn = task?.taskArn ?? '';
  const now = async () => (await ecs.describeTasks({ tasks: [taskArn] })).tasks?.[0];
  await manual.advance(60_000);
  const volumeId = expect.stringMatching(/^vol-0[0-9a-f]{16}$/);
  expect(volumeOf(await now())).toEqual({ status: 'ATTACHED', ...shown, volumeId });
  await ecs.stopTask({ task: taskArn });
  await manual.advance(60_000);
  expect(await now()).toMatchObject({ lastStatus: 'STOPPED' });
  expect(volumeOf(await now())).toEqual({ status: 'DELETED', ...shown, volumeId });
});

const invalid = 'InvalidParameterException: ECS managed EBS volume configuration was invalid: ';
const only = (does: string) =>
  `UnsupportedFeatureException: This release of Longshore ${does} only.`;

test('RunTask refuses managed EBS volumes that cannot be', async ({ server, accountId }) => {
  const ecs = server.client(accountId);
  await register(ecs);
  const refusals: [Partial<TaskManagedEBSVolumeConfiguration>, string][] = [
    [{ sizeInGiB: undefined }, `${invalid}MissingParameter`],
    [{ sizeInGiB: 0 }, `${invalid}InvalidParameterValue`],
    [{ volumeType: 'st1' }, `${invalid}InvalidParameterValue`],
    [{ volumeType: 'io1' }, `${invalid}MissingParameter`],
    [{ volumeType: 'gp2', throughput: 200 }, `${invalid}InvalidParameterCombination`],
    [{ volumeType: 'gp2', iops: 3000 }, `${invalid}InvalidParameterCombination`],
    [{ iops: 2999 }, `${invalid}InvalidParameterValue`],
    [{ volumeType: 'io1', sizeInGiB: 4, iops: 64_001 }, `${invalid}InvalidParameterValue`],
    [{ volumeInitializationRate: 100 }, `${invalid}InvalidParameterCombination`],
    [{ throughput: 1001 }, `${invalid}InvalidParameterValue`],
    [
      { tagSpecifications: [{ resourceType: 'snapshot' as 'volume' }] },
      `${invalid}InvalidParameterValue`,
    ],
    [
      { tagSpecifications: [{ resourceType: 'volume', tags: [{ key: 'aws:a', value: '' }] }] },
      'InvalidParameterException: Tag key must not start with aws:',
    ],
    [{ snapshotId: 'snap-1' }, only('makes managed EBS volumes that are empty')],
    [{ encrypted: true }, only('makes managed EBS volumes that are not encrypted')],
    [{ filesystemType: 'ntfs' }, only('makes file systems of Linux')],
  ];
  for (const [given, refusal] of refusals) {
    expect(await refusalOf(runWith(ecs, given))).toBe(refusal);
  }
  expect(await refusalOf(ecs.runTask(aRun()))).toBe(
    'InvalidParameterException: The task definition is configured to use a volume at launch but ' +
      'the request does not include a volume configuration.',
  );
  ecs.destroy();
});

test('a volume that is not configured at launch takes no configuration', async ({ ecs }) => {
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition({ volumes: [{ name: 'data' }] }));
  const volumeConfigurations = [{ name: 'data', managedEBSVolume: ebs }];
  expect(await refusalOf(ecs.runTask(aRun({ volumeConfigurations })))).toBe(
    'ClientException: Volume configuration provided but no matching configuredAtLaunch volume found ' +
      'in task definition.',
  );
});

test('each task of a service has a volume, and a change of it begins a deployment', async () => {
  const manual = await startManualServer();
  const { ecs } = manual;
  await register(ecs);
  const volumeConfigurations = [{ name: 'data', managedEBSVolume: ebs }];
  const { launchType, networkConfiguration, taskDefinition } = aRun();
  await ecs.createService({
    serviceName: 'web',
    desiredCount: 2,
    launchType,
    networkConfiguration,
    taskDefinition,
    volumeConfigurations,
  });
  await manual.advance(60_000);
  const { taskArns } = await ecs.listTasks({ serviceName: 'web' });
  const { tasks = [] } = await ecs.describeTasks({ tasks: taskArns });
  expect(tasks.map((task) => volumeOf(task)['status'])).toEqual(['ATTACHED', 'ATTACHED']);
  expect(new Set(tasks.map((task) => volumeOf(task)['volumeId'])).size).toBe(2);

  const deployments = async (sizeInGiB: number | undefined) => {
    const managedEBSVolume = { ...ebs, sizeInGiB };
    const changed = sizeInGiB && { volumeConfigurations: [{ name: 'data', managedEBSVolume }] };
    const { service } = await ecs.updateService({ service: 'web', ...changed });
    return service?.deployments?.map((d) => d.volumeConfigurations?.[0]?.managedEBSVolume);
  };
  expect(await deployments(undefined)).toEqual([ebs]);
  expect(await deployments(20)).toEqual([ebs]);
  expect(await deployments(40)).toEqual([{ ...ebs, sizeInGiB: 40 }, ebs]);
  expect(await refusalOf(ecs.updateService({ service: 'web', volumeConfigurations: [] }))).toBe(
    'InvalidParameterException: The task definition is configured to use a volume at launch but ' +
      'the request does not include a volume configuration.',
  );
});
