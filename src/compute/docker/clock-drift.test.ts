import { expect, test } from 'vitest';
import { parseTracking } from './clock-drift.ts';

test('The error of the clock is at most the offset, the dispersion and half of the delay', () => {
  const line =
    'A9FEA97B,169.254.169.123,4,1795310867.123456789,-0.000010000,-0.000005,0.00001,-1.5,0.001,0.02,0.000400000,0.000300000,16.1,Normal\n';
  expect(parseTracking(line)).toEqual({
    errorBoundMs: expect.closeTo(0.51, 6),
    referenceAt: 1795310867123.4568,
    isSynchronized: true,
  });
});

test('A machine that is its own reference has no error', () => {
  const line =
    '7F7F0101,,10,1795324777.814557739,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,0.000000000,0.000000000,0.0,Normal\n';
  expect(parseTracking(line)).toMatchObject({ errorBoundMs: 0, isSynchronized: true });
});

test('A clock that nothing keeps is not synchronized', () => {
  const line =
    '00000000,,0,0.000000000,0.0,0.0,0.0,0.0,0.0,0.0,1.000000000,1.000000000,0.0,Not synchronised';
  expect(parseTracking(line)).toMatchObject({ errorBoundMs: 1500, isSynchronized: false });
});

test.each(['', '506 Cannot talk to daemon', 'a,b,c,d,e,f,g,h,i,j,k,l,m,n'])(
  'Of what is no answer of chrony nothing is known: %j',
  (line) => expect(parseTracking(line)).toBeUndefined(),
);
