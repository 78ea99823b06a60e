import type { TaskOrder } from '../compute/compute.ts';
import { Gate } from '../support/gate.ts';
import type { TaskUsage } from '../compute/task-usage.ts';
import { requirementsOf } from '../domain/placement/task-requirements.ts';
import {
  utilizationOf,
  type MeasuredTask,
  type Utilization,
} from '../domain/scaling/utilization.ts';
import { serviceGroup, type AnyService } from '../domain/service/service.ts';
import { isRunning } from '../domain/service/service-tasks.ts';
import type { State } from '../state/state.ts';

/** So many tasks of all services are measured at a time. */
const measuredAtATime = 4;

/** What a task uses, wherever it runs. */
export type UsageOf = (order: TaskOrder) => Promise<TaskUsage>;

/** Measures what the running tasks of services use of what is reserved for them. */
export class ServiceUsage {
  readonly #state: State;
  readonly #usageOf: UsageOf;
  readonly #gate = new Gate(measuredAtATime);

  constructor(state: State, usageOf: UsageOf) {
    this.#state = state;
    this.#usageOf = usageOf;
  }

  async of({ clusterArn, name }: AnyService): Promise<Utilization> {
    const { tasks } = this.#state.read;
    const running = tasks.unaccountedOf(clusterArn, serviceGroup(name)).filter(isRunning);
    const measured = running.map(async (task): Promise<MeasuredTask[]> => {
      const taskDefinition = this.#state.read.taskDefinitions.findByArn(task.taskDefinitionArn);
      if (!taskDefinition) return [];
      const used = await this.#gate.run(() => this.#usageOf({ task, taskDefinition }));
      return [{ used, reserved: requirementsOf(taskDefinition.content, task.overrides) }];
    });
    return utilizationOf((await Promise.all(measured)).flat());
  }
}
