import type { RequestContext } from '../src/api/operation.ts';
import { createService } from '../src/api/services/create-service.ts';
import { SimulatedCompute } from '../src/compute/simulated/simulated-compute.ts';
import { ControllerLoop } from '../src/controllers/controller-loop.ts';
import { ServiceController } from '../src/controllers/service-controller.ts';
import { TaskController } from '../src/controllers/task-controller.ts';
import { takeReports } from '../src/controllers/task-reports.ts';
import { serviceArn } from '../src/domain/arn.ts';
import type { Cluster } from '../src/domain/cluster/cluster.ts';
import { isRunning } from '../src/domain/service/service-tasks.ts';
import { stoppingTask } from '../src/domain/task/stop-task.ts';
import type { State } from '../src/state/state.ts';
import { ManualClock } from '../src/support/clock.ts';
import { newId, newUuid } from '../src/support/ids.ts';
import { aCluster, scope } from '../test/fixtures/a-cluster.ts';
import { aTaskDefinition } from '../test/fixtures/a-task-definition.ts';
import { aContainerInstance } from '../test/fixtures/container-instances.ts';
import { aContext, atRest, openState } from '../test/fixtures/open-state.ts';

const servicesPerCluster = 1_000;
const tasksPerService = 10;
const instancesPerCluster = 500;
/** Long enough for tasks to start and to settle, far too short for the pass over everything. */
const settlingMs = 7_000;

export interface WorldOptions {
  readonly services: number;
  readonly launchType: 'FARGATE' | 'EC2';
}

/** Services with ten tasks each, and what keeps them, in a time that is moved by hand. */
export class ReconcileWorld {
  readonly #options: WorldOptions;
  readonly #clock = new ManualClock(Date.UTC(2026, 8, 16));
  readonly #state: State;
  readonly #loop: ControllerLoop;
  readonly #compute: SimulatedCompute;
  #next = 0;

  private constructor(options: WorldOptions, state: State) {
    this.#options = options;
    this.#state = state;
    const clock = this.#clock;
    this.#compute = new SimulatedCompute({ clock });
    this.#loop = new ControllerLoop({
      state,
      clock,
      log: { error: (fields) => console.error(fields) },
      controllers: [
        new ServiceController({ state, clock, newId, newUuid }),
        new TaskController({
          state,
          clock,
          runnerOf: () => this.#compute,
          lastLines: () => Promise.resolve([]),
        }),
      ],
    });
  }

  static async start(options: WorldOptions): Promise<ReconcileWorld> {
    const world = new ReconcileWorld(options, await openState());
    await world.#begin();
    return world;
  }

  /** Stops a task of each of so many services, and returns once all are steady again. */
  async change(count: number): Promise<void> {
    const { read } = this.#state;
    this.#state.transact((tx) => {
      for (let i = 0; i < count; i += 1) {
        const { clusterArn, group } = this.#serviceAt(this.#next++);
        const task = read.tasks.unaccountedOf(clusterArn, group).find(isRunning);
        const cause = { code: 'UserInitiated', reason: 'Task stopped by user' } as const;
        if (task) tx.tasks.put(stoppingTask(task, cause, this.#clock.now()));
      }
    });
    await this.#settle();
  }

  /** Services that do not have all their tasks running, or are not steady. */
  unsettled(): number {
    let count = 0;
    for (const { clusterArn, name, steadyAt } of this.#state.read.services.values()) {
      const tasks = this.#state.read.tasks.unaccountedOf(clusterArn, `service:${name}`);
      const running = tasks.filter(isRunning).length;
      if (running !== tasksPerService || steadyAt === undefined) count += 1;
    }
    return count;
  }

  async close(): Promise<void> {
    await this.#loop.stop();
    await this.#compute.close();
    await this.#state.flush();
  }

  async #begin(): Promise<void> {
    const { services, launchType } = this.#options;
    const isFargate = launchType === 'FARGATE';
    await this.#compute.open([], (reports) => takeReports(this.#state, reports));
    this.#loop.start();
    this.#state.transact((tx) => {
      tx.taskDefinitions.put(aTaskDefinition(isFargate ? {} : { networkMode: 'bridge' }));
      for (let from = 0; from < services; from += servicesPerCluster) {
        const cluster = this.#clusterOf(from);
        tx.clusters.put(cluster);
        for (let i = 0; !isFargate && i < instancesPerCluster; i += 1) {
          tx.containerInstances.put(anInstance(cluster, from + i));
        }
      }
    });
    for (let i = 0; i < services; i += 1) this.#create(i, isFargate);
    await this.#settle();
  }

  #create(index: number, isFargate: boolean): void {
    const awsvpcConfiguration = { subnets: ['subnet-a', 'subnet-b'] };
    createService(
      {
        cluster: this.#clusterOf(index).name,
        serviceName: `s${index}`,
        taskDefinition: 'web:1',
        launchType: this.#options.launchType,
        desiredCount: tasksPerService,
        ...(isFargate && { networkConfiguration: { awsvpcConfiguration } }),
      },
      this.#context(),
    );
  }

  #clusterOf(index: number): Cluster {
    return aCluster({ name: `c${Math.floor(index / servicesPerCluster)}` });
  }

  /** Changes go round over all services, in big steps, so that no two in a row have much in common. */
  #serviceAt(turn: number) {
    const index = (turn * 7_919) % this.#options.services;
    const cluster = this.#clusterOf(index);
    const group = `service:${serviceArn(scope, cluster.name, `s${index}`).split('/').at(-1)}`;
    return { clusterArn: cluster.arn, group };
  }

  #settle(): Promise<void> {
    return this.#clock.advanceSettling(settlingMs, () => atRest(this.#state));
  }

  #context(): RequestContext {
    return aContext(this.#state, this.#clock.now());
  }
}

function anInstance({ arn: clusterArn }: Cluster, id: number) {
  return aContainerInstance({
    id,
    clusterArn,
    attributes: { 'ecs.availability-zone': `us-east-1${'abc'.charAt(id % 3)}` },
    registeredResources: { cpuUnits: 16_384, memoryMiB: 65_536 },
  });
}
