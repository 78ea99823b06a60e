import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask } from '../../test/fixtures/a-task.ts';
import { SessionPlugin, type DataKey } from '../../test/fixtures/session-plugin.ts';
import { silentLog } from '../../test/fixtures/silent-log.ts';
import type { ExecProcess } from '../compute/exec-process.ts';
import { ManualClock } from '../support/clock.ts';
import { encodeMessage, newMessage } from './agent-message.ts';
import type { Wire } from './data-channel.ts';
import { ExecSession } from './exec-session.ts';
import type { SessionKey } from './handshake.ts';

const minuteMs = 60_000;
const whole = { toPlugin: true, toSession: true };

interface Given {
  readonly losesOutputs?: number;
  /** Whether frames come through at the moment. */
  readonly line?: { readonly toPlugin: boolean; readonly toSession: boolean };
  readonly start?: () => Promise<ExecProcess>;
  readonly key?: SessionKey;
  /** What the plugin gets from its KMS. */
  readonly dataKey?: DataKey;
}

/** A session in virtual time, a terminal that the test plays, and a plugin before it. */
function openSession({ losesOutputs = 0, line = whole, start, key, dataKey }: Given = {}) {
  const clock = new ManualClock();
  const terminal = { output: new PassThrough(), typed: '', sizes: [] as number[][], hungUp: 0 };
  const process: ExecProcess = {
    output: terminal.output,
    isFull: false,
    write: (bytes) => void (terminal.typed += bytes.toString()),
    resize: (...size) => void terminal.sizes.push(size),
    hangUp: () => Promise.resolve(void (terminal.hungUp += 1)),
  };
  const seen = { output: '', ended: 0 };
  const sent: Buffer[] = [];
  const session = new ExecSession({
    id: 'ecs-execute-command-1',
    order: { task: aTask(), container: 'app', command: 'sh' },
    clock,
    log: silentLog,
    start: start ?? (() => Promise.resolve(process)),
    key,
    onOutput: (bytes) => (seen.output += bytes.toString('latin1')),
    onEnded: () => (seen.ended += 1),
  });
  const plugin: SessionPlugin = new SessionPlugin({
    send: (frame) => {
      sent.push(frame);
      if (line.toSession) session.receive(frame);
    },
    losesOutputs,
    ...(dataKey && { newDataKey: () => Promise.resolve(dataKey) }),
  });
  const newWire = (): Wire => ({
    send: (frame) => {
      sent.push(frame);
      if (line.toPlugin) plugin.receive(frame);
    },
    close: () => undefined,
  });
  /** Lets time go by in steps of a tenth of a second, in which the plugin repeats itself. */
  const live = async (ms: number) => {
    for (let past = 0; past < ms; past += 100) {
      plugin.repeatOldest();
      clock.advance(100);
      await new Promise(setImmediate);
    }
  };
  return { clock, terminal, seen, sent, session, plugin, newWire, live };
}

test('What is typed reaches the terminal, and what that shows comes back', async () => {
  const { session, plugin, terminal, newWire, live, seen } = openSession();
  session.connect(newWire());
  plugin.resize(80, 24);
  await live(500);
  plugin.type('ls\r');
  terminal.output.write('file\r\n');
  await live(500);
  expect([terminal.typed, plugin.shown]).toEqual(['ls\r', 'file\r\n']);
  expect(terminal.sizes).toEqual([[80, 24]]);
  terminal.output.end();
  await live(500);
  expect([plugin.closedWith, seen.ended]).toEqual(['', 1]);
});

