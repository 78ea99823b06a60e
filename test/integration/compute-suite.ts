import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Compute, TaskOrder } from '../../src/compute/compute.ts';
import { RecordedReports } from './recorded-reports.ts';
import { anOrder, type GivenContainer } from '../fixtures/an-order.ts';

/** How the suite gets containers that behave in a certain way on the compute under test. */
export interface World {
  readonly name: string;
  /** A compute on the same host as all others of this world: what one leaves, the next finds. */
  compute(): Compute;
  /** Writes `line` (if given), and exits with the code after a time, or not by itself. */
  container(life: ContainerLife): GivenContainer;
  containerOfMissingImage(): GivenContainer;
  /** A container that ends with the code when its task is left, or soon after its start. */
  leaving(exitCode: number): GivenContainer;
  /** Resolves when the containers of the task have ended, or are about to, without any compute. */
  leave(order: TaskOrder): Promise<void>;
  /** Removes all that the tests have left. */
  cleanUp(): Promise<void>;
}

export interface ContainerLife {
  readonly line?: string;
  readonly exits?: { readonly code: number; readonly afterMilliseconds: number };
  /** How it answers to being asked to stop. */
  readonly onStop?: { readonly exitCode: number } | 'ignored';
}

/** Waits for a line of a container: a shell that has just started heeds no signal yet. */
export async function firstLine(
  compute: Compute,
  { task }: TaskOrder,
  container = 'main',
): Promise<void> {
  const reader = new AbortController();
  const query = { task, container, follow: true, signal: reader.signal };
  for await (const _ of compute.output(query)) reader.abort();
}

