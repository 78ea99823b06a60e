import type { WebSocket } from 'ws';
import type { InstanceHealth } from '../../domain/container-instance/container-instance.ts';
import type { TaskReports } from '../../domain/task/report.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { TaskOrder } from '../compute.ts';
import { AgentSocket } from './agent-socket.ts';
import { ackPublishHealth } from './frames/ack-publish-health.ts';
import { ackPublishInstanceStatus } from './frames/ack-publish-instance-status.ts';
import { ackPublishMetric } from './frames/ack-publish-metric.ts';
import { readFrame, type MessageOf } from './frames/frame.ts';
import { heartbeatMessage } from './frames/heartbeat-message.ts';
import { publishHealthRequest } from './frames/publish-health-request.ts';
import { publishInstanceStatusRequest } from './frames/publish-instance-status-request.ts';
import { publishMetricsRequest } from './frames/publish-metrics-request.ts';
import { textOfSignedFrame } from './frames/signed-frame.ts';

/** What agents send on this channel. */
const fromAgent = [
  publishMetricsRequest,
  publishHealthRequest,
  publishInstanceStatusRequest,
] as const;

export interface TcsSessionParts {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly log: Logger;
  /** The task as its record stands; undefined where there is none on this instance, or it has STOPPED. */
  readonly findOrder: (taskArn: string) => TaskOrder | undefined;
  readonly report: (reports: TaskReports) => void;
  readonly onMetrics: (metrics: MessageOf<typeof publishMetricsRequest>) => void;
  readonly onInstanceHealth: (status: InstanceHealth) => void;
  readonly onClosed: () => void;
}

/** A connection over which an agent publishes how its containers do (TCS, the telemetry collection service). */
export class TcsSession {
  readonly #parts: TcsSessionParts;
  readonly #socket: AgentSocket;

  constructor(parts: TcsSessionParts) {
    this.#parts = parts;
    const { socket, clock, log, onClosed } = parts;
    this.#socket = new AgentSocket({
      socket,
      clock,
      log,
      onText: (text) => this.#take(textOfSignedFrame(text)),
      onHeartbeat: () => this.#socket.send(heartbeatMessage.write({ healthy: true })),
      onClosed,
    });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #take(text: string): void {
    const received = readFrame(fromAgent, text);
    switch (received?.type) {
      case 'PublishMetricsRequest':
        this.#parts.onMetrics(received.message);
        return this.#socket.send(ackPublishMetric.write({}));
      case 'PublishHealthRequest':
        this.#takeHealth(received.message);
        return this.#socket.send(ackPublishHealth.write({}));
      case 'PublishInstanceStatusRequest': {
        const { statuses = [] } = received.message;
        const runtime = statuses.find(({ type }) => type === 'ContainerRuntime');
        if (runtime) this.#parts.onInstanceHealth(runtime.status);
        return this.#socket.send(ackPublishInstanceStatus.write({}));
      }
      case undefined:
    }
  }

  #takeHealth({ tasks = [] }: MessageOf<typeof publishHealthRequest>): void {
    for (const { taskArn, containers = [] } of tasks) {
      const order = this.#parts.findOrder(taskArn);
      if (!order) continue;
      this.#parts.report({
        taskArn: order.task.arn,
        reports: containers.map(({ containerName, healthStatus }) => ({
          kind: 'ContainerHealthChanged',
          container: containerName,
          healthStatus,
        })),
      });
    }
  }
}
