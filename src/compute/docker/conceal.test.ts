import { expect, test } from 'vitest';
import { conceal } from './conceal.ts';

test('secrets and secret log options are taken out of a text, quoted ones too', () => {
  const configurations = [
    {
      secrets: [
        ['KEY', 'horse'],
        ['EMPTY', ''],
      ] as const,
      logOptions: [],
    },
    { secrets: [], logOptions: [['splunk-token', 'correct "horse"\n']] as const },
  ];
  const text = 'parsing "correct \\"horse\\"\\n": invalid; horse and cart';
  expect(conceal(text, configurations)).toBe('parsing "***": invalid; *** and cart');
});

test('a text without secrets stays as it is', () => {
  expect(conceal('No such image', [])).toBe('No such image');
});
