import type { TaskOrder } from '../../src/compute/compute.ts';
import type { TaskArn } from '../../src/domain/arn.ts';
import type { TaskReport, TaskReports } from '../../src/domain/task/report.ts';
import type { Container } from '../../src/domain/task/task.ts';

export type ReportOf<Kind extends TaskReport['kind']> = Extract<TaskReport, { kind: Kind }>;

/** Takes down what a compute reports, and lets a test wait for a fact. */
export class RecordedReports {
  readonly #byTask = new Map<TaskArn, TaskReport[]>();
  #more = Promise.withResolvers<void>();

  readonly report = ({ taskArn, reports }: TaskReports): void => {
    this.#byTask.set(taskArn, [...this.of(taskArn), ...reports]);
    this.#more.resolve();
    this.#more = Promise.withResolvers<void>();
  };

  of(taskArn: TaskArn): readonly TaskReport[] {
    return this.#byTask.get(taskArn) ?? [];
  }

  kinds(taskArn: TaskArn): readonly string[] {
    return this.of(taskArn).map(({ kind }) => kind);
  }

  /** The first report of a kind (of a container), now or as soon as it comes. */
  async first<Kind extends TaskReport['kind']>(
    { task }: TaskOrder,
    kind: Kind,
    container?: string,
  ): Promise<ReportOf<Kind>> {
    for (;;) {
      const found = this.of(task.arn).find(
        (report): report is ReportOf<Kind> =>
          report.kind === kind &&
          (container === undefined || ('container' in report && report.container === container)),
      );
      if (found) return found;
      await this.#more.promise;
    }
  }

  /** The order as the control plane would give it after these reports. */
  applied(order: TaskOrder): TaskOrder {
    const reports = this.of(order.task.arn);
    const containers = order.task.containers.map((container) =>
      reports.reduce((record, report) => applied(record, report), container),
    );
    return { ...order, task: { ...order.task, containers } };
  }
}

function applied(container: Container, report: TaskReport): Container {
  if (!('container' in report) || report.container !== container.name) return container;
  switch (report.kind) {
    case 'ImageResolved':
      return { ...container, imageDigest: report.imageDigest };
    case 'ContainerCreated':
      return { ...container, runtimeId: report.runtimeId };
    case 'ContainerStarted':
      return { ...container, lastStatus: 'RUNNING' };
    case 'ContainerHealthChanged':
      return { ...container, healthStatus: report.healthStatus };
    case 'ManagedAgentChanged':
      return container;
    case 'ContainerStopped': {
      const { exitCode } = report;
      return {
        ...container,
        lastStatus: 'STOPPED',
        ...(exitCode === undefined ? {} : { exitCode }),
      };
    }
  }
}
