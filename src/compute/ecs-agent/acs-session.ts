import type { WebSocket } from 'ws';
import type { ContainerInstance } from '../../domain/container-instance/container-instance.ts';
import type { TaskArn } from '../../domain/arn.ts';
import type {
  AgentRelease,
  AgentUpdateStep,
} from '../../domain/container-instance/agent-update.ts';
import { isToStop } from '../../domain/task/stop-task.ts';
import { statusRank } from '../../domain/task/task.ts';
import type { Clock, Timer } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { TaskOrder } from '../compute.ts';
import { AgentSocket } from './agent-socket.ts';
import { Deliveries, type DeliveryKind } from './deliveries.ts';
import { ackRequest } from './frames/ack-request.ts';
import { attachTaskNetworkInterfacesMessage } from './frames/attach-task-network-interfaces-message.ts';
import { confirmAttachmentMessage } from './frames/confirm-attachment-message.ts';
import { readFrame, type MessageOf } from './frames/frame.ts';
import { heartbeatAckRequest } from './frames/heartbeat-ack-request.ts';
import { heartbeatMessage } from './frames/heartbeat-message.ts';
import { iamRoleCredentialsAckRequest } from './frames/iam-role-credentials-ack-request.ts';
import { iamRoleCredentialsMessage } from './frames/iam-role-credentials-message.ts';
import { nackRequest } from './frames/nack-request.ts';
import { payloadMessage } from './frames/payload-message.ts';
import { performUpdateMessage } from './frames/perform-update-message.ts';
import { stageUpdateMessage } from './frames/stage-update-message.ts';
import { taskManifestMessage } from './frames/task-manifest-message.ts';
import { taskStopVerificationAck } from './frames/task-stop-verification-ack.ts';
import { taskStopVerificationMessage } from './frames/task-stop-verification-message.ts';
import { volumeAttachmentOf } from './payload/managed-volume-attachment.ts';
import { networkInterfacesOf, payloadOfTask, stopOfTask } from './payload/payload-of-task.ts';
import { credentialsOf, type IssueRole } from './role-credentials.ts';

/** What agents send on this channel. */
const fromAgent = [
  ackRequest,
  nackRequest,
  heartbeatAckRequest,
  iamRoleCredentialsAckRequest,
  taskStopVerificationMessage,
] as const;

/** An agent that leaves so many heartbeats in a row unanswered is gone, though its connection stands. */
const mostUnanswered = 3;
/** Credentials last six hours; a task has new ones long before. */
const refreshMs = 3 * 60 * 60 * 1000;
/** ECS gives an agent so long to find an interface or a volume. */
const attachmentTimeoutMs = 5 * 60 * 1000;
/** An agent gives a download 15 minutes. */
const updateTimeoutMs = 20 * 60 * 1000;

/** A step of an update that the agent has been told of. */
interface ToldStep {
  readonly step: AgentUpdateStep;
  readonly messageId: string;
  readonly timer: Timer;
}

/** What an agent is told of before the task that needs it. */
export type Announced = 'interface' | 'volume';

export interface AcsSessionParts {
  readonly socket: WebSocket;
  readonly instance: ContainerInstance;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newUuid: () => string;
  /** Scheme, host and port by which the agent has reached us; its Engine reaches our logs by them too. */
  readonly origin: string;
  readonly issueRole: IssueRole;
  /** Ascends for ever, over restarts too: the agent passes over a manifest that is not newer than all it has seen. */
  readonly nextSequenceNumber: () => number;
  /** The task as its record stands; undefined where there is none on this instance, or it has STOPPED. */
  readonly findOrder: (taskArn: string) => TaskOrder | undefined;
  readonly liveOrders: () => readonly TaskOrder[];
  readonly onAcked: (taskArn: TaskArn, kind: DeliveryKind) => void;
  readonly onGivenUp: (taskArn: TaskArn, kind: DeliveryKind) => void;
  /** The agent has had all the time that it takes to find what was announced to it. */
  readonly onOverdue: (taskArn: TaskArn, announced: Announced) => void;
  /** What the agent says of a step of an update of itself. */
  readonly onUpdateAnswered: (step: AgentUpdateStep, isDone: boolean) => void;
  readonly onClosed: () => void;
}

