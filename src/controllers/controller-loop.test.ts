import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aCluster } from '../../test/fixtures/a-cluster.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import type { RecordKey, State } from '../state/state.ts';
import { ManualClock } from '../support/clock.ts';
import { ControllerLoop } from './controller-loop.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

const minuteMs = 60_000;

/** Looks at clusters by name, and does with each what the test says. */
class ClusterWatcher implements Controller {
  readonly name = 'watcher';
  /** Names in the order in which they were looked at. */
  readonly looks: string[] = [];
  known: readonly string[] = [];
  reconcileWith: (name: string) => Next | Promise<Next> = () => settled;

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'cluster' ? [key.slice(key.indexOf('/') + 1)] : [];
  }

  allKeys(): Iterable<string> {
    return this.known;
  }

  reconcile(name: string): Next | Promise<Next> {
    this.looks.push(name);
    return this.reconcileWith(name);
  }

  /** What was looked at since this was last asked. */
  takeLooks(): readonly string[] {
    return this.looks.splice(0);
  }
}

class World {
  readonly clock = new ManualClock(1_000_000);
  readonly watcher = new ClusterWatcher();
  readonly logged: Readonly<Record<string, unknown>>[] = [];
  readonly state: State;
  readonly loop: ControllerLoop;

  private constructor(state: State) {
    this.state = state;
    this.loop = new ControllerLoop({
      state,
      clock: this.clock,
      log: { error: (fields) => this.logged.push(fields) },
      controllers: [this.watcher],
    });
  }

  static async open(): Promise<World> {
    return new World(await openState());
  }

  /** Changes clusters in a transaction each, and lets the controllers hear of it. */
  async change(...names: string[]): Promise<void> {
    for (const name of names) this.state.transact((tx) => tx.clusters.put(aCluster({ name })));
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.state.flush();
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  }

  /** Moves time on until something is looked at, and says how long that took. */
  async untilNextLook(): Promise<number> {
    const start = this.clock.now();
    while (this.watcher.takeLooks().length === 0) await this.advance(1);
    return this.clock.now() - start;
  }

  advance(milliseconds: number): Promise<void> {
    return this.clock.advanceSettling(milliseconds, () => this.settle());
  }
}

test('at the start everything is looked at, and then what changes', async () => {
  const world = await World.open();
  const { watcher } = world;
  watcher.known = ['a', 'b'];
  world.loop.start();
  await world.settle();
  expect(watcher.takeLooks()).toEqual(['a', 'b']);
  await world.change('b', 'c');
  expect(watcher.takeLooks()).toEqual(['b', 'c']);
});

test('a change is heard of once it is durable, and many changes of one record as one', async () => {
  const world = await World.open();
  world.loop.start();
  await world.change('a', 'a', 'b', 'a');
  expect(world.watcher.takeLooks()).toEqual(['a', 'b']);
});

test('everything is looked at again every five minutes', async () => {
  const world = await World.open();
  const { watcher } = world;
  world.loop.start();
  await world.settle();
  watcher.known = ['a'];
  await world.advance(5 * minuteMs - 1);
  expect(watcher.takeLooks()).toEqual([]);
  await world.advance(1);
  expect(watcher.takeLooks()).toEqual(['a']);
  await world.advance(5 * minuteMs);
  expect(watcher.takeLooks()).toEqual(['a']);
});

