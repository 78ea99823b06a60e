import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aCluster, scope } from '../../test/fixtures/a-cluster.ts';
import { aContainerDefinition, aTaskDefinition } from '../../test/fixtures/a-task-definition.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { movedOn } from '../../test/fixtures/service-world.ts';
import { serviceArn } from '../domain/arn.ts';
import {
  newExternalService,
  parseExternalService,
} from '../domain/service/task-sets/external-service.ts';
import {
  deletedTaskSet,
  scaledTaskSet,
  withPrimaryTaskSet,
  withTaskSet,
} from '../domain/service/task-sets/change-task-set.ts';
import {
  computedDesiredCount,
  newTaskSet,
  parseTaskSet,
} from '../domain/service/task-sets/new-task-set.ts';
import { newRevision } from '../domain/service/new-revision.ts';
import { isLive } from '../domain/service/service-tasks.ts';
import { isExternal, type ExternalService } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import type { State } from '../state/state.ts';
import { MemoryDisk } from '../store/memory/memory-store.ts';
import { ManualClock } from '../support/clock.ts';
import { newId, newUuid } from '../support/ids.ts';
import { ServiceController } from './service-controller.ts';

const arn = serviceArn(scope, 'default', 'shop');
const cluster = aCluster();
const image = `web@sha256:${'0'.repeat(64)}`;
const definition = aTaskDefinition({ containerDefinitions: [aContainerDefinition({ image })] });
const place = {
  cluster,
  definition,
  findCapacityProvider: () => undefined,
  findRegistry: () => undefined,
};

/** An external service with the real state and the real controller; crashes lose what is not durable. */
class ExternalWorld {
  readonly #disk: MemoryDisk;
  readonly #clock = new ManualClock(1_000_000);
  #revisions = 0;
  #state: State;
  #controller: ServiceController;

  private constructor(state: State, disk: MemoryDisk) {
    this.#disk = disk;
    this.#state = state;
    this.#controller = this.#newController();
  }

  static async start(desiredCount: number): Promise<ExternalWorld> {
    const disk = new MemoryDisk();
    const world = new ExternalWorld(await openDisk(disk), disk);
    await world.#begin(desiredCount);
    return world;
  }

  #newController(): ServiceController {
    return new ServiceController({ state: this.#state, clock: this.#clock, newId, newUuid });
  }

  async #begin(desiredCount: number): Promise<void> {
    const input = { serviceName: 'shop', desiredCount };
    const created = newExternalService({
      arn,
      name: 'shop',
      cluster,
      spec: parseExternalService(input),
      createdBy: 'arn:aws:iam::123456789012:root',
      clientToken: undefined,
      requestDigest: '',
      now: this.#clock.now(),
    });
    this.#state.transact((tx) => {
      tx.clusters.put(cluster);
      tx.taskDefinitions.put(definition);
      tx.services.put(created);
    });
    await this.#state.flush();
  }

  async crash(): Promise<void> {
    this.#disk.cutOff();
    this.#state = await openDisk(this.#disk);
    this.#controller = this.#newController();
  }

  flush(): Promise<void> {
    return this.#state.flush();
  }

  get service(): ExternalService {
    const service = this.#state.read.services.findByArn(arn);
    if (!service || !isExternal(service)) throw new Error('There is no external service.');
    return service;
  }

  get tasks(): readonly Task[] {
    return [...this.#state.read.tasks.live()];
  }

  liveOf(id: string): number {
    return this.tasks.filter((task) => isLive(task) && task.startedBy === id).length;
  }

  change(changed: (service: ExternalService, now: number) => ExternalService): void {
    this.#state.transact((tx) => tx.services.put(changed(this.service, this.#clock.now())));
  }

  add(value: number): void {
    if (this.service.taskSets.length >= 5) return;
    this.#revisions += 1;
    const digits = String(this.#revisions).padStart(19, '0');
    const input = {
      cluster: 'default',
      service: 'shop',
      taskDefinition: 'web',
      launchType: 'FARGATE' as const,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      scale: { value, unit: 'PERCENT' as const },
    };
    const spec = parseTaskSet(this.service, input, place);
    const revision = newRevision({
      serviceArn: arn,
      clusterArn: cluster.arn,
      content: spec.revision,
      digits,
      now: this.#clock.now(),
    });
    const request = { spec, revision, clientToken: undefined, requestDigest: '' };
    this.change((service) => {
      const added = newTaskSet({ service, ...request });
      return { ...service, taskSets: [...service.taskSets, added] };
    });
  }

  pass(): void {
    this.#controller.reconcile(arn);
  }

  /** Time passes, and tasks move a step on, each or every other one. */
  advance(ms: number, moves: (index: number) => boolean): void {
    this.#clock.advance(ms);
    const now = this.#clock.now();
    this.#state.transact((tx) => {
      for (const [index, task] of this.tasks.entries()) {
        if (moves(index)) tx.tasks.put(movedOn(task, now));
      }
    });
  }

  settle(): void {
    for (let round = 0; round < 60; round += 1) {
      this.pass();
      this.advance(2_000, () => true);
    }
    this.pass();
  }
}

/** A crash makes commits fail that are under way: nobody is there who could mind. */
async function openDisk(disk: MemoryDisk): Promise<State> {
  return openState({ store: await disk.open(), onFailure: () => undefined });
}

const anyEvent = fc.record({
  kind: fc.constantFrom('add', 'scale', 'delete', 'primary', 'count', 'time', 'crash', 'flush'),
  at: fc.nat(4),
  value: fc.nat(100),
});

type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer Event> ? Event : never;

async function happen(world: ExternalWorld, event: AnyEvent): Promise<void> {
  const { kind, at, value } = event;
  if (kind === 'crash') return world.crash();
  if (kind === 'flush') return world.flush();
  if (kind === 'add') return world.add(value);
  if (kind === 'time') return world.advance(value * 60, (index) => (index + at) % 2 === 0);
  if (kind === 'count') return world.change((service) => ({ ...service, desiredCount: at * 2 }));
  const taskSet = world.service.taskSets[at];
  if (!taskSet || taskSet.status === 'DRAINING') return;
  world.change((service, now) => {
    if (kind === 'primary') return withPrimaryTaskSet(service, taskSet, now);
    if (kind === 'delete') return withTaskSet(service, deletedTaskSet(taskSet, true, now));
    return withTaskSet(service, scaledTaskSet(service, taskSet, value, now));
  });
}

test('each task set of an external service comes to its share, whatever happens and wherever the server dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(8), fc.array(anyEvent, { maxLength: 30 }), async (count, events) => {
      const world = await ExternalWorld.start(count);
      for (const event of events) {
        await happen(world, event);
        world.pass();
      }
      world.settle();
      const { desiredCount, taskSets } = world.service;
      const shares = taskSets.map((one) => computedDesiredCount(desiredCount, one.scalePercent));
      expect(taskSets.map(({ deployment }) => world.liveOf(deployment.id))).toEqual(shares);
      expect(taskSets.every((one) => one.stabilityStatus === 'STEADY_STATE')).toBe(true);
      expect(taskSets.every((one) => one.status !== 'DRAINING')).toBe(true);
      expect(world.tasks).toHaveLength(shares.reduce((sum, share) => sum + share, 0));
    }),
    { numRuns: 60 },
  );
});
