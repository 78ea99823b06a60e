import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogReading } from './log-reading.ts';
import type { Message } from './output-messages.ts';

const start = 1_795_000_000_000;

function message(text: string, at = start, stream: Message['stream'] = 'stdout'): Message {
  return { stream, at, bytes: Buffer.from(text) };
}

function eventsOf(messages: readonly Message[], eventStart?: RegExp): string[] {
  const reading = new LogReading(undefined, eventStart);
  reading.begin();
  for (const one of messages) reading.add(one);
  reading.end();
  return reading.take().events.messages;
}

test('a line that the Engine has cut is one event, also where a character was cut', () => {
  const [first, second] = [Buffer.from('gr\u00fcn'), Buffer.from('e Stra\u00dfe\n')];
  const pieces = [first.subarray(0, 3), Buffer.concat([first.subarray(3), second])];
  const messages = pieces.map((bytes): Message => ({ stream: 'stdout', at: start, bytes }));
  expect(eventsOf(messages)).toEqual(['gr\u00fcne Stra\u00dfe']);
});

test('an empty line is no event', () => {
  expect(eventsOf([message('\n'), message('a\r\n'), message('\r\n')])).toEqual(['a']);
});

test('what is larger than an event can be is cut', () => {
  const pieces = Array.from({ length: 40 }, () => message('\u00e4'.repeat(8 * 1024)));
  const events = eventsOf([...pieces, message('end\n')]);
  expect(events.join('')).toBe(`${'\u00e4'.repeat(320 * 1024)}end`);
  for (const event of events) expect(Buffer.byteLength(event)).toBeLessThanOrEqual(262_118);
});

test('lines before the first that a pattern finds are an event too', () => {
  const messages = ['a\n', 'START b\n', 'c\n'].map((text) => message(text));
  expect(eventsOf(messages, /^START/)).toEqual(['a\n', 'START b\nc\n']);
});

test('times of a batch are in order', () => {
  const reading = new LogReading(undefined, undefined);
  reading.begin();
  for (const at of [5000, 4990, 100, 200]) reading.add(message(`${at}\n`, start + at));
  const { times, messages } = reading.take().events;
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(messages).toEqual(['100', '200', '5000', '4990']);
});

const anyMessage = fc.record({
  text: fc.constantFrom('a\n', 'START b\n', 'piece ', 'c\n', '\n'),
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
  laterMs: fc.integer({ min: 0, max: 4_000 }),
  disorderMs: fc.integer({ min: 0, max: 900 }),
});

/** A log whose times rise, but for the disorder of two streams. */
const anyLog = fc.array(anyMessage, { maxLength: 60 }).map((given) => {
  let at = start;
  return given.map(({ text, stream, laterMs, disorderMs }) => {
    at += laterMs;
    return message(text, at - disorderMs, stream);
  });
});

test('wherever reading is broken off, each event comes once when it goes on', () => {
  const eventStart = fc.constantFrom(undefined, /^START/);
  const cuts = fc.array(fc.nat(60), { maxLength: 6 });
  fc.assert(
    fc.property(anyLog, cuts, eventStart, (log, places, pattern) => {
      const events: string[] = [];
      let position: string | undefined;
      for (const cut of [...places.toSorted((a, b) => a - b), log.length]) {
        const reading = new LogReading(position, pattern);
        const since = reading.begin();
        // The Engine sends what is there from the time on; what is read and not kept is read again.
        const written = log.slice(0, cut).filter(({ at }) => at >= since);
        for (const one of written) reading.add(one);
        const taken = reading.take();
        events.push(...taken.events.messages);
        position = taken.position;
        for (const one of log.slice(cut, cut + 3)) reading.add(one);
      }
      const last = new LogReading(position, pattern);
      last.end();
      events.push(...last.take().events.messages);
      expect(events.toSorted()).toEqual(eventsOf(log, pattern).toSorted());
    }),
    { numRuns: 500 },
  );
});
