import type { ContainerInstanceArn } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { MessageOf } from './frames/frame.ts';
import type { publishMetricsRequest } from './frames/publish-metrics-request.ts';

type Metrics = MessageOf<typeof publishMetricsRequest>;
export type TaskMetrics = NonNullable<Metrics['taskMetrics']>[number];
export type ContainerMetrics = NonNullable<TaskMetrics['containerMetrics']>[number];

/** The newest figures of a container. */
export interface ContainerFigures {
  readonly at: Instant;
  readonly metrics: ContainerMetrics;
}

/** By the name of the container. */
export type FiguresByContainer = ReadonlyMap<string, ContainerFigures>;

/**
 * The newest figures of each container that agents have published. Nothing of it is durable: they come again every 20
 * seconds.
 */
export class Telemetry {
  readonly #instances = new Map<ContainerInstanceArn, Map<string, FiguresByContainer>>();

  /** @param isOurs whether a task runs on that instance: nothing else is kept, so that all is bounded by tasks */
  take(
    instanceArn: ContainerInstanceArn,
    { taskMetrics = [], metadata }: Metrics,
    { now, isOurs }: { readonly now: Instant; readonly isOurs: (taskArn: string) => boolean },
  ): void {
    const tasks = this.#instances.get(instanceArn) ?? new Map<string, FiguresByContainer>();
    this.#instances.set(instanceArn, tasks);
    for (const { taskArn, containerMetrics = [] } of taskMetrics) {
      if (!isOurs(taskArn)) continue;
      tasks.set(
        taskArn,
        new Map([...(tasks.get(taskArn) ?? []), ...figuresOf(containerMetrics, now)]),
      );
    }
    if (!metadata?.fin) return;
    for (const taskArn of tasks.keys()) {
      if (!isOurs(taskArn)) tasks.delete(taskArn);
    }
  }

  /** Empty where nothing has come yet. */
  ofTask(instanceArn: ContainerInstanceArn, taskArn: string): FiguresByContainer {
    return this.#instances.get(instanceArn)?.get(taskArn) ?? new Map();
  }

  /** By the ARN of the task; empty where nothing has come yet. */
  ofInstance(instanceArn: ContainerInstanceArn): ReadonlyMap<string, FiguresByContainer> {
    return this.#instances.get(instanceArn) ?? new Map();
  }

  forget(instanceArn: ContainerInstanceArn): void {
    this.#instances.delete(instanceArn);
  }
}

/** The agent runs containers of its own beside those of a task. */
function figuresOf(
  containerMetrics: readonly ContainerMetrics[],
  at: Instant,
): readonly [string, ContainerFigures][] {
  return containerMetrics.flatMap((metrics): [string, ContainerFigures][] => {
    const { containerName = '' } = metrics;
    return containerName.startsWith('~internal~') ? [] : [[containerName, { at, metrics }]];
  });
}
