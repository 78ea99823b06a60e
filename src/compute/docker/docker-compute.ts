import { join } from 'node:path';
import { lastPathElement, type TaskArn } from '../../domain/arn.ts';
import type { Machine } from '../../domain/container-instance/machine.ts';
import type { ProxyConfig } from '../../domain/service-connect/proxy-config.ts';
import type { TaskReports } from '../../domain/task/report.ts';
import type { Compute, ComputeHealth, OutputLine, OutputQuery, TaskOrder } from '../compute.ts';
import type { ContainerResolver } from '../container-resolver.ts';
import type { LogSink } from '../log-sink.ts';
import type { StartExec } from '../exec-process.ts';
import { execInContainer } from './container-exec.ts';
import { EndpointFacts } from './endpoint-facts.ts';
import type { EndpointSocket } from './endpoint-socket.ts';
import { EngineHost } from './engine-host.ts';
import { TaskMeter } from './task-meter.ts';
import type { TaskUsage } from '../task-usage.ts';
import type { StatsBody } from './engine-types.ts';
import type { FileSystems } from '../file-systems.ts';
import { ManagedVolumes } from './managed-volumes.ts';
import { orGone } from './or-gone.ts';
import { OutputStore } from './output-store.ts';
import { usualCheckTimes, type ResolverCheckTimes } from './resolver-check.ts';
import { readOutput } from './output-reader.ts';
import { configureNothing, type ConfigureTask } from '../task-configuration.ts';
import type { TaskFacts } from '../task-facts.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';

export interface DockerComputeSetting {
  /** URLs as DOCKER_HOST has them. One Engine is driven for now. */
  readonly engines: readonly string[];
  readonly dataDirectory: string;
  /** Where the output of containers with the awslogs driver goes. */
  readonly logs: LogSink;
  /** Marks what is ours on an Engine, so that two servers on one Engine keep apart. */
  readonly installationId: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** The bridge network of all tasks; made where it is missing. */
  readonly networkName?: string;
  /** How many network namespaces are kept ready at least: a burst of so many tasks starts without making any. */
  readonly fewestWarmPauses: number;
  /** Whether containers have NET_RAW by default, as on ECS: with it they can read what other tasks are sent. */
  readonly keepsRawSockets?: boolean;
  /**
   * Publishes the ports of tasks on the host, where the addresses of containers cannot be reached.
   */
  readonly publish?: { readonly bindIP: string };
  /** What the proxies of Service Connect are made of; without it this server's own Node. */
  readonly serviceConnectImage?: string | undefined;
  /** The wait before the first of the repeated pulls; each further one is twice as long. */
  readonly firstPullRetryMs?: number;
  /** What stands in for file systems of AWS; without it there are none. */
  readonly fileSystems?: FileSystems;
  /** Where containers find what ECS tells a task: without it they find nothing. */
  readonly endpoint?: EndpointSocket;
  /** Whom containers ask for names: without it, whom the Engine tells them to. */
  readonly resolver?: ContainerResolver;
  /** When it is found out whether containers reach that. */
  readonly resolverCheck?: ResolverCheckTimes;
}

/**
 * Runs tasks on Docker as FARGATE and EC2 do: it plays the parts of the host and of the ECS agent. Start
 * here; a task is followed in `task-run.ts`, its order is decided in `plan-containers.ts`, and the
 * Engine's side is in `engine-host.ts`.
 */
export class DockerCompute implements Compute {
  readonly kind = 'docker';
  readonly #outputs: OutputStore;
  readonly #logs: LogSink;
  readonly facts: TaskFacts;
  readonly #host: EngineHost;
  readonly #meter = new TaskMeter();
  readonly #endpoint: EndpointSocket | undefined;
  #report: (reports: TaskReports) => void = () => undefined;
  #configure: ConfigureTask = configureNothing;
  #machinesChanged: () => void = () => undefined;

  constructor(setting: DockerComputeSetting) {
    const [url, ...others] = setting.engines;
    if (url === undefined || others.length > 0) {
      throw new Error('Exactly one Docker Engine can be used for now.');
    }
    this.#outputs = new OutputStore(join(setting.dataDirectory, 'output'));
    this.#logs = setting.logs;
    const networkName = setting.networkName ?? 'longshore';
    this.#endpoint = setting.endpoint;
    this.#host = new EngineHost({
      url,
      clock: setting.clock,
      log: setting.log,
      installationId: setting.installationId,
      networkName,
      fewestWarmPauses: setting.fewestWarmPauses,
      keepsRawSockets: setting.keepsRawSockets ?? false,
      firstPullRetryMs: setting.firstPullRetryMs ?? 1000,
      publish: setting.publish,
      serviceConnectImage: setting.serviceConnectImage,
      outputs: this.#outputs,
      fileSystems: setting.fileSystems ?? new Map(),
      managedVolumes: new ManagedVolumes(setting.dataDirectory, setting.log),
      logs: setting.logs,
      endpoint: setting.endpoint,
      resolver: setting.resolver,
      resolverCheck: setting.resolverCheck ?? usualCheckTimes,
      report: (reports) => this.#report(reports),
      configure: (order) => this.#configure(order),
      onAvailabilityChanged: () => this.#machinesChanged(),
    });
    this.facts = new EndpointFacts(this.#host, networkName);
  }

  async open(orders: readonly TaskOrder[], report: (reports: TaskReports) => void): Promise<void> {
    this.#report = report;
    await this.#host.open(orders);
  }

  start(order: TaskOrder): void {
    this.#host.start(order);
  }

  stop(order: TaskOrder): void {
    this.#host.stop(order);
  }

  async configureProxy(taskArn: TaskArn, config: ProxyConfig): Promise<boolean> {
    const run = this.#host.find(lastPathElement(taskArn));
    return run ? this.#host.proxies.configure(run, config) : false;
  }

  output(query: OutputQuery): AsyncIterable<OutputLine> {
    return readOutput({ host: this.#host, outputs: this.#outputs, logs: this.#logs }, query);
  }

  readonly startExec: StartExec = async ({ task, container, command }) => {
    const id = this.#host.find(lastPathElement(task.arn))?.containers.ids.get(container);
    if (id === undefined) throw new Error('The container is not running.');
    return execInContainer(this.#host.engine, id, command);
  };

  async forget(taskArn: TaskArn): Promise<void> {
    await this.#outputs.forget(lastPathElement(taskArn));
  }

  configureWith(configure: ConfigureTask): void {
    this.#configure = configure;
  }

  async usageOf({ task }: TaskOrder): Promise<TaskUsage> {
    const taskId = lastPathElement(task.arn);
    if (!this.#host.isAvailable) return {};
    const stats = new Map<string, StatsBody>();
    for (const id of this.#host.find(taskId)?.containers.ids.values() ?? []) {
      const body = await orGone(this.#host.engine.containerStats(id));
      // Of a container that does not run the Engine has figures without any content.
      if (body?.memory_stats.usage !== undefined) stats.set(id, body);
    }
    return this.#meter.read(taskId, stats);
  }

  machines(): readonly Machine[] {
    const { machine } = this.#host;
    return machine ? [machine] : [];
  }

  onMachinesChanged(listener: () => void): void {
    this.#machinesChanged = listener;
  }

  async close(): Promise<void> {
    await this.#host.close();
    await this.#endpoint?.close();
  }

  health(): ComputeHealth {
    return {
      available: this.#host.isAvailable,
      queuedStarts: this.#host.starts.waiting,
      queuedStops: this.#host.stops.waiting,
    };
  }
}