test('what fails is tried again, later each time, until it succeeds', async () => {
  const world = await World.open();
  const { watcher } = world;
  const cause = new Error('Docker is away.');
  watcher.reconcileWith = () => {
    throw cause;
  };
  world.loop.start();
  await world.change('a');
  expect(watcher.takeLooks()).toEqual(['a']);
  // A wait is shortened by up to half, at random.
  for (const [attempt, longestWaitMs] of [200, 400, 800, 1_600].entries()) {
    expect(world.logged[attempt]).toMatchObject({ key: 'a', failures: attempt + 1, error: cause });
    const waitedMs = await world.untilNextLook();
    expect(waitedMs).toBeGreaterThan(longestWaitMs / 2);
    expect(waitedMs).toBeLessThanOrEqual(longestWaitMs);
  }
  watcher.reconcileWith = () => settled;
  await world.untilNextLook();
  await world.advance(minuteMs);
  expect(watcher.takeLooks()).toEqual([]);
  watcher.reconcileWith = () => Promise.reject(cause);
  await world.change('a');
  expect(world.logged.at(-1)).toMatchObject({ failures: 1 });
});

test('no wait between attempts is longer than half a minute', async () => {
  const world = await World.open();
  const { watcher } = world;
  watcher.reconcileWith = () => {
    throw new Error('for ever');
  };
  world.loop.start();
  await world.change('a');
  await world.advance(2 * minuteMs);
  watcher.takeLooks();
  await world.advance(30_000);
  expect(watcher.takeLooks().length).toBeGreaterThan(0);
});

test('what fails holds up nothing else', async () => {
  const world = await World.open();
  const { watcher } = world;
  watcher.reconcileWith = (name) => {
    if (name === 'bad') throw new Error('always');
    return settled;
  };
  world.loop.start();
  await world.change('bad', 'a', 'b');
  expect(watcher.takeLooks()).toEqual(['bad', 'a', 'b']);
});

test('a controller that asks to look again is called at that moment', async () => {
  const world = await World.open();
  const { watcher, clock } = world;
  const at = clock.now() + minuteMs;
  watcher.reconcileWith = () => (clock.now() < at ? lookAgain(at) : settled);
  world.loop.start();
  await world.change('a');
  // A notice on the way neither doubles the look nor forgets it.
  await world.advance(minuteMs / 2);
  await world.change('a');
  expect(watcher.takeLooks()).toEqual(['a', 'a']);
  await world.advance(minuteMs / 2 - 1);
  expect(watcher.takeLooks()).toEqual([]);
  await world.advance(1);
  expect(watcher.takeLooks()).toEqual(['a']);
  await world.advance(minuteMs);
  expect(watcher.takeLooks()).toEqual([]);
});

test('a key is in hand once at a time; what is noticed meanwhile makes one more look', async () => {
  const world = await World.open();
  const { watcher } = world;
  const pending = Promise.withResolvers<Next>();
  watcher.reconcileWith = () => pending.promise;
  world.loop.start();
  await world.change('a');
  await world.change('a');
  await world.change('a', 'b');
  expect(watcher.takeLooks()).toEqual(['a', 'b']);
  watcher.reconcileWith = () => settled;
  pending.resolve(settled);
  await world.settle();
  expect(watcher.takeLooks()).toEqual(['a']);
});

test('after the stop nothing is begun, whatever changes or is due', async () => {
  const world = await World.open();
  const { watcher, clock } = world;
  watcher.known = ['a'];
  watcher.reconcileWith = () => lookAgain(clock.now() + 1_000);
  world.loop.start();
  await world.settle();
  await world.loop.stop();
  watcher.takeLooks();
  await world.change('a', 'b');
  await world.advance(10 * minuteMs);
  expect(watcher.takeLooks()).toEqual([]);
});

test('the stop waits for looks under way, and nothing comes of them later', async () => {
  const world = await World.open();
  const { watcher, clock } = world;
  const pending = Promise.withResolvers<Next>();
  watcher.reconcileWith = () => pending.promise;
  world.loop.start();
  await world.change('a');
  let stopped = false;
  const stop = world.loop.stop().then(() => (stopped = true));
  await world.settle();
  expect(stopped).toBe(false);
  pending.resolve(lookAgain(clock.now() + 1_000));
  await stop;
  watcher.takeLooks();
  await world.advance(10 * minuteMs);
  expect(watcher.takeLooks()).toEqual([]);
});
