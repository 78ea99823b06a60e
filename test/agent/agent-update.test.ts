import type { ECS } from '@aws-sdk/client-ecs';
import { NoUpdateAvailableException, UpdateInProgressException } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentDouble } from './agent-double.ts';
import { AgentSite, cluster } from './agent-site.ts';

const release = {
  version: '1.106.0',
  location: 'https://example.com/ecs-agent.tar',
  sha256: 'f'.repeat(64),
};

let site: AgentSite;
let ecs: ECS;
let agent: AgentDouble;

beforeEach(async () => {
  site = await AgentSite.open({ agentRelease: release });
  ({ ecs, agent } = site);
  await connected();
});

afterEach(() => site.close());

async function connected(): Promise<void> {
  await expect.poll(isConnected).toBe(true);
}

function isConnected(): Promise<boolean | undefined> {
  return site.isConnected();
}

async function status(): Promise<string | undefined> {
  return (await site.describeInstance())?.agentUpdateStatus;
}

function update() {
  return ecs.updateContainerAgent({ cluster, containerInstance: agent.instanceArn });
}

test('an agent downloads its update, becomes it, and comes back as it', async () => {
  agent.updatesEnabled = true;
  const { containerInstance } = await update();
  expect(containerInstance?.agentUpdateStatus).toBe('PENDING');
  await expect.poll(status).toBe('UPDATING');
  await expect(update()).rejects.toThrow(UpdateInProgressException);
  expect(
    agent.received.flatMap((told) => ('updateInfo' in told.message ? [told.type] : [])),
  ).toEqual(['StageUpdateMessage', 'PerformUpdateMessage']);
  expect(agent.received.find(({ type }) => type === 'StageUpdateMessage')?.message).toMatchObject({
    containerInstanceArn: agent.instanceArn,
    updateInfo: { location: release.location, signature: release.sha256 },
  });

  await agent.kill();
  agent.version = release.version;
  await agent.restart();
  await expect.poll(status).toBe('UPDATED');
  expect((await site.describeInstance())?.versionInfo?.agentVersion).toBe(release.version);
  await expect(update()).rejects.toThrow(NoUpdateAvailableException);
});

test('an agent that does not let itself be updated fails its update, and may be asked again', async () => {
  await update();
  await expect.poll(status).toBe('FAILED');
  agent.updatesEnabled = true;
  await update();
  await expect.poll(status).toBe('UPDATING');
});

test('an agent that is away hears of its update when it is back', async () => {
  await agent.kill();
  await expect.poll(isConnected).toBe(false);
  await update();
  agent.updatesEnabled = true;
  await agent.restart();
  await expect.poll(status).toBe('UPDATING');
});

test('an agent that comes back as it was has not been updated', async () => {
  agent.updatesEnabled = true;
  await update();
  await expect.poll(status).toBe('UPDATING');
  await agent.kill();
  await agent.restart();
  await expect.poll(status).toBe('FAILED');
});
