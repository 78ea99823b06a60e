import { InvalidParameterException, type ECS } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/support/clock.ts';
import { newAccount } from '../contract/server.ts';
import type { AgentDouble } from './agent-double.ts';
import { AgentSite, cluster, eventually } from './agent-site.ts';

let clock: ManualClock;
let site: AgentSite;
let ecs: ECS;
/** An agent that can give tasks interfaces of their own, as those on EC2. */
let agent: AgentDouble;

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 8, 16));
  const docker = 'com.amazonaws.ecs.capability.docker-remote-api.1.18';
  site = await AgentSite.open({ clock, capabilities: ['ecs.capability.task-eni', docker] });
  ({ ecs, agent } = site);
  await ecs.registerTaskDefinition({
    family: 'web',
    networkMode: 'awsvpc',
    containerDefinitions: [
      { name: 'app', image: 'busybox', memory: 32, portMappings: [{ containerPort: 80 }] },
    ],
  });
});

afterEach(() => site.close());

async function runTask(): Promise<string> {
  const { tasks, failures } = await ecs.runTask({
    cluster,
    taskDefinition: 'web',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  expect(failures).toEqual([]);
  expect(tasks?.[0]).toMatchObject({ lastStatus: 'PROVISIONING', launchType: 'EC2' });
  return tasks?.[0]?.taskArn ?? '';
}

function messages(type: string) {
  return agent.received.filter((received) => received.type === type);
}

/** The attachment as the agent was told of it. */
async function announced(): Promise<string> {
  await eventually(() => messages('AttachTaskNetworkInterfacesMessage').length, 1);
  const [told] = messages('AttachTaskNetworkInterfacesMessage');
  if (told?.type !== 'AttachTaskNetworkInterfacesMessage') throw new Error('None was announced.');
  return told.message.elasticNetworkInterfaces[0]?.attachmentArn ?? '';
}

test('an interface is announced before its task, and is attached once the task runs', async () => {
  const taskArn = await runTask();
  await eventually(() => site.statusOf(taskArn), 'RUNNING');
  const types = agent.received.map(({ type }) => type);
  expect(types.indexOf('AttachTaskNetworkInterfacesMessage')).toBeLessThan(
    types.indexOf('PayloadMessage'),
  );
  expect(messages('AttachTaskNetworkInterfacesMessage')[0]?.message).toMatchObject({
    taskArn,
    waitTimeoutMs: 300_000,
  });
  const payload = messages('PayloadMessage')[0]?.message;
  expect(payload).toMatchObject({
    tasks: [{ elasticNetworkInterfaces: [{ attachmentArn: await announced() }] }],
  });
  expect(payload).not.toHaveProperty('tasks.0.containers.0.portMappings');
  expect(await site.describeTask(taskArn)).toMatchObject({ attachments: [{ status: 'ATTACHED' }] });

  await ecs.stopTask({ cluster, task: taskArn });
  await eventually(() => site.statusOf(taskArn), 'STOPPED');
  expect(await site.describeTask(taskArn)).toMatchObject({ attachments: [{ status: 'DELETED' }] });
});

test('an interface is attached when the agent says that it has found it', async () => {
  agent.deafTo.add('PayloadMessage');
  const taskArn = await runTask();
  const attachmentArn = await announced();
  const attachments = [{ attachmentArn, status: 'ATTACHED' }];
  const foreign = site.server.client(newAccount());
  await foreign.submitAttachmentStateChanges({ attachments });
  foreign.destroy();
  expect(await site.statusOf(taskArn)).toBe('PROVISIONING');
  const unknown = { attachmentArn: `${attachmentArn.slice(0, -1)}x`, status: 'ATTACHED' };
  await ecs.submitAttachmentStateChanges({ cluster, attachments: [unknown, ...attachments] });
  expect(await site.describeTask(taskArn)).toMatchObject({
    lastStatus: 'PENDING',
    attachments: [{ status: 'ATTACHED' }],
  });
});

test('what is no attachment is refused, so that an agent does not repeat it', async () => {
  const attachments = [{ attachmentArn: 'eni-1', status: 'ATTACHED' }];
  await expect(ecs.submitAttachmentStateChanges({ attachments })).rejects.toThrow(
    InvalidParameterException,
  );
});

test('a task whose interface is not found within five minutes has failed to start', async () => {
  // The agent has the task, and waits.
  agent.holdsTasks = true;
  const taskArn = await runTask();
  await announced();
  await eventually(() => messages('PayloadMessage').length, 1);
  await clock.advanceSettling(300_000, async () => void (await site.statusOf(taskArn)));
  await eventually(async () => (await site.describeTask(taskArn))?.stopCode, 'TaskFailedToStart');
  expect((await site.describeTask(taskArn))?.stoppedReason).toBe(
    'Timeout waiting for network interface provisioning to complete.',
  );
});
