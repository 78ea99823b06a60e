import type { Attachment, ECS, Task } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ManualClock } from '../../src/support/clock.ts';
import { AgentDouble } from './agent-double.ts';
import { AgentSite, cluster, eventually } from './agent-site.ts';
import { propertiesOf, requiredOfAnnouncements } from './agents-own-rules.ts';

const capability = 'ecs.capability.storage.ebs-task-volume-attach';
const docker = 'com.amazonaws.ecs.capability.docker-remote-api.1.18';
const managedEBSVolume = {
  roleArn: 'arn:aws:iam::012345678910:role/ecsInfrastructureRole',
  sizeInGiB: 20,
  filesystemType: 'ext4',
} as const;
const volumeConfigurations = [{ name: 'data', managedEBSVolume }];

let clock: ManualClock;
let site: AgentSite;
let ecs: ECS;
let agent: AgentDouble;

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 8, 16));
  const capabilities = [capability, 'ecs.capability.task-eni', docker];
  site = await AgentSite.open({ clock, capabilities });
  ({ ecs, agent } = site);
  await define('web', 'bridge');
});

afterEach(() => site.close());

async function define(family: string, networkMode: 'bridge' | 'awsvpc'): Promise<void> {
  const mountPoints = [{ sourceVolume: 'data', containerPath: '/data' }];
  await ecs.registerTaskDefinition({
    family,
    networkMode,
    volumes: [{ name: 'data', configuredAtLaunch: true }],
    containerDefinitions: [{ name: 'app', image: 'busybox', memory: 32, mountPoints }],
  });
}

async function runTask(given: Partial<Parameters<ECS['runTask']>[0]> = {}): Promise<string> {
  const wanted = { cluster, taskDefinition: 'web', volumeConfigurations, ...given };
  const { tasks, failures } = await ecs.runTask(wanted);
  expect(failures).toEqual([]);
  expect(tasks?.[0]).toMatchObject({ lastStatus: 'PROVISIONING', launchType: 'EC2' });
  return tasks?.[0]?.taskArn ?? '';
}

function volumeOf({ attachments = [] }: Task = {}): Attachment | undefined {
  return attachments.find(({ type }) => type === 'AmazonElasticBlockStorage');
}

function announcements() {
  return agent.received.flatMap((received) =>
    received.type === 'ConfirmAttachmentMessage' ? [received.message] : [],
  );
}

/** The volume as the agent was told of it. */
async function announced() {
  await vi.waitFor(() => expect(announcements()).not.toEqual([]), 60_000);
  const [message] = announcements();
  if (!message) throw new Error('None was announced.');
  return message;
}

/** What the agent submits when it has found and mounted the device. */
async function find(attachmentArn: string): Promise<void> {
  await ecs.submitAttachmentStateChanges({
    cluster,
    attachments: [{ attachmentArn, status: 'ATTACHED' }],
  });
}

test('a volume is announced before its task, which is told only when the agent has found it', async () => {
  const taskArn = await runTask();
  const { attachment, ...message } = await announced();
  expect(message).toMatchObject({ taskArn, waitTimeoutMs: 300_000 });
  expect(attachment.attachmentType).toBe('amazonebs');
  const properties = propertiesOf(attachment);
  expect(requiredOfAnnouncements.filter((name) => !properties.get(name))).toEqual([]);
  expect(Object.fromEntries(properties)).toMatchObject({
    volumeName: 'data',
    volumeSizeGib: '20',
    fileSystem: 'ext4',
  });
  const shown = volumeOf(await site.describeTask(taskArn));
  expect(shown?.status).toBe('ATTACHING');
  expect(shown?.details).toContainEqual({ name: 'volumeId', value: properties.get('volumeId') });
  expect(agent.told).toEqual([]);

  await find(attachment.attachmentArn);
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  expect(agent.told).toMatchObject([{ volumes: [{ name: 'data' }], attachments: [attachment] }]);
  expect(volumeOf(await site.describeTask(taskArn))?.status).toBe('ATTACHED');

  await ecs.stopTask({ cluster, task: taskArn });
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect(volumeOf(await site.describeTask(taskArn))?.status).toBe('DELETED');
});

test('an awsvpc task waits for its volume, and then for its interface', async () => {
  await define('own', 'awsvpc');
  agent.holdsTasks = true;
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const taskArn = await runTask({ taskDefinition: 'own', networkConfiguration });
  const { attachment } = await announced();
  await find(attachment.attachmentArn);
  await eventually(() => agent.told.length, 1);
  expect(await site.statusOf(taskArn)).toBe('PROVISIONING');
  expect(volumeOf(await site.describeTask(taskArn))?.status).toBe('ATTACHED');
  const [network] = agent.told[0]?.elasticNetworkInterfaces ?? [];
  await find(network?.attachmentArn ?? '');
  expect(await site.statusOf(taskArn)).toBe('PENDING');
});

test('a volume that the agent does not find within five minutes has failed its task', async () => {
  const taskArn = await runTask();
  await announced();
  await clock.advanceSettling(300_000, async () => void (await site.statusOf(taskArn)));
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect(agent.told.filter(({ desiredStatus }) => desiredStatus === 'RUNNING')).toEqual([]);
  expect(await site.describeTask(taskArn)).toMatchObject({
    stopCode: 'TaskFailedToStart',
    stoppedReason:
      'Timed out waiting for Amazon EBS Volume attachment to complete on your Instance.',
  });
});

test('a restarted agent is told again of a volume that it has not found, and of no other', async () => {
  const first = await runTask();
  const { attachment } = await announced();
  await find(attachment.attachmentArn);
  await eventually(() => site.statusOf(first), 'RUNNING');
  const second = await runTask();
  await eventually(() => announcements().length, 2);
  await agent.kill();
  await agent.restart();
  await eventually(() => announcements().length, 3);
  expect(announcements().map(({ taskArn }) => taskArn)).toEqual([first, second, second]);
});

test('a task that waits for its volume can be stopped', async () => {
  const taskArn = await runTask();
  await announced();
  await ecs.stopTask({ cluster, task: taskArn });
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect(await site.describeTask(taskArn)).toMatchObject({ stopCode: 'UserInitiated' });
});

test('tasks of services on agents have volumes of their own', async () => {
  await ecs.createService({
    cluster,
    serviceName: 'web',
    taskDefinition: 'web',
    desiredCount: 1,
    volumeConfigurations,
  });
  await find((await announced()).attachment.attachmentArn);
  const runningCount = async () =>
    (await ecs.describeServices({ cluster, services: ['web'] })).services?.[0]?.runningCount;
  await eventually(runningCount, 1);
  const daemon = { cluster, serviceName: 'every', taskDefinition: 'web', volumeConfigurations };
  const refused = ecs.createService({ ...daemon, schedulingStrategy: 'DAEMON' });
  await expect(refused).rejects.toThrow('Volume configuration is not supported for DAEMON');
});

test('an instance whose agent attaches no volumes is no place for such a task', async () => {
  const other = 'without';
  await ecs.createCluster({ clusterName: other });
  const registration = { attributes: [{ name: docker }] };
  const at = { url: site.server.url, accountId: site.accountId, cluster: other };
  const plain = await AgentDouble.start({ ...at, registration });
  const wanted = { cluster: other, taskDefinition: 'web', volumeConfigurations };
  const { failures } = await ecs.runTask(wanted);
  await plain.close();
  expect(failures).toMatchObject([{ reason: 'ATTRIBUTE' }]);
});