/** What every compute does alike (see `Compute`). */
export function computeSuite(world: World): void {
  describe(`${world.name} compute`, () => {
    let compute: Compute;
    let reports: RecordedReports;

    const open = async (orders: readonly TaskOrder[] = []) => {
      compute = world.compute();
      await compute.open(orders, reports.report);
    };
    const reopen = async (...orders: readonly TaskOrder[]) => {
      const known = await close(...orders);
      await open(known);
    };
    const close = async (...orders: readonly TaskOrder[]) => {
      const known = orders.map((order) => reports.applied(order));
      await compute.close();
      reports = new RecordedReports();
      return known;
    };
    const start = (...containers: readonly GivenContainer[]) => {
      const order = anOrder(containers);
      compute.start(order);
      return order;
    };
    const stopped = async (order: TaskOrder) => {
      compute.stop(order);
      await reports.first(order, 'Released');
    };
    const linesOf = async ({ task }: TaskOrder, follow: boolean, tail?: number) => {
      const { signal } = new AbortController();
      const query = { task, container: 'main', follow, signal };
      const lines = compute.output({ ...query, ...(tail !== undefined && { tail }) });
      return (await Array.fromAsync(lines)).map(({ stream, text }) => `${stream}: ${text}`);
    };
    const stays = () => world.container({ line: 'up', onStop: { exitCode: 3 } });
    const isUp = (order: TaskOrder) => firstLine(compute, order);

    beforeEach(async () => {
      reports = new RecordedReports();
      await open();
    });
    afterEach(async () => {
      await compute.close();
      await world.cleanUp();
    });

    test('tells the facts of a task in the order in which they come true', async () => {
      const order = start(world.container({ exits: { code: 7, afterMilliseconds: 0 } }));
      const { exitCode } = await reports.first(order, 'ContainerStopped');
      expect(exitCode).toBe(7);
      await stopped(order);
      expect(reports.kinds(order.task.arn)).toEqual([
        'NetworkInterfaceCreated',
        'Connected',
        'PullStarted',
        'PullStopped',
        'ContainerCreated',
        'ContainerStarted',
        'ContainerStopped',
        'Released',
      ]);
    });

    test('gives a task an interface, and a container the runtime id of FARGATE', async () => {
      const order = start(stays());
      const { address } = await reports.first(order, 'NetworkInterfaceCreated');
      expect(address).toEqual({
        networkInterfaceId: expect.stringMatching(/^eni-[0-9a-f]{17}$/),
        macAddress: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
        privateIpv4Address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      });
      const taskId = order.task.arn.slice(-32);
      expect((await reports.first(order, 'ContainerCreated')).runtimeId).toBe(
        `${taskId}-3935363592`,
      );
      await isUp(order);
      await stopped(order);
    });

    test('a container that heeds its stop has its own exit code', async () => {
      const order = start(stays());
      await isUp(order);
      await stopped(order);
      expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(3);
    });

    test('a container that does not is killed after its stop timeout', async () => {
      const order = start({ ...world.container({ onStop: 'ignored' }), stopTimeout: 2 });
      await reports.first(order, 'ContainerStarted');
      await stopped(order);
      expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(137);
    });

    test('orders may be repeated', async () => {
      const order = start(stays());
      compute.start(order);
      await isUp(order);
      compute.start(order);
      compute.stop(order);
      await stopped(order);
      compute.start(order);
      compute.stop(order);
      const kinds = reports.kinds(order.task.arn);
      expect(kinds.filter((kind) => kind === 'ContainerStarted')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'ContainerStopped')).toHaveLength(1);
    });

    test('a stop ends a task that is still being started', async () => {
      const order = start(stays());
      await stopped(order);
      const kinds = reports.kinds(order.task.arn);
      expect(kinds.at(-1)).toBe('Released');
      expect(kinds.filter((kind) => kind === 'ContainerStopped')).toHaveLength(1);
    });

    test('a task is connected even if it is stopped before that, and only then released', async () => {
      const early = start(stays());
      await stopped(early);
      const unknown = anOrder([stays()]);
      await stopped(unknown);
      for (const { task } of [early, unknown]) {
        const kinds = reports.kinds(task.arn).filter((kind) => !kind.startsWith('Container'));
        expect(kinds).toEqual(['NetworkInterfaceCreated', 'Connected', 'Released']);
      }
    });

    test('of a task that it does not know a compute has nothing to release', async () => {
      const order = anOrder([stays()]);
      await stopped(order);
      expect(reports.kinds(order.task.arn)).not.toContain('ContainerStarted');
    });

    test('a task whose image cannot be pulled fails to start', async () => {
      const order = start(world.containerOfMissingImage());
      const { reason } = await reports.first(order, 'StartFailed');
      expect(reason).toMatch(/^CannotPullContainerError: /);
      await stopped(order);
      const last = await reports.first(order, 'ContainerStopped');
      expect(last).not.toHaveProperty('exitCode');
    });

    test('a container waits for the success of another', async () => {
      const init = world.container({ exits: { code: 0, afterMilliseconds: 50 } });
      const order = start(
        { ...stays(), dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
        { ...init, name: 'init', essential: false },
      );
      await reports.first(order, 'ContainerStarted', 'main');
      const steps = reports
        .of(order.task.arn)
        .flatMap((report) => ('container' in report ? [`${report.container} ${report.kind}`] : []));
      expect(steps).toEqual([
        'init ContainerCreated',
        'init ContainerStarted',
        'init ContainerStopped',
        'main ContainerCreated',
        'main ContainerStarted',
      ]);
      await stopped(order);
    });

    test('a task fails to start where the success that is waited for does not come', async () => {
      const init = world.container({ exits: { code: 1, afterMilliseconds: 0 } });
      const order = start(
        { ...stays(), dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
        { ...init, name: 'init', essential: false },
      );
      expect((await reports.first(order, 'StartFailed')).reason).toBe('Task failed to start');
      await stopped(order);
      const waited = await reports.first(order, 'ContainerStopped', 'main');
      expect(waited).not.toHaveProperty('exitCode');
      expect(waited).not.toHaveProperty('reason');
    });

    test('containers stop in the reverse of their dependencies', async () => {
      const order = start(
        { ...stays(), name: 'db' },
        { ...stays(), dependsOn: [{ containerName: 'db', condition: 'START' }] },
      );
      await reports.first(order, 'ContainerStarted', 'main');
      await stopped(order);
      const ends = reports.of(order.task.arn).filter(({ kind }) => kind === 'ContainerStopped');
      expect(ends).toMatchObject([{ container: 'main' }, { container: 'db' }]);
    });

    test('a task goes on while nobody looks, and is stopped later', async () => {
      const order = start(stays());
      await isUp(order);
      await reopen(order);
      await stopped(order);
      expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(3);
    });

    test('an exit while nobody looks is told with its true code', async () => {
      const order = start(world.leaving(9));
      await reports.first(order, 'ContainerStarted');
      const known = await close(order);
      await world.leave(order);
      await open(known);
      expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(9);
      await stopped(order);
    });

    test('a start that was cut off is gone on with', async () => {
      const order = start(stays());
      await reopen(order);
      await isUp(order);
      await stopped(order);
      expect((await reports.first(order, 'ContainerStopped')).exitCode).toBe(3);
    });

    test('a stop that was cut off is gone on with', async () => {
      const order = start(stays());
      await isUp(order);
      compute.stop(order);
      const desired = { ...order, task: { ...order.task, desiredStatus: 'STOPPED' } } as const;
      await reopen(desired);
      await reports.first(order, 'Released');
      expect(reports.kinds(order.task.arn).slice(-2)).toEqual(['ContainerStopped', 'Released']);
    });

    test('the output of a container is followed to its end', async () => {
      const life = { line: 'hello', exits: { code: 0, afterMilliseconds: 100 } };
      const order = start(world.container(life));
      expect(await linesOf(order, true)).toEqual(['stdout: hello']);
      await stopped(order);
    });

    test('the output of a container is kept until its task is forgotten', async () => {
      const life = { line: 'hello', exits: { code: 0, afterMilliseconds: 0 } };
      const order = start(world.container(life));
      await reports.first(order, 'ContainerStopped');
      expect(await linesOf(order, false)).toEqual(['stdout: hello']);
      await stopped(order);
      await reopen();
      expect(await linesOf(order, true)).toEqual(['stdout: hello']);
      await compute.forget(order.task.arn);
      expect(await linesOf(order, false)).toEqual([]);
    });

    test('the last lines of a container are told as soon as it has ended, and kept', async () => {
      const life = { line: 'one\ntwo\nthree', exits: { code: 0, afterMilliseconds: 0 } };
      const order = start(world.container(life));
      const last = async () => (await linesOf(order, false, 2)).slice(-2);
      await reports.first(order, 'ContainerStopped');
      expect(await last()).toEqual(['stdout: two', 'stdout: three']);
      await stopped(order);
      expect(await last()).toEqual(['stdout: two', 'stdout: three']);
    });

    test('a compute that is open has nothing in its queues once all is done', async () => {
      const order = start(stays());
      await isUp(order);
      await stopped(order);
      expect(compute.health()).toEqual({ available: true, queuedStarts: 0, queuedStops: 0 });
    });
  });
}
