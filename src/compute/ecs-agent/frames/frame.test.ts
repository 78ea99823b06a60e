import { expect, test } from 'vitest';
import { ackRequest } from './ack-request.ts';
import { FrameError, readFrame } from './frame.ts';
import { heartbeatMessage } from './heartbeat-message.ts';
import { payloadMessage } from './payload-message.ts';
import { publishMetricsRequest } from './publish-metrics-request.ts';
import { textOfSignedFrame } from './signed-frame.ts';

const known = [ackRequest, heartbeatMessage, payloadMessage, publishMetricsRequest] as const;
const ack = { cluster: 'default', containerInstance: 'arn', messageId: '1' };

test('members that nobody knows are dropped, and a null is an absent member', () => {
  const message = { ...ack, tomorrow: 1 };
  expect(readFrame(known, JSON.stringify({ type: 'AckRequest', message }))).toEqual({
    type: 'AckRequest',
    message: ack,
  });
  const metrics = { metadata: { fin: true }, taskMetrics: null };
  expect(
    readFrame(known, JSON.stringify({ type: 'PublishMetricsRequest', message: metrics })),
  ).toEqual({ type: 'PublishMetricsRequest', message: { metadata: { fin: true } } });
});

test.each(['{"type":"OfTomorrow","message":{}}', '{"ServerException":"text"}', '{}'])(
  'a frame of no known type is passed over: %s',
  (text) => expect(readFrame(known, text)).toBeUndefined(),
);

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"type":7}',
  '{"type":"AckRequest"}',
  '{"type":"AckRequest","message":{"cluster":"a","containerInstance":"b","messageId":3}}',
  '{"type":"HeartbeatMessage","message":{"healthy":"yes"}}',
  '{"type":"PublishMetricsRequest","message":{"taskMetrics":{}}}',
  '{"type":"PublishMetricsRequest","message":{"taskMetrics":[{"taskArn":1}]}}',
])('a frame that is not what its type says is refused: %s', (text) => {
  expect(() => readFrame(known, text)).toThrow(FrameError);
});

const address = { messageId: 'm', clusterArn: 'c', containerInstanceArn: 'i', generatedAt: 1 };
const container = { name: 'app', image: 'busybox', essential: true };

// Each would make the agent drop the whole message without a word, or fail its task.
test.each([
  ['a task without an ARN', { arn: '', desiredStatus: 'RUNNING' as const }],
  [
    'a fraction of a port',
    {
      arn: 'a',
      desiredStatus: 'RUNNING' as const,
      containers: [{ ...container, portMappings: [{ containerPort: 80.5 }] }],
    },
  ],
  [
    'memory that is no number',
    {
      arn: 'a',
      desiredStatus: 'RUNNING' as const,
      containers: [{ ...container, memory: Number.NaN }],
    },
  ],
  [
    'an attachment without a type',
    {
      arn: 'a',
      desiredStatus: 'RUNNING' as const,
      attachments: [{ attachmentArn: 'x', attachmentType: '' }],
    },
  ],
])('a payload with %s is never sent', (_, task) => {
  expect(() => payloadMessage.write({ ...address, tasks: [task] })).toThrow(FrameError);
});

test('a frame that is signed is the text behind the empty line', () => {
  expect(textOfSignedFrame('Host: a\r\nX-Amz-Date: b\r\n\r\n{"a":"\\r\\n\\r\\n"}')).toBe(
    '{"a":"\\r\\n\\r\\n"}',
  );
  expect(textOfSignedFrame('{"type":"A"}')).toBe('{"type":"A"}');
  expect(textOfSignedFrame('no header')).toBe('no header');
});
