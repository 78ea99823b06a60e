import { expect, test } from 'vitest';
import { aContainerInstance } from '../../../test/fixtures/container-instances.ts';
import {
  agentUpdateStep,
  stepAnswered,
  stepTold,
  updateAfterConnection,
  updateRequested,
  type AgentRelease,
} from './agent-update.ts';
import type { ContainerInstance } from './container-instance.ts';

const release: AgentRelease = {
  version: '1.106.0',
  location: 'https://example.com/ecs-agent.tar',
  sha256: 'f'.repeat(64),
};
const instance = aContainerInstance({ versionInfo: { agentVersion: '1.105.1' } });
const pending = updateRequested(instance, release);
const staging = stepTold(pending, 'Stage');
const staged = stepAnswered(staging, 'Stage', true);
const updating = stepTold(staged, 'Perform');

function statusOf({ agentUpdate }: Pick<ContainerInstance, 'agentUpdate'>): string | undefined {
  return agentUpdate?.status;
}

test('an update goes from PENDING to UPDATING by what the agent is told and answers', () => {
  expect([pending, staging, staged, updating].map(statusOf)).toEqual([
    'PENDING',
    'STAGING',
    'STAGED',
    'UPDATING',
  ]);
  expect(stepAnswered(updating, 'Perform', true)).toBe(updating);
  expect([pending, staging, staged, updating].map(agentUpdateStep)).toEqual([
    'Stage',
    'Stage',
    'Perform',
    'Perform',
  ]);
});

test('an agent that refuses a step fails its update', () => {
  expect(statusOf(stepAnswered(staging, 'Stage', false))).toBe('FAILED');
  expect(statusOf(stepAnswered(updating, 'Perform', false))).toBe('FAILED');
});

test('an answer to a step that is over changes nothing', () => {
  expect(stepAnswered(updating, 'Stage', false)).toBe(updating);
  expect(stepTold(updating, 'Perform')).toBe(updating);
  expect(stepAnswered(instance, 'Stage', true)).toBe(instance);
});

test.each([
  { before: 'STAGING', version: '1.105.1', isNewProcess: true, after: 'PENDING' },
  { before: 'STAGED', version: '1.105.1', isNewProcess: false, after: 'STAGED' },
  { before: 'STAGED', version: '1.106.0', isNewProcess: true, after: 'UPDATED' },
  { before: 'UPDATING', version: '1.106.0', isNewProcess: true, after: 'UPDATED' },
  { before: 'UPDATING', version: '1.105.1', isNewProcess: false, after: 'UPDATING' },
  { before: 'UPDATING', version: '1.105.1', isNewProcess: true, after: 'FAILED' },
  { before: 'FAILED', version: '1.106.0', isNewProcess: true, after: 'FAILED' },
] as const)(
  'an update that is $before is $after when the agent connects as $version (started anew: $isNewProcess)',
  ({ before, version, isNewProcess, after }) => {
    const known = { ...instance, agentUpdate: { status: before, release } };
    expect(updateAfterConnection(known, version, isNewProcess)?.status).toBe(after);
  },
);

test.each(['1.106.0', '1.200.0', '2.0.0'])(
  'there is no update to an older or equal release for an agent of version %s',
  (agentVersion) => {
    const newer = aContainerInstance({ versionInfo: { agentVersion } });
    expect(() => updateRequested(newer, release)).toThrow('There is no update available');
  },
);

test('there is no update where none is offered, nor for an agent whose version is unknown', () => {
  expect(() => updateRequested(instance, undefined)).toThrow('There is no update available');
  const unknown = aContainerInstance({ versionInfo: {} });
  expect(() => updateRequested(unknown, release)).toThrow('version of the container agent');
});

test('a second update waits for the end of the first', () => {
  expect(() => updateRequested(updating, release)).toThrow('already in progress');
  const failed = stepAnswered(updating, 'Perform', false);
  expect(statusOf(updateRequested(failed, release))).toBe('PENDING');
});
