import { expect, test } from 'vitest';
import { anAgent, registerAgent, startDaemonFleet } from './daemon-requests.ts';

test('CreateDaemon runs a task on each instance of its capacity provider, and on no other', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon, clusterArn, providerArn } = fleet;
  const agents = [await fleet.enlist(), await fleet.enlist()];
  const other = await fleet.join();
  const created = await ecs.createDaemon(aDaemon());
  const daemonArn = `${clusterArn.replace(':cluster/', ':daemon/')}/watch`;
  expect(created).toMatchObject({ daemonArn, status: 'ACTIVE', createdAt: expect.any(Date) });
  const deployment = await fleet.deployed(created.deploymentArn);
  expect(await fleet.running([...agents, other])).toEqual(['agent:1', 'agent:1', '']);
  expect(await fleet.statuses(agents)).toEqual(['ACTIVE', 'ACTIVE']);

  const { daemon } = await ecs.describeDaemon({ daemonArn });
  const counts = { runningCount: 2, withoutDaemonCount: 0 };
  expect(daemon).toEqual({
    daemonArn,
    clusterArn,
    status: 'ACTIVE',
    createdAt: created.createdAt,
    updatedAt: created.createdAt,
    deploymentArn: created.deploymentArn,
    currentRevisions: [
      {
        arn: expect.stringMatching(/:daemon-revision\/default\/watch\/\d{19}$/),
        capacityProviders: [{ arn: providerArn, ...counts }],
        totalRunningCount: 2,
        totalWithoutDaemonCount: 0,
      },
    ],
  });
  expect(deployment).toMatchObject({
    statusReason: 'Deployment completed successfully.',
    circuitBreaker: { failureCount: 0, status: 'MONITORING_COMPLETE', threshold: 10 },
    alarms: { alarmNames: [], status: 'DISABLED', triggeredAlarmNames: [] },
    deploymentConfiguration: {
      alarms: { alarmNames: [], enable: false },
      bakeTimeInMinutes: 0,
      drainPercent: 25,
    },
    sourceDaemonRevisions: [],
    targetDaemonRevision: {
      arn: daemon?.currentRevisions?.[0]?.arn,
      capacityProviders: [
        {
          arn: providerArn,
          drainingInstanceCount: 0,
          runningInstanceCount: 2,
          withoutDaemonInstanceCount: 0,
        },
      ],
      totalDrainingInstanceCount: 0,
      totalRunningInstanceCount: 2,
    },
  });
});

test('22. UpdateDaemon without `critical` resets it to true, and all else that it leaves out', async () => {
  await using fleet = await startDaemonFleet();
  const { ecs, aDaemon } = fleet;
  await registerAgent(ecs, anAgent({ taskRoleArn: 'arn:aws:iam::123456789012:role/agent' }));
  const request = aDaemon({
    daemonTaskDefinitionArn: await registerAgent(
      ecs,
      anAgent({ taskRoleArn: 'arn:aws:iam::123456789012:role/agent' }),
    ),
    critical: false,
    propagateTags: 'DAEMON',
    enableECSManagedTags: true,
    enableExecuteCommand: true,
    deploymentConfiguration: { drainPercent: 50, bakeTimeInMinutes: 3 },
  });
  const { daemonArn, deploymentArn: first } = await ecs.createDaemon(request);
  const described = async (arn: string | undefined) => {
    const { targetDaemonRevision: target, deploymentConfiguration } = await fleet.deployment(arn);
    const { daemonRevisions } = await ecs.describeDaemonRevisions({
      daemonRevisionArns: [target?.arn ?? ''],
    });
    return { revision: daemonRevisions?.[0], deploymentConfiguration };
  };
  expect(await described(first)).toMatchObject({
    revision: {
      critical: false,
      propagateTags: 'DAEMON',
      enableECSManagedTags: true,
      enableExecuteCommand: true,
      daemonArn,
    },
    deploymentConfiguration: { drainPercent: 50, bakeTimeInMinutes: 3 },
  });
  const { daemonTaskDefinitionArn, capacityProviderArns } = request;
  const updated = await ecs.updateDaemon({
    daemonArn,
    daemonTaskDefinitionArn,
    capacityProviderArns,
  });
  expect(updated).toMatchObject({ daemonArn, status: 'ACTIVE', updatedAt: expect.any(Date) });
  expect(await described(updated.deploymentArn)).toMatchObject({
    revision: {
      critical: true,
      propagateTags: 'NONE',
      enableECSManagedTags: false,
      enableExecuteCommand: false,
    },
    deploymentConfiguration: { drainPercent: 25, bakeTimeInMinutes: 0 },
  });
});
