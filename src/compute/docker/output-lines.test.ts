import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputLines } from './output-lines.ts';

const stamp = '2026-01-02T03:04:05.006007008Z';
const at = Date.parse('2026-01-02T03:04:05.006Z');

function frame(type: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(`${stamp} ${text}`);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function linesOf(chunks: readonly Buffer[]) {
  async function* source() {
    yield* chunks;
  }
  return Array.fromAsync(outputLines(source()));
}

test('lines of both streams come in the order in which they were written', async () => {
  const chunks = [frame(1, 'one\n'), frame(2, 'two\n'), frame(1, '\n')];
  expect(await linesOf(chunks)).toEqual([
    { at, stream: 'stdout', text: 'one' },
    { at, stream: 'stderr', text: 'two' },
    { at, stream: 'stdout', text: '' },
  ]);
});

test('a line that the Engine has cut is whole again, and the last needs no line feed', async () => {
  const chunks = [frame(1, 'begin '), frame(2, 'other\n'), frame(1, 'middle '), frame(1, 'end')];
  expect((await linesOf(chunks)).map(({ text }) => text)).toEqual(['other', 'begin middle end']);
});

test('a line without end is told in pieces', async () => {
  const chunks = Array.from({ length: 20 }, () => frame(1, 'x'.repeat(16 * 1024)));
  const lines = await linesOf(chunks);
  expect(lines.map(({ text }) => text.length)).toEqual([256 * 1024, 64 * 1024]);
});

test('the output of a terminal has no frames, and carriage returns', async () => {
  const chunks = [Buffer.from(`${stamp} one\r\n${stamp} tw`), Buffer.from('o\r\n')];
  expect((await linesOf(chunks)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('a long line of a terminal is whole again, also where a character was cut apart', async () => {
  const piece = 'x'.repeat(16 * 1024);
  const cutApart = `${piece.slice(1)}\uFFFD`;
  const texts = [
    `${piece}${stamp} ${piece}${stamp} end`,
    `${cutApart}${stamp} end`,
    piece.slice(1),
  ];
  const whole = Buffer.from(texts.map((text) => `${stamp} ${text}\r\n`).join(''));
  for (const size of [whole.length, 1000]) {
    const count = Math.ceil(whole.length / size);
    const chunks = Array.from({ length: count }, (_, i) =>
      whole.subarray(i * size, (i + 1) * size),
    );
    expect((await linesOf(chunks)).map(({ text }) => text)).toEqual(
      texts.map((text) => text.replaceAll(`${stamp} `, '')),
    );
  }
});

test('it does not matter where the network cuts the stream', async () => {
  const texts = ['grüße', 'constructor', ''];
  const whole = Buffer.concat(texts.map((text) => frame(1, `${text}\n`)));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const chunks = edges.slice(1).map((edge, i) => whole.subarray(edges[i], edge));
      expect((await linesOf(chunks)).map(({ text }) => text)).toEqual(texts);
    }),
  );
});
