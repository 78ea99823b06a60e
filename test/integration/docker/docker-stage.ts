import { afterAll, afterEach, beforeEach } from 'vitest';
import type { TaskOrder } from '../../../src/compute/compute.ts';
import type {
  DockerCompute,
  DockerComputeSetting,
} from '../../../src/compute/docker/docker-compute.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder } from '../../fixtures/an-order.ts';
import { DockerWorld } from './docker-world.ts';

/** A compute on the Docker Engine of this machine, for one test at a time. */
export class DockerStage {
  readonly world = new DockerWorld();
  compute: DockerCompute = this.world.compute();
  reports = new RecordedReports();

  async open(
    orders: readonly TaskOrder[] = [],
    given: Partial<DockerComputeSetting> = {},
  ): Promise<void> {
    this.compute = this.world.compute(given);
    this.reports = new RecordedReports();
    await this.compute.open(orders, this.reports.report);
  }

  start(...given: Parameters<typeof anOrder>): TaskOrder {
    const order = anOrder(...given);
    this.compute.start(order);
    return order;
  }

  async stopped(order: TaskOrder): Promise<void> {
    this.compute.stop(order);
    await this.reports.first(order, 'Released');
  }
}

/** Opens a compute before each test of the file, and leaves nothing behind. */
export function aDockerStage(): DockerStage {
  const stage = new DockerStage();
  beforeEach(() => stage.open());
  afterEach(async () => {
    await stage.compute.close();
    await stage.world.cleanUp();
  });
  afterAll(() => stage.world.close());
  return stage;
}
