import { lastPathElement, scopeOfArn } from '../../domain/arn.ts';
import { parseAwslogsOptions } from '../../domain/log/awslogs-options.ts';
import { boundRegExps } from '../../support/bounded-regexps.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { TaskOrder } from '../compute.ts';
import type { LogDestination, LogSink } from '../log-sink.ts';
import { containerSpecs, type ContainerSpec } from './container-spec.ts';
import type { Engine } from './engine.ts';
import { LogShipment } from './log-shipment.ts';

export interface ShipmentsSetting {
  readonly engine: Engine;
  readonly sink: LogSink;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newUuid: () => string;
}

/** The part of Docker's awslogs driver: what containers of tasks write goes to the logs. */
export class LogShipments {
  readonly #setting: ShipmentsSetting;
  readonly #shipments = new Map<string, LogShipment>();

  constructor(setting: ShipmentsSetting) {
    this.#setting = setting;
    boundRegExps();
  }

  /**
   * Makes the streams of all containers, before any of them runs.
   * @returns the reason where that cannot be
   */
  async open(order: TaskOrder): Promise<string | undefined> {
    for (const spec of containerSpecs(order)) {
      const route = routeOf(order, spec);
      if (route === undefined) continue;
      if (typeof route === 'string') return `${cannotValidate}${route}`;
      const opened = await this.#setting.sink.open(route.destination);
      if (opened === 'no-group') return this.#noGroup();
    }
    return undefined;
  }

  /** The container runs, or has run: its output is brought to the logs from where that was left. */
  follow(order: TaskOrder, spec: ContainerSpec, containerId: string): void {
    this.#shipmentOf(order, spec, containerId)?.follow();
  }

  /**
   * Resolves when all that the container, which has ended, wrote is in the logs.
   * @returns where it is; undefined where its driver is another one
   */
  async finish(
    order: TaskOrder,
    spec: ContainerSpec,
    containerId: string,
  ): Promise<LogDestination | undefined> {
    const shipment = this.#shipmentOf(order, spec, containerId);
    await shipment?.finish();
    return shipment?.destination;
  }

  /** The container is gone. */
  async forget(containerId: string): Promise<void> {
    if (!this.#shipments.delete(containerId)) return;
    await this.#setting.sink.forget(containerId);
  }

  close(): void {
    for (const shipment of this.#shipments.values()) shipment.close();
  }

  #shipmentOf(order: TaskOrder, spec: ContainerSpec, containerId: string): LogShipment | undefined {
    const known = this.#shipments.get(containerId);
    if (known) return known;
    const route = routeOf(order, spec);
    if (route === undefined || typeof route === 'string') return undefined;
    const { engine, sink, clock, log } = this.#setting;
    const { eventStart } = route;
    const destination = { stream: containerId, ...route.destination };
    const shipment = new LogShipment({
      engine,
      sink,
      clock,
      log,
      containerId,
      destination,
      eventStart,
    });
    this.#shipments.set(containerId, shipment);
    return shipment;
  }

  /** The form is that of a recorded refusal, with another of CloudWatch's exceptions. */
  #noGroup(): string {
    return (
      `${cannotValidate}create stream has been retried 1 times: failed to create Cloudwatch log ` +
      'stream: operation error CloudWatch Logs: CreateLogStream, https response error ' +
      `StatusCode: 400, RequestID: ${this.#setting.newUuid()}, ResourceNotFoundException: ` +
      'The specified log group does not exist. : exit status 1'
    );
  }
}

const cannotValidate = 'ResourceInitializationError: failed to validate logger args: ';

interface Route {
  readonly destination: LogDestination;
  readonly eventStart: RegExp | undefined;
}

/** Where a container's output goes; undefined for another driver, a text where it is a mistake. */
function routeOf(
  { task }: TaskOrder,
  { name, definition }: ContainerSpec,
): Route | string | undefined {
  const { logConfiguration } = definition;
  if (logConfiguration?.logDriver !== 'awslogs') return undefined;
  const options = parseAwslogsOptions(logConfiguration.options ?? {});
  if (typeof options === 'string') return options;
  const { group, region, createGroup, streamPrefix, eventStart } = options;
  const { accountId } = scopeOfArn(task.arn);
  const destination = { accountId, region, group, createGroup };
  if (streamPrefix === undefined) return { destination, eventStart };
  const stream = `${streamPrefix}/${name}/${lastPathElement(task.arn)}`;
  return { destination: { ...destination, stream }, eventStart };
}