test('Nothing is lost or doubled by connections that break', async () => {
  const anyChunk = fc.record({
    text: fc.string({ minLength: 1, maxLength: 3000 }),
    // What comes through before both ends notice the break.
    breaks: fc.constantFrom('never', 'with nothing more', 'with what we sent'),
  });
  const anyRun = fc.record({
    losesOutputs: fc.nat(2),
    chunks: fc.array(anyChunk, { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(anyRun, async ({ losesOutputs, chunks }) => {
      const line = { toPlugin: true, toSession: true };
      const world = openSession({ losesOutputs, line });
      let wire = world.newWire();
      world.session.connect(wire);
      await world.live(500);
      for (const { text, breaks } of chunks) {
        line.toSession = breaks === 'never';
        line.toPlugin = breaks !== 'with nothing more';
        world.plugin.type(text.slice(0, 10));
        world.terminal.output.write(Buffer.from(text, 'latin1'));
        await world.live(300);
        line.toSession = true;
        line.toPlugin = true;
        if (breaks === 'never') continue;
        world.session.disconnected(wire);
        wire = world.newWire();
        world.session.connect(wire);
      }
      await world.live(20_000);
      const shown = chunks.map(({ text }) => Buffer.from(text, 'latin1').toString('latin1'));
      expect(world.plugin.shown).toBe(shown.join(''));
      expect(world.terminal.typed).toBe(chunks.map(({ text }) => text.slice(0, 10)).join(''));
    }),
    { numRuns: 30 },
  );
});

test('A connection that breaks is taken up by another, without another handshake', async () => {
  const { session, plugin, terminal, newWire, live, seen } = openSession();
  const first = newWire();
  session.connect(first);
  await live(500);
  session.disconnected(first);
  terminal.output.write('while you were away');
  await live(5_000);
  expect(plugin.shown).toBe('');
  session.connect(newWire());
  await live(1_000);
  expect(plugin.shown).toBe('while you were away');
  expect(seen.ended).toBe(0);
});

test('Nobody who comes back within a minute ends the command', async () => {
  const { session, newWire, live, clock, terminal, seen } = openSession();
  const wire = newWire();
  session.connect(wire);
  await live(500);
  session.disconnected(wire);
  clock.advance(minuteMs - 1);
  expect(terminal.hungUp).toBe(0);
  clock.advance(1);
  await live(100);
  expect([terminal.hungUp, seen.ended]).toEqual([1, 1]);
});

test('Twenty minutes in which nothing happens end the session', async () => {
  const { session, plugin, newWire, live, clock } = openSession();
  session.connect(newWire());
  await live(500);
  clock.advance(19 * minuteMs);
  plugin.type('x');
  clock.advance(19 * minuteMs);
  expect(plugin.closedWith).toBeUndefined();
  clock.advance(minuteMs);
  expect(plugin.closedWith).toBe('Session timed out due to inactivity.');
});

test('A command that cannot be started is told of', async () => {
  const start = () => Promise.reject(new Error('no such file or directory'));
  const { session, plugin, newWire, live, seen } = openSession({ start });
  session.connect(newWire());
  await live(500);
  expect(plugin.closedWith).toMatch(/Unable to start command: no such file or directory$/);
  expect(seen.ended).toBe(1);
});

test('A plugin that does not answer the handshake is told so', () => {
  const { session, clock } = openSession();
  const frames: Buffer[] = [];
  session.connect({ send: (frame) => void frames.push(frame), close: () => undefined });
  clock.advance(15_000);
  expect(frames.at(-1)?.toString()).toContain('Handshake timed out.');
});

const dataKey = { plain: randomBytes(64), cipherText: Buffer.from('sealed') };
const keyId = 'arn:aws:kms:us-east-1:123456789012:key/1';

test('With a key of KMS, what is typed and shown is encrypted on its way', async () => {
  const decrypt = (sealed: Buffer) =>
    Promise.resolve(sealed.equals(dataKey.cipherText) ? dataKey.plain : Buffer.alloc(64));
  const world = openSession({ key: { keyId, decrypt }, dataKey, losesOutputs: 1 });
  world.session.connect(world.newWire());
  await world.live(500);
  expect(world.plugin.welcomedWith).toBe('This session is encrypted using AWS KMS.');
  world.plugin.type('cat secret\r');
  world.terminal.output.write('the plain secret');
  await world.live(1000);
  expect([world.terminal.typed, world.plugin.shown]).toEqual(['cat secret\r', 'the plain secret']);
  expect(world.seen.output).toBe('the plain secret');
  expect(Buffer.concat(world.sent).includes('secret')).toBe(false);
});

test('A data key that KMS does not decrypt ends the session before its command', async () => {
  const decrypt = () => Promise.reject(new Error('AccessDeniedException'));
  const world = openSession({ key: { keyId, decrypt }, dataKey });
  world.session.connect(world.newWire());
  await world.live(500);
  expect(world.plugin.closedWith).toBe('Fetching data key failed: AccessDeniedException');
});

test('A plugin whose key is another one does not get past the challenge', async () => {
  const decrypt = () => Promise.resolve(dataKey.plain);
  const ownHalf = dataKey.plain.subarray(0, 32);
  const plain = Buffer.concat([ownHalf, randomBytes(32)]);
  const world = openSession({ key: { keyId, decrypt }, dataKey: { ...dataKey, plain } });
  world.session.connect(world.newWire());
  await world.live(500);
  expect(world.plugin.closedWith).toBe('Encryption challenge does not match!');
  expect(world.terminal.hungUp).toBe(0);
});

test('A plugin that does not answer the challenge is told so', async () => {
  const line = { toPlugin: true, toSession: true };
  const decrypt = () => {
    line.toSession = false;
    return Promise.resolve(dataKey.plain);
  };
  const world = openSession({ key: { keyId, decrypt }, dataKey, line });
  world.session.connect(world.newWire());
  await world.live(16_000);
  expect(world.plugin.closedWith).toBe('Timed out waiting for encryption challenge.');
});

test('What is typed without the key of an encrypted session ends it', async () => {
  const decrypt = () => Promise.resolve(dataKey.plain);
  const world = openSession({ key: { keyId, decrypt }, dataKey });
  world.session.connect(world.newWire());
  await world.live(500);
  const payload = Buffer.from('rm -rf /');
  const given = { type: 'input_stream_data', sequence: 2, payloadType: 1, payload };
  world.session.receive(encodeMessage(newMessage(given), 1));
  await world.live(100);
  expect(world.plugin.closedWith).toMatch(/not encrypted with the key of the session/);
  expect(world.terminal.typed).toBe('');
});
