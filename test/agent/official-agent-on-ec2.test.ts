import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '@aws-sdk/client-ecs';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAccount, startTestServer, type TestServer } from '../contract/server.ts';
import { urlOf } from '../fixtures/loopback.ts';
import { AgentWorld, fetchFrom } from './agent-world.ts';
import { startMetadata } from './metadata-stub.ts';
import { startRealAgent, type RealAgent } from './real-agent.ts';

/** The path of the official agent's program. It needs root, a Docker Engine, and the test image on it. */
const program = process.env['LONGSHORE_ECS_AGENT'];
const instanceId = 'i-0123456789abcdef0';
const stays = ['sh', '-c', 'sleep 1000'];
/** What the agent registers where it has images that are no part of its program. */
const attributes = {
  'ecs.capability.service-connect-v1': '',
  'ecs.capability.storage.ebs-task-volume-attach': '',
  'ecs.capability.task-eni': '',
};
const onEc2 = { launchType: 'EC2' as const };

describe.runIf(program !== undefined)('The official ECS agent on EC2', () => {
  let server: TestServer;
  let accountId: string;
  let metadata: Server;
  let agent: RealAgent;
  let world: AgentWorld;

  beforeAll(async () => {
    server = await startTestServer();
    metadata = await startMetadata(instanceId);
    accountId = newAccount();
    const ecs = server.client(accountId);
    const cluster = 'on-ec2';
    await ecs.createCluster({
      clusterName: cluster,
      serviceConnectDefaults: { namespace: 'shop' },
    });
    world = new AgentWorld(ecs, cluster);
    const environment = {
      ECS_EXTERNAL: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: urlOf(metadata),
      ECS_INSTANCE_ATTRIBUTES: JSON.stringify(attributes),
      // What is left of a task, volumes above all, does not outlast the tests.
      ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION: '1s',
      AWS_ENDPOINT_URL_SSM: server.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
    };
    agent = await startRealAgent(program ?? '', {
      url: server.url,
      accountId,
      cluster,
      environment,
    });
    await world.untilConnected();
  });

  afterAll(closeAll);

  async function closeAll(): Promise<void> {
    await world.stopAll();
    await agent.close();
    world.ecs.destroy();
    metadata.close();
    await server.close();
    expect(server.errors).toEqual([]);
  }

  function detailOf({ attachments = [] }: Task, name: string): string {
    return attachments[0]?.details?.find((detail) => detail.name === name)?.value ?? '';
  }

  test('is what its identity document says, and no place for EXTERNAL tasks', async () => {
    const instance = await world.instance();
    expect(instance).toMatchObject({
      ec2InstanceId: instanceId,
      attributes: expect.arrayContaining([
        { name: 'ecs.instance-type', value: 'c5.large' },
        { name: 'ecs.availability-zone', value: 'us-east-1b' },
      ]),
    });
    const taskDefinition = await world.define([{ name: 'app', command: stays }]);
    const { cluster } = world;
    await expect(
      world.ecs.runTask({ cluster, taskDefinition, launchType: 'EXTERNAL' }),
    ).rejects.toThrow('No Container Instances were found in your cluster.');
    const running = await world.reaches(await world.run(taskDefinition, onEc2), 'RUNNING');
    expect(running).toMatchObject({ launchType: 'EC2' });
    await world.stop(running?.taskArn ?? '');
  });

  test('runs a task on its managed EBS volume, once that has been found', async () => {
    const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
    const command = ['sh', '-c', 'echo here > /data/file && test -s /data/file'];
    const taskDefinition = await world.define([{ name: 'app', command, mountPoints }], {
      volumes: [{ name: 'data', configuredAtLaunch: true }],
    });
    const managedEBSVolume = { roleArn: 'arn:aws:iam::012345678910:role/ebs', sizeInGiB: 1 };
    const volumeConfigurations = [{ name: 'data', managedEBSVolume }];
    const taskArn = await world.run(taskDefinition, { ...onEc2, volumeConfigurations });
    const task = (await world.describe(taskArn)) ?? {};
    expect(task.attachments).toMatchObject([{ status: 'ATTACHING' }]);
    // No device is there, nor the program that would mount it: this says what the agent would.
    const arn = `${taskArn.split(':').slice(0, 5).join(':')}:attachment/${world.cluster}/${task.attachments?.[0]?.id}`;
    await world.ecs.submitAttachmentStateChanges({
      attachments: [{ attachmentArn: arn, status: 'ATTACHED' }],
    });
    const stopped = await world.reaches(taskArn, 'STOPPED');
    const folder = `/mnt/ecs/ebs/${taskArn.split('/').at(-1)}_${detailOf(task, 'volumeId')}`;
    rmSync(folder, { recursive: true });
    expect(stopped).toMatchObject({ containers: [{ exitCode: 0 }] });
  });

  test('gives containers scratch space, a Docker volume and a folder of the machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longshore-folder-'));
    writeFileSync(join(folder, 'word'), 'folder');
    const mounts = (readOnly: boolean) => [
      { sourceVolume: 'scratch', containerPath: '/scratch', readOnly },
      { sourceVolume: 'docker', containerPath: '/docker', readOnly },
      { sourceVolume: 'folder', containerPath: '/folder', readOnly: true },
    ];
    const writes = ['sh', '-c', 'echo scratch > /scratch/word; echo docker > /docker/word'];
    const reads = 'mkdir /www; cat /*/word > /www/index.html; httpd -f -h /www';
    const taskDefinition = await world.define(
      [
        { name: 'writer', essential: false, command: writes, mountPoints: mounts(false) },
        {
          name: 'reader',
          command: ['sh', '-c', reads],
          mountPoints: mounts(true),
          portMappings: [{ containerPort: 80 }],
          dependsOn: [{ containerName: 'writer', condition: 'SUCCESS' }],
        },
      ],
      {
        volumes: [
          { name: 'scratch' },
          { name: 'docker', dockerVolumeConfiguration: { scope: 'task', driver: 'local' } },
          { name: 'folder', host: { sourcePath: folder } },
        ],
      },
    );
    const running = await world.reaches(await world.run(taskDefinition, onEc2), 'RUNNING');
    const words = await fetchFrom(running);
    await world.stop(running?.taskArn ?? '');
    rmSync(folder, { recursive: true });
    expect(words).toBe('docker\nfolderscratch\n');
    await expect.poll(() => agent.volumesOf(taskDefinition), { timeout: 30_000 }).toEqual([]);
  });

  test('fetches parameters and secrets from Longshore, as the execution role', async () => {
    const at = {
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: accountId, secretAccessKey: 'secret' },
    };
    const [parameters, secrets] = [new SSM(at), new SecretsManager(at)];
    await parameters.putParameter({ Name: '/app/user', Value: 'ada', Type: 'SecureString' });
    const SecretString = JSON.stringify({ password: 'lovelace' });
    const { ARN } = await secrets.createSecret({ Name: 'app', SecretString });
    parameters.destroy();
    secrets.destroy();
    const taskDefinition = await world.define(
      [
        {
          name: 'web',
          command: [
            'sh',
            '-c',
            'mkdir /www; echo $WHO $PASSWORD > /www/index.html; httpd -f -h /www',
          ],
          portMappings: [{ containerPort: 80 }],
          secrets: [
            { name: 'WHO', valueFrom: '/app/user' },
            { name: 'PASSWORD', valueFrom: `${ARN}:password::` },
          ],
        },
      ],
      { executionRoleArn: `arn:aws:iam::${accountId}:role/execution` },
    );
    const running = await world.reaches(await world.run(taskDefinition, onEc2), 'RUNNING');
    expect(await fetchFrom(running)).toBe('ada lovelace\n');
    await world.stop(running?.taskArn ?? '');
  });

  test('routes the lines of a container by FireLens, with the options that it was told', async () => {
    const configuration = '/fluent-bit/etc/fluent-bit.conf';
    const options = { Name: 'http', Match: '*', Host: 'collector' };
    const taskDefinition = await world.define([
      {
        name: 'router',
        command: [
          'sh',
          '-c',
          `mkdir /www; cp ${configuration} /www/index.html; httpd -f -p 80 -h /www`,
        ],
        portMappings: [{ containerPort: 80 }],
        firelensConfiguration: {
          type: 'fluentbit',
          options: { 'enable-ecs-log-metadata': 'true' },
        },
      },
      { name: 'app', command: stays, logConfiguration: { logDriver: 'awsfirelens', options } },
    ]);
    const running = await world.reaches(await world.run(taskDefinition, onEc2), 'RUNNING');
    const written = await fetchFrom(running);
    await world.stop(running?.taskArn ?? '');
    expect(written).toContain('Name http');
    expect(written).toContain('Host collector');
    expect(written).toContain(`ecs_task_arn ${running?.taskArn}`);
  });

  test.each([
    ['bridge', {}],
    ['awsvpc', { ingressPortOverride: 9090 }],
    ['awsvpc', {}],
  ] as const)(
    'takes Service Connect in %s mode with %j, and lacks only images',
    async (networkMode, given) => {
      const { cluster, ecs } = world;
      const awsvpcConfiguration = { subnets: ['subnet-1'] };
      const taskDefinition = await world.define(
        [{ name: 'app', command: stays, portMappings: [{ name: 'api', containerPort: 80 }] }],
        { memory: '64', networkMode },
      );
      await ecs.createService({
        cluster,
        serviceName: taskDefinition,
        taskDefinition,
        desiredCount: 1,
        serviceConnectConfiguration: {
          enabled: true,
          services: [{ portName: 'api', discoveryName: taskDefinition, ...given }],
        },
        ...(networkMode === 'awsvpc' && { networkConfiguration: { awsvpcConfiguration } }),
      });
      const stopped = async () => {
        const listed = await ecs.listTasks({
          cluster,
          serviceName: taskDefinition,
          desiredStatus: 'STOPPED',
        });
        return world.describe(listed.taskArns?.[0] ?? '');
      };
      await expect.poll(stopped, { timeout: 60_000 }).toMatchObject({ lastStatus: 'STOPPED' });
      // One that it could not read it would end with an UnrecogniedTaskError.
      expect(await stopped()).toMatchObject({
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containers: [{ name: 'app' }, { name: expect.stringMatching(/^ecs-service-connect-/) }],
      });
      await ecs.deleteService({ cluster, service: taskDefinition, force: true });
    },
  );
});
