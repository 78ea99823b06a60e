import { expect, test } from 'vitest';
import { redirectProgram } from './redirect-program.ts';
import { redirectRules } from './redirect-rules.ts';

/** The messages of netlink one after the other: their types, and whether they want an answer. */
function messagesOf(rules: Buffer) {
  const messages: { type: number; acknowledged: boolean }[] = [];
  for (let at = 0; at < rules.length; at += rules.readUInt32LE(at)) {
    const flags = rules.readUInt16LE(at + 6);
    messages.push({ type: rules.readUInt16LE(at + 4), acknowledged: (flags & 4) !== 0 });
  }
  return messages;
}

test('the rules are one transaction, and only its last change is acknowledged', () => {
  const types = [0x10, 0xa00, 0xa02, 0xa00, 0xa03, 0xa06, 0x11];
  expect(messagesOf(redirectRules(15_001))).toEqual(
    types.map((type) => ({ type, acknowledged: type === 0xa06 })),
  );
});

test.each(['amd64', 'arm64'] as const)(
  'the program for %s has the rules behind its code',
  (name) => {
    const program = redirectProgram(name);
    const rules = redirectRules(15_001);
    expect(program.subarray(0, 4).toString('latin1')).toBe('\u007fELF');
    expect(program.subarray(-rules.length)).toEqual(rules);
    // e_entry of a file that is loaded at 0x400000, and the size of what is loaded.
    expect(program.readBigUInt64LE(24)).toBe(0x400078n);
    expect(program.readBigUInt64LE(96)).toBe(BigInt(program.length));
  },
);

test('the jumps of the program for arm64 lead to what tells of a failure, and past it', () => {
  const program = redirectProgram('arm64');
  const words = Array.from({ length: (program.length - 120) / 4 }, (_, at) =>
    program.readUInt32LE(120 + 4 * at),
  );
  const fail = words.indexOf(0xf9400261);
  const targets = words.flatMap((word, at) => {
    const isTestOfSign = word >>> 19 === 0xb7f80000 >>> 19 && (word & 31) === 0;
    const isTestOfZero = word >>> 24 === 0x34 && (word & 31) === 1;
    if (isTestOfSign) return [at + ((word >>> 5) & 0x3fff)];
    return isTestOfZero ? [at + ((word >>> 5) & 0x7ffff)] : [];
  });
  expect(targets).toEqual([fail, fail, fail, fail + 2]);
});
