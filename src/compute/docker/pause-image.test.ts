import { expect, test } from 'vitest';
import { pauseArchitecture, pauseImage, pauseProgram } from './pause-image.ts';

test.each([
  { architecture: 'amd64', machine: 62, firstInstruction: 'b80d000000' },
  { architecture: 'arm64', machine: 183, firstInstruction: '200280d2' },
] as const)('the pause program for $architecture is an executable of that machine', (expected) => {
  const program = pauseProgram(expected.architecture);
  expect(program.toString('latin1', 0, 4)).toBe('\x7fELF');
  expect(program.readUInt16LE(16)).toBe(2);
  expect(program.readUInt16LE(18)).toBe(expected.machine);
  expect(program.readBigUInt64LE(24)).toBe(0x400078n);
  expect(program.readBigUInt64LE(96)).toBe(BigInt(program.length));
  expect(program.toString('hex', 0x78, 0x78 + expected.firstInstruction.length / 2)).toBe(
    expected.firstInstruction,
  );
});

test('the arm64 program waits for SIGINT and SIGTERM in a loop', () => {
  const words = [];
  const program = pauseProgram('arm64');
  for (let at = 0x78; at < program.length - 40; at += 4) words.push(program.readUInt32LE(at));
  const branch = words.findIndex((word) => word >>> 24 === 0x54);
  // b.le: a signed distance of 19 bits, in words, to the instruction that loads the signal set.
  const distance = ((words[branch] ?? 0) << 8) >> 13;
  const load = words[branch + distance] ?? 0;
  expect(load >>> 24).toBe(0x10);
  const offset = ((load >>> 5) & 0x7ffff) * 4;
  expect(program.readBigUInt64LE(0x78 + (branch + distance) * 4 + offset)).toBe(0x4002n);
});

test('the tag of the pause image names its content', () => {
  expect(pauseImage('amd64').tag).toBe(pauseImage('amd64').tag);
  expect(pauseImage('amd64').tag).not.toBe(pauseImage('arm64').tag);
});

test('an architecture without a pause program is refused', () => {
  expect(pauseArchitecture('aarch64')).toBe('arm64');
  expect(() => pauseArchitecture('riscv64')).toThrow('riscv64');
});
