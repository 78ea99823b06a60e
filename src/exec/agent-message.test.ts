import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, newMessage } from './agent-message.ts';

const example = {
  type: 'output_stream_data',
  sequence: 3,
  flags: 0,
  id: '00112233-4455-6677-8899-aabbccddeeff',
  payloadType: 1,
  payload: Buffer.from('hi\r\n'),
};

test('A message is written as the official plugin reads it', () => {
  const frame = encodeMessage(example, 1_700_000_000_000);
  expect(frame).toHaveLength(124);
  expect(frame.toString('hex', 64, 80)).toBe('8899aabbccddeeff0011223344556677');
  expect(createHash('sha256').update(frame).digest('hex')).toBe(
    '07bf500b5d1354ad30e0824c8b4c9246cf9ff84ed8e7e8631d63d5bdd520d201',
  );
});

test('What is written is read again', () => {
  const anyMessage = fc.record({
    type: fc.constantFrom('input_stream_data', 'acknowledge', 'channel_closed'),
    sequence: fc.nat(),
    flags: fc.integer({ min: 0, max: 3 }),
    payloadType: fc.nat(12),
    payload: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  });
  fc.assert(
    fc.property(anyMessage, (given) => {
      const message = newMessage(given);
      expect(decodeMessage(encodeMessage(message, 1))).toEqual(message);
    }),
  );
});

test('Whatever else comes in is no message, and does no harm', () => {
  const frame = encodeMessage(example, 1);
  const changed = Buffer.from(frame);
  changed[122] = 0;
  const lying = Buffer.from(frame);
  lying.writeUInt32BE(0xffffffff, 0);
  for (const bytes of [Buffer.alloc(0), frame.subarray(0, 119), changed, lying]) {
    expect(decodeMessage(bytes)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeMessage(Buffer.from(bytes));
    }),
  );
});
