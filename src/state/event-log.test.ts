import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../test/fixtures/a-service-connect.ts';
import { aTask } from '../../test/fixtures/a-task.ts';
import { aContainerInstance } from '../../test/fixtures/container-instances.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { aServiceWorld } from '../../test/fixtures/service-world.ts';
import { changedInstance } from '../domain/container-instance/container-instance.ts';
import type { Task } from '../domain/task/task.ts';
import { MemoryDisk } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { eventLog, type LoggedEvent, type State } from './state.ts';

/** A state whose time the test sets, over a disk that outlives it. */
class World {
  now = 1_000;
  readonly #disk = new MemoryDisk();
  #store: Store | undefined;

  /** Opens the disk, anew where it is open. */
  async open(): Promise<State> {
    await this.#store?.close();
    this.#store = await this.#disk.open();
    return openState({ store: this.#store, now: () => this.now });
  }
}

function moved(task: Task, lastStatus: Task['lastStatus']): Task {
  return { ...task, lastStatus, version: task.version + 1 };
}

async function allEvents(state: State): Promise<readonly LoggedEvent[]> {
  await state.flush();
  return state.readEvents({ limit: 1_000 });
}

function statuses(events: readonly LoggedEvent[]) {
  return events.map(({ event }) => ('lastStatus' in event.detail ? event.detail.lastStatus : ''));
}

test('each version of a task is told once, in order, also of one batch', async () => {
  const state = await new World().open();
  const task = aTask();
  const pending = moved(task, 'PENDING');
  state.transact((tx) => tx.tasks.put(task));
  state.transact((tx) => tx.tasks.put(pending));
  state.transact((tx) => tx.tasks.put({ ...pending, pullStartedAt: 5 }));
  state.transact((tx) => tx.tasks.put(moved(pending, 'RUNNING')));
  state.transact((tx) => tx.tasks.delete(task));
  const events = await allEvents(state);
  expect(statuses(events)).toEqual(['PROVISIONING', 'PENDING', 'RUNNING']);
  expect(new Set(events.map(({ event }) => event.id)).size).toBe(3);
});

test('what a task can call is not kept with each of its events', async () => {
  const state = await new World().open();
  const others = Array.from({ length: 300 }, (_, index) => anEndpoint(`other-${index}`));
  const setting = aServiceConnect([anEndpoint('api')], others);
  const task = aTask({ serviceConnect: { attachmentId: 'a', setting } });
  state.transact((tx) => tx.tasks.put(task));
  const [event] = await allEvents(state);
  expect(JSON.stringify(event?.event.detail)).toContain('"type":"Service Connect"');
  expect(state.read.tasks.find(task.arn)).toEqual(task);
  const place = { log: eventLog, subject: 'all', order: 'oldest-first', limit: 1 } as const;
  const [entry] = await state.readLog(place);
  expect(entry?.body).toContain('"discoveryName":"api"');
  expect(entry?.body).not.toContain('other-');
});

test('a transaction that is undone tells nothing', async () => {
  const state = await new World().open();
  const failing = () =>
    state.transact((tx) => {
      tx.tasks.put(aTask());
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  state.transact((tx) => tx.tasks.put(aTask()));
  expect(await allEvents(state)).toHaveLength(1);
});

test('a reader goes on behind each event, in pages of any size', async () => {
  const state = await new World().open();
  for (let batch = 0; batch < 3; batch += 1) {
    for (let i = 0; i < 130; i += 1) state.transact((tx) => tx.tasks.put(aTask()));
    await state.flush();
  }
  const all = await allEvents(state);
  expect(all).toHaveLength(390);
  for (const limit of [1, 7, 100, 389]) {
    const read: LoggedEvent[] = [];
    let page = await state.readEvents({ limit });
    while (page.length > 0) {
      read.push(...page);
      page = await state.readEvents({ after: read.at(-1)?.cursor, limit });
    }
    expect(read).toEqual(all);
  }
});

test('a restart tells nothing anew, and a clock that was set back hides nothing', async () => {
  const world = new World();
  const first = await world.open();
  const task = aTask();
  first.transact((tx) => tx.tasks.put(task));
  const [told] = await allEvents(first);
  world.now = 10;
  const second = await world.open();
  second.transact((tx) => tx.tasks.put(moved(task, 'PENDING')));
  await second.flush();
  const later = await second.readEvents({ after: told?.cursor, limit: 10 });
  expect(statuses(later)).toEqual(['PENDING']);
  expect(later.map(({ at }) => at)).toEqual([1_000]);
  expect(await allEvents(second)).toHaveLength(2);
});

test('an instance tells of its changes, and a service of its deployments', async () => {
  const state = await new World().open();
  const instance = aContainerInstance();
  const { service } = aServiceWorld({
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
  });
  state.transact((tx) => tx.containerInstances.put(instance));
  state.transact((tx) =>
    tx.containerInstances.put(changedInstance(instance, { status: 'DRAINING' })),
  );
  state.transact((tx) => tx.services.put(service));
  state.transact((tx) => tx.services.put({ ...service, desiredCount: 2 }));
  const events = await allEvents(state);
  expect(events.map(({ event }) => event['detail-type'])).toEqual([
    'ECS Container Instance State Change',
    'ECS Container Instance State Change',
    'ECS Deployment State Change',
  ]);
});

test('only events of the time asked for are read', async () => {
  const world = new World();
  const state = await world.open();
  state.transact((tx) => tx.tasks.put(aTask()));
  world.now = 2_000;
  state.transact((tx) => tx.tasks.put(aTask()));
  await state.flush();
  const since = (at: number) => state.readEvents({ since: at, limit: 10 });
  expect(await since(1_000)).toHaveLength(2);
  expect(await since(1_001)).toHaveLength(1);
  expect(await since(2_001)).toHaveLength(0);
});
