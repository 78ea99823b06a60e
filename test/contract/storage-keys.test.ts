import { expect } from 'vitest';
import { aDefinition } from './requests.ts';
import { test } from './server.ts';
import { aServiceRequest, describeService } from './service-requests.ts';

const kmsKeyId = 'arn:aws:kms:us-east-1:123456789012:key/storage';
const configuration = {
  managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: kmsKeyId },
};

test('what runs on Fargate shows the key that its cluster has for storage', async ({ ecs }) => {
  await ecs.createCluster({ configuration });
  await ecs.registerTaskDefinition(aDefinition());
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  const { deployments, currentServiceRevisions } = await describeService(ecs);
  const shown = [{ fargateEphemeralStorage: { kmsKeyId } }];
  expect(deployments).toMatchObject(shown);
  const serviceRevisionArns = [currentServiceRevisions?.[0]?.arn ?? ''];
  const { serviceRevisions } = await ecs.describeServiceRevisions({ serviceRevisionArns });
  expect(serviceRevisions).toMatchObject(shown);

  const names = { cluster: 'default', service: 'parts' };
  await ecs.createService({ serviceName: 'parts', deploymentController: { type: 'EXTERNAL' } });
  const { launchType, networkConfiguration } = aServiceRequest();
  const { taskSet } = await ecs.createTaskSet({
    ...names,
    taskDefinition: 'web',
    launchType,
    networkConfiguration,
  });
  expect([taskSet]).toMatchObject(shown);
});

test('a revision keeps the key that its cluster had when it was made', async ({ ecs }) => {
  await ecs.createCluster({ configuration });
  await ecs.registerTaskDefinition(aDefinition());
  await ecs.createService(aServiceRequest({ desiredCount: 0 }));
  await ecs.updateCluster({ cluster: 'default', configuration: {} });
  const { service } = await ecs.updateService({ service: 'shop', forceNewDeployment: true });
  const [fresh, former] = service?.deployments ?? [];
  expect(fresh).not.toHaveProperty('fargateEphemeralStorage');
  expect(former).toMatchObject({ fargateEphemeralStorage: { kmsKeyId } });
});
