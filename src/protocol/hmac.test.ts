import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hmacWith } from './hmac.ts';

test('signs as Node does, any text with any key, again and again', () => {
  const key = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { minLength: 1 });
  fc.assert(
    fc.property(key, texts, (bytes, signed) => {
      const sign = hmacWith(bytes);
      for (const text of signed) {
        expect(sign(text)).toEqual(createHmac('sha256', bytes).update(text).digest('hex'));
      }
    }),
  );
});