/** A connection over which an agent is told what to run (ACS, the agent communication service). */
export class AcsSession {
  readonly #parts: AcsSessionParts;
  readonly #socket: AgentSocket;
  readonly #deliveries: Deliveries;
  #unanswered = 0;
  #manifestId: string | undefined;
  #refresh: Timer | undefined;
  #update: ToldStep | undefined;
  /** What the agent has been told of and is to find, an interface or a volume: a task waits for one at a time. */
  readonly #awaited = new Map<TaskArn, Timer>();

  constructor(parts: AcsSessionParts) {
    this.#parts = parts;
    const { socket, clock, log, onAcked, onGivenUp } = parts;
    this.#deliveries = new Deliveries({
      clock,
      newMessageId: parts.newUuid,
      send: (taskArn, kind, messageId) => this.#sendPayload(taskArn, kind, messageId),
      onAcked,
      onGivenUp,
    });
    this.#socket = new AgentSocket({
      socket,
      clock,
      log,
      onText: (text) => this.#take(text),
      onHeartbeat: () => this.#beat(),
      onClosed: () => this.#closed(),
    });
    this.#refreshLater();
  }

  get waiting(): number {
    return this.#deliveries.waiting;
  }

  /** Gives the agent new credentials of all tasks; without them a task is answered 503. */
  sendCredentials(): void {
    for (const order of this.#parts.liveOrders()) {
      const { arn: taskArn, clusterArn: taskClusterArn } = order.task;
      const { task, execution } = credentialsOf(order, this.#parts.issueRole);
      const common = { taskArn, taskClusterArn };
      for (const [roleType, roleCredentials] of [
        ['TaskApplication', task],
        ['TaskExecution', execution],
      ] as const) {
        if (!roleCredentials) continue;
        const messageId = this.#parts.newUuid();
        this.#socket.send(
          iamRoleCredentialsMessage.write({ messageId, ...common, roleType, roleCredentials }),
        );
      }
    }
  }

  /** Tells which tasks should run: the agent asks what to do with others. */
  sendManifest(taskArns: readonly TaskArn[]): void {
    const messageId = this.#parts.newUuid();
    this.#manifestId = messageId;
    this.#socket.send(
      taskManifestMessage.write({
        ...this.#address(messageId),
        timeline: this.#parts.nextSequenceNumber(),
        tasks: taskArns.map((taskArn) => ({
          taskArn,
          taskClusterArn: this.#parts.instance.clusterArn,
          desiredStatus: 'RUNNING',
        })),
      }),
    );
  }

  deliver(taskArn: TaskArn, kind: DeliveryKind): void {
    this.#deliveries.order(taskArn, kind);
  }

  /** Tells the agent of the volume that a task waits for, once on this connection. */
  announceVolume({ task }: TaskOrder): void {
    const { arn: taskArn, clusterArn: taskClusterArn, managedVolume } = task;
    if (!managedVolume || this.#awaited.has(taskArn)) return;
    this.#await(taskArn, 'volume');
    this.#socket.send(
      confirmAttachmentMessage.write({
        ...this.#address(this.#parts.newUuid()),
        taskArn,
        taskClusterArn,
        waitTimeoutMs: attachmentTimeoutMs,
        attachment: volumeAttachmentOf(task, managedVolume),
      }),
    );
  }

  forget(taskArn: TaskArn): void {
    this.#deliveries.forget(taskArn);
    this.#awaited.get(taskArn)?.cancel();
    this.#awaited.delete(taskArn);
  }

  /** Tells the agent of a step of an update, once on this connection. */
  update(step: AgentUpdateStep, { location, sha256: signature }: AgentRelease): void {
    if (this.#update?.step === step) return;
    this.#update?.timer.cancel();
    const { clock, newUuid } = this.#parts;
    const messageId = newUuid();
    const timer = clock.at(clock.now() + updateTimeoutMs, () =>
      this.#answerUpdate(messageId, false),
    );
    this.#update = { step, messageId, timer };
    const { generatedAt: _, ...address } = this.#address(messageId);
    const message = { ...address, updateInfo: { location, signature } };
    this.#socket.send(
      step === 'Stage' ? stageUpdateMessage.write(message) : performUpdateMessage.write(message),
    );
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #address(messageId: string) {
    const { clusterArn, arn: containerInstanceArn } = this.#parts.instance;
    return { messageId, clusterArn, containerInstanceArn, generatedAt: this.#parts.clock.now() };
  }

  #sendPayload(taskArn: TaskArn, kind: DeliveryKind, messageId: string): boolean {
    const order = this.#parts.findOrder(taskArn);
    if (!order || (kind === 'start' && !isToStart(order))) return false;
    if (kind === 'start') this.#announceInterface(order);
    const task =
      kind === 'stop'
        ? stopOfTask(order.task)
        : payloadOfTask(order, credentialsOf(order, this.#parts.issueRole), this.#parts.origin);
    const seqNum = this.#parts.nextSequenceNumber();
    this.#socket.send(payloadMessage.write({ ...this.#address(messageId), seqNum, tasks: [task] }));
    return true;
  }

  #announceInterface({ task }: TaskOrder): void {
    const elasticNetworkInterfaces = networkInterfacesOf(task);
    if (elasticNetworkInterfaces.length === 0) return;
    this.#await(task.arn, 'interface');
    this.#socket.send(
      attachTaskNetworkInterfacesMessage.write({
        ...this.#address(this.#parts.newUuid()),
        taskArn: task.arn,
        taskClusterArn: task.clusterArn,
        waitTimeoutMs: attachmentTimeoutMs,
        elasticNetworkInterfaces,
      }),
    );
  }

  #await(taskArn: TaskArn, announced: Announced): void {
    const { clock, onOverdue } = this.#parts;
    this.#awaited.get(taskArn)?.cancel();
    const until = clock.now() + attachmentTimeoutMs;
    this.#awaited.set(
      taskArn,
      clock.at(until, () => onOverdue(taskArn, announced)),
    );
  }

  #take(text: string): void {
    const received = readFrame(fromAgent, text);
    switch (received?.type) {
      case 'AckRequest':
        this.#deliveries.acked(received.message.messageId);
        this.#answerUpdate(received.message.messageId, true);
        break;
      case 'HeartbeatAckRequest':
        this.#unanswered = 0;
        break;
      case 'TaskStopVerificationMessage':
        this.#verifyStops(received.message);
        break;
      case 'NackRequest': {
        const { arn } = this.#parts.instance;
        const { messageId, reason } = received.message;
        const fields = { containerInstanceArn: arn, reason };
        this.#parts.log.warn(fields, 'An ECS agent refuses an update of itself.');
        this.#answerUpdate(messageId, false);
        break;
      }
      case 'IAMRoleCredentialsAckRequest':
      case undefined:
    }
  }

  /** The step stays told: the same one is not sent again before the agent has connected anew. */
  #answerUpdate(messageId: string, isDone: boolean): void {
    if (this.#update?.messageId !== messageId) return;
    const { step, timer } = this.#update;
    timer.cancel();
    if (!isDone) this.#update = undefined;
    this.#parts.onUpdateAnswered(step, isDone);
  }

  /** What the agent runs beyond the manifest is stopped, unless it is wanted after all. */
  #verifyStops({ messageId, stopCandidates }: MessageOf<typeof taskStopVerificationMessage>): void {
    if (messageId !== this.#manifestId) return;
    const stopTasks = stopCandidates.filter(({ taskArn }) => {
      const order = this.#parts.findOrder(taskArn);
      return !order || isToStop(order.task);
    });
    const generatedAt = this.#parts.clock.now();
    this.#socket.send(
      taskStopVerificationAck.write({
        messageId,
        generatedAt,
        stopTasks: stopTasks.map((task) => ({ ...task, desiredStatus: 'STOPPED' })),
      }),
    );
  }

  #beat(): void {
    if (this.#unanswered >= mostUnanswered) return this.#socket.terminate();
    this.#unanswered += 1;
    this.#socket.send(heartbeatMessage.write({ messageId: this.#parts.newUuid(), healthy: true }));
  }

  #refreshLater(): void {
    const { clock } = this.#parts;
    this.#refresh = clock.at(clock.now() + refreshMs, () => {
      this.sendCredentials();
      this.#refreshLater();
    });
  }

  #closed(): void {
    this.#refresh?.cancel();
    this.#update?.timer.cancel();
    for (const timer of this.#awaited.values()) timer.cancel();
    this.#deliveries.close();
    this.#parts.onClosed();
  }
}

/** An agent that has told of a task has it. */
function isToStart({ task }: TaskOrder): boolean {
  return task.desiredStatus === 'RUNNING' && statusRank(task.lastStatus) < statusRank('ACTIVATING');
}
