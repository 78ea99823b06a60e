import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ackRequest } from '../../src/compute/ecs-agent/frames/ack-request.ts';
import { readFrame } from '../../src/compute/ecs-agent/frames/frame.ts';
import { heartbeatAckRequest } from '../../src/compute/ecs-agent/frames/heartbeat-ack-request.ts';
import { iamRoleCredentialsAckRequest } from '../../src/compute/ecs-agent/frames/iam-role-credentials-ack-request.ts';
import { publishHealthRequest } from '../../src/compute/ecs-agent/frames/publish-health-request.ts';
import { publishInstanceStatusRequest } from '../../src/compute/ecs-agent/frames/publish-instance-status-request.ts';
import { publishMetricsRequest } from '../../src/compute/ecs-agent/frames/publish-metrics-request.ts';
import { textOfSignedFrame } from '../../src/compute/ecs-agent/frames/signed-frame.ts';
import { taskStopVerificationMessage } from '../../src/compute/ecs-agent/frames/task-stop-verification-message.ts';
import { verifyWith } from '../../src/protocol/verify-signature.ts';

// What the official agent 1.105.1 sent to a server of ours, with a key and a secret of the AWS documentation's kind.
const frames: readonly { readonly type: string; readonly text: string }[] = JSON.parse(
  readFileSync(new URL('./fixtures/recorded-frames.json', import.meta.url), 'utf8'),
);
const upgrades: readonly { readonly url: string; readonly headers: Record<string, string> }[] =
  JSON.parse(readFileSync(new URL('./fixtures/recorded-upgrades.json', import.meta.url), 'utf8'));

const fromAgent = [
  ackRequest,
  heartbeatAckRequest,
  iamRoleCredentialsAckRequest,
  taskStopVerificationMessage,
  publishHealthRequest,
  publishInstanceStatusRequest,
  publishMetricsRequest,
] as const;

test.each(frames)('a recorded $type is read whole, and written as it came', ({ type, text }) => {
  const plain = textOfSignedFrame(text);
  const received = readFrame(fromAgent, plain);
  expect(received).toEqual(JSON.parse(plain));
  expect(received?.type).toBe(type);
});

test('recordings cover every type that agents send by themselves', () => {
  const recorded = new Set(frames.map(({ type }) => type));
  expect(fromAgent.map(({ type }) => type).filter((type) => !recorded.has(type))).toEqual([]);
});

const credential = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'secretexample',
  accountId: '012345678910',
  callerArn: 'arn:aws:iam::012345678910:root',
};
const authenticate = verifyWith({ find: () => credential });
const now = Date.UTC(2026, 10, 22, 0, 3, 35);

test.each(upgrades)('the agent signs its request for a websocket: $url', ({ url, headers }) => {
  const request = { method: 'GET', headers, body: Buffer.of(), signingName: 'ecs', now };
  expect(authenticate({ ...request, url })).toMatchObject({ accountId: '012345678910' });
  const other = url.replace('agentVersion=1.105.1', 'agentVersion=1.105.2');
  expect(() => authenticate({ ...request, url: other })).toThrow('signature');
});
