import type { CreateDaemonRequest, ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { aGroupRequest, aManagedRequest } from './capacity-provider-requests.ts';
import { registerAgent } from './daemon-requests.ts';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

/** A default cluster with the provider `agents`, and a request for a daemon there, but for what is given. */
async function prepare(ecs: ECS) {
  await ecs.createCluster();
  const { capacityProvider } = await ecs.createCapacityProvider(aManagedRequest('agents'));
  const daemonTaskDefinitionArn = await registerAgent(ecs);
  const capacityProviderArns = [capacityProvider?.capacityProviderArn ?? ''];
  return (given: Partial<CreateDaemonRequest> = {}): CreateDaemonRequest => ({
    daemonName: 'watch',
    daemonTaskDefinitionArn,
    capacityProviderArns,
    ...given,
  });
}

test.for<readonly [string, Partial<CreateDaemonRequest>, string]>([
  ['a name', { daemonName: 'a b' }, 'InvalidParameterException: Invalid daemon name.'],
  ['a cluster', { clusterArn: 'nowhere' }, 'ClusterNotFoundException: Cluster not found.'],
  [
    'a daemon task definition that is there',
    { daemonTaskDefinitionArn: 'agent:7' },
    'ClientException: DaemonTaskDefinition not found.',
  ],
  [
    'capacity providers',
    { capacityProviderArns: [] },
    'InvalidParameterException: capacityProviderArns cannot be empty.',
  ],
  [
    'a capacity provider that is there',
    { capacityProviderArns: ['nobody'] },
    "InvalidParameterException: The specified capacity provider 'nobody' was not found. Specify a valid " +
      'name or ARN and try again.',
  ],
  [
    'Managed Instances, not Fargate',
    { capacityProviderArns: ['FARGATE'] },
    'UnsupportedFeatureException: Daemons are only supported for Amazon ECS Managed Instances capacity ' +
      "providers, which 'FARGATE' is not.",
  ],
  [
    'Managed Instances, not an Auto Scaling group',
    { capacityProviderArns: ['group'] },
    'UnsupportedFeatureException: Daemons are only supported for Amazon ECS Managed Instances capacity ' +
      "providers, which 'group' is not.",
  ],
  [
    'some drainPercent',
    { deploymentConfiguration: { drainPercent: 0 } },
    'InvalidParameterException: drainPercent must be greater than 0 and at most 100',
  ],
  [
    'a bake time of a day at most',
    { deploymentConfiguration: { bakeTimeInMinutes: 1441 } },
    'InvalidParameterException: bakeTimeInMinutes must be between 0 and 1440',
  ],
  [
    'CloudWatch where it has alarms',
    { deploymentConfiguration: { alarms: { alarmNames: ['a'], enable: true } } },
    'UnsupportedFeatureException: Deployment alarms need CloudWatch, and this server was not told where it ' +
      'is. Start it with --aws-endpoint cloudwatch=URL, or disable the alarms.',
  ],
  [
    'a task role for ExecuteCommand',
    { enableExecuteCommand: true },
    'InvalidParameterException: A valid taskRoleArn is not being used. Specify a valid task role in your ' +
      'daemon task definition and try again.',
  ],
  [
    'a token of 36 characters at most',
    { clientToken: 'x'.repeat(37) },
    'InvalidParameterException: idempotency token longer than 36.',
  ],
])('CreateDaemon needs %s', async ([, given, refusal], { ecs }) => {
  const aDaemon = await prepare(ecs);
  await ecs.createCapacityProvider(aGroupRequest('group'));
  expect(await refusalOf(ecs.createDaemon(aDaemon(given)))).toBe(refusal);
});

test('CreateDaemon with the token of the first call answers the same daemon, and clashes otherwise', async ({
  ecs,
}) => {
  const aDaemon = await prepare(ecs);
  const first = await ecs.createDaemon(aDaemon({ clientToken: 'once' }));
  const again = await ecs.createDaemon(aDaemon({ clientToken: 'once' }));
  expect(again).toEqual({ ...first, $metadata: expect.anything() });
  const clash = 'InvalidParameterException: Creation of daemon was not idempotent.';
  expect(await refusalOf(ecs.createDaemon(aDaemon()))).toBe(clash);
  expect(await refusalOf(ecs.createDaemon(aDaemon({ clientToken: 'once', critical: false })))).toBe(
    clash,
  );
});

test('a provider of another cluster is refused, and a deleted daemon task definition', async ({
  ecs,
}) => {
  const aDaemon = await prepare(ecs);
  await ecs.createCluster({ clusterName: 'other' });
  await ecs.createCapacityProvider({ ...aManagedRequest('elsewhere'), cluster: 'other' });
  const elsewhere = aDaemon({ capacityProviderArns: ['elsewhere'] });
  expect(await refusalOf(ecs.createDaemon(elsewhere))).toBe(
    "InvalidParameterException: The specified capacity provider 'elsewhere' is not associated with the " +
      'cluster of the daemon.',
  );
  await ecs.deleteDaemonTaskDefinition({ daemonTaskDefinition: 'agent:1' });
  expect(await refusalOf(ecs.createDaemon(aDaemon()))).toBe(
    'ClientException: The specified daemon task definition is not ACTIVE.',
  );
});

test('daemons, deployments and revisions that are not there are MISSING, or not found', async ({
  ecs,
  accountId,
}) => {
  const aDaemon = await prepare(ecs);
  const { daemonArn = '', deploymentArn = '' } = await ecs.createDaemon(aDaemon());
  const nobody = daemonArn.replace('watch', 'nobody');
  for (const call of [
    ecs.describeDaemon({ daemonArn: nobody }),
    ecs.deleteDaemon({ daemonArn: nobody }),
    ecs.listDaemonDeployments({ daemonArn: nobody }),
    ecs.updateDaemon({ ...aDaemon(), daemonArn: nobody }),
  ]) {
    expect(await refusalOf(call)).toBe('DaemonNotFoundException: Daemon not found.');
  }
  const noDeployment = `${deploymentArn}x`;
  const deployments = await ecs.describeDaemonDeployments({
    daemonDeploymentArns: [deploymentArn, noDeployment],
  });
  expect(deployments).toMatchObject({
    daemonDeployments: [{ daemonDeploymentArn: deploymentArn }],
    failures: [{ arn: noDeployment, reason: 'MISSING' }],
  });
  const noRevision = `${daemonArn.replace(':daemon/', ':daemon-revision/')}/1`;
  const revisions = await ecs.describeDaemonRevisions({ daemonRevisionArns: [noRevision] });
  expect(revisions).toMatchObject({
    daemonRevisions: [],
    failures: [{ arn: noRevision, reason: 'MISSING' }],
  });
  const many = Array.from({ length: 21 }, (_, index) => `${deploymentArn}${index}`);
  expect(await refusalOf(ecs.describeDaemonDeployments({ daemonDeploymentArns: many }))).toBe(
    'InvalidParameterException: daemonDeploymentArns can have at most 20 items.',
  );
  expect(await refusalOf(ecs.describeDaemon({ daemonArn: 'watch' }))).toBe(
    'InvalidParameterException: Invalid identifier: watch',
  );
  const elsewhere = daemonArn.replace(accountId, '999999999999');
  expect(await refusalOf(ecs.describeDaemon({ daemonArn: elsewhere }))).toBe(
    'InvalidParameterException: Invalid Account in ARN',
  );
});

test('ListDaemons lists the daemons of a cluster by page and by capacity provider', async ({
  ecs,
  server,
  accountId,
}) => {
  const aDaemon = await prepare(ecs);
  const { capacityProvider } = await ecs.createCapacityProvider(aManagedRequest('others'));
  const others = [capacityProvider?.capacityProviderArn ?? ''];
  await ecs.createDaemon(aDaemon({ daemonName: 'a' }));
  await ecs.createDaemon(aDaemon({ daemonName: 'b', capacityProviderArns: others }));
  await ecs.createDaemon(aDaemon({ daemonName: 'c' }));
  const names = async (given: Parameters<typeof ecs.listDaemons>[0]) => {
    const { daemonSummariesList = [], nextToken } = await ecs.listDaemons(given);
    return { nextToken, names: daemonSummariesList.map((one) => one.daemonArn?.split('/').at(-1)) };
  };
  expect((await names({})).names).toEqual(['a', 'b', 'c']);
  expect((await names({ capacityProviderArns: others })).names).toEqual(['b']);
  const page = await names({ maxResults: 2 });
  expect(page.names).toEqual(['a', 'b']);
  expect((await names({ maxResults: 2, nextToken: page.nextToken })).names).toEqual(['c']);

  const elsewhere = server.client(accountId, 'eu-west-1');
  await elsewhere.createCluster();
  expect((await elsewhere.listDaemons({})).daemonSummariesList).toEqual([]);
  elsewhere.destroy();
});
