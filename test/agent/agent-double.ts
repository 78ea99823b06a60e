import { ECS, type RegisterContainerInstanceRequest } from '@aws-sdk/client-ecs';
import { WebSocket } from 'ws';
import { ackRequest } from '../../src/compute/ecs-agent/frames/ack-request.ts';
import { attachTaskNetworkInterfacesMessage } from '../../src/compute/ecs-agent/frames/attach-task-network-interfaces-message.ts';
import { confirmAttachmentMessage } from '../../src/compute/ecs-agent/frames/confirm-attachment-message.ts';
import { readFrame, type MessageOf } from '../../src/compute/ecs-agent/frames/frame.ts';
import { heartbeatAckRequest } from '../../src/compute/ecs-agent/frames/heartbeat-ack-request.ts';
import { heartbeatMessage } from '../../src/compute/ecs-agent/frames/heartbeat-message.ts';
import { iamRoleCredentialsAckRequest } from '../../src/compute/ecs-agent/frames/iam-role-credentials-ack-request.ts';
import { iamRoleCredentialsMessage } from '../../src/compute/ecs-agent/frames/iam-role-credentials-message.ts';
import {
  payloadMessage,
  type PayloadTask,
} from '../../src/compute/ecs-agent/frames/payload-message.ts';
import { nackRequest } from '../../src/compute/ecs-agent/frames/nack-request.ts';
import { performUpdateMessage } from '../../src/compute/ecs-agent/frames/perform-update-message.ts';
import { stageUpdateMessage } from '../../src/compute/ecs-agent/frames/stage-update-message.ts';
import { taskManifestMessage } from '../../src/compute/ecs-agent/frames/task-manifest-message.ts';
import { taskStopVerificationAck } from '../../src/compute/ecs-agent/frames/task-stop-verification-ack.ts';
import { taskStopVerificationMessage } from '../../src/compute/ecs-agent/frames/task-stop-verification-message.ts';
import { attachmentTrouble } from './agents-own-rules.ts';
import { isOver, startTask, type DoubleTask } from './double-tasks.ts';
import type { AgentOptions, TestAgent } from './test-agent.ts';

const fromService = [
  attachTaskNetworkInterfacesMessage,
  confirmAttachmentMessage,
  heartbeatMessage,
  iamRoleCredentialsMessage,
  payloadMessage,
  performUpdateMessage,
  stageUpdateMessage,
  taskManifestMessage,
  taskStopVerificationAck,
] as const;

type Received = NonNullable<ReturnType<typeof receive>>;

function receive(text: string) {
  return readFrame(fromService, text);
}

export interface DoubleOptions extends AgentOptions {
  readonly registration?: Partial<RegisterContainerInstanceRequest>;
  readonly holdsTasks?: boolean;
}

const capabilities: RegisterContainerInstanceRequest = {
  attributes: [
    { name: 'ecs.capability.external' },
    { name: 'ecs.os-type', value: 'linux' },
    { name: 'ecs.cpu-architecture', value: 'x86_64' },
    ...[17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 32].map((minor) => ({
      name: `com.amazonaws.ecs.capability.docker-remote-api.1.${minor}`,
    })),
    { name: 'com.amazonaws.ecs.capability.task-iam-role' },
    { name: 'ecs.capability.container-ordering' },
    { name: 'ecs.capability.execute-command' },
    { name: 'ecs.capability.container-health-check' },
  ],
  totalResources: [
    { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
    { name: 'MEMORY', type: 'INTEGER', integerValue: 4096 },
    { name: 'PORTS', type: 'STRINGSET', stringSetValue: ['22', '51678'] },
    { name: 'PORTS_UDP', type: 'STRINGSET', stringSetValue: [] },
  ],
};

interface Addressed {
  readonly clusterArn: string;
  readonly containerInstanceArn: string;
  readonly messageId: string;
}

function answerTo({ clusterArn, containerInstanceArn, messageId }: Addressed) {
  return { cluster: clusterArn, containerInstance: containerInstanceArn, messageId };
}

function refusalOf(message: Addressed) {
  return { ...answerTo(message), reason: 'Updates are disabled' };
}

/**
 * An ECS agent without containers: it registers, takes and answers the service's messages over real websockets, and tells
 * of its tasks, as the official one does.
 */
export class AgentDouble implements TestAgent {
  readonly #options: DoubleOptions;
  readonly #ecs: ECS;
  /** What it has on its disk. */
  #instanceArn: string | undefined;
  readonly #tasks = new Map<string, DoubleTask>();
  /** What it could not tell while nobody listened. */
  readonly #untold: DoubleTask[] = [];
  #acs: WebSocket | undefined;
  #tcs: WebSocket | undefined;
  #endpoints: { readonly acs: string; readonly tcs: string } | undefined;
  #newestNumber = -1;
  #isDown = false;
  #telling: Promise<unknown> = Promise.resolve();

  /** All messages that came, since the double was made. */
  readonly received: Received[] = [];
  /** Credentials by their ids: what a real agent serves to tasks. */
  readonly credentials = new Map<string, MessageOf<typeof iamRoleCredentialsMessage>>();
  /** Types of messages that it does not answer, as if they were lost on the way. */
  readonly deafTo = new Set<string>();
  version = '1.105.1';
  /** Whether it keeps what it is told to run waiting. */
  holdsTasks = false;
  /** Whether it lets itself be updated. */
  updatesEnabled = false;

  constructor(options: DoubleOptions) {
    this.#options = options;
    this.holdsTasks = options.holdsTasks ?? false;
    this.#ecs = new ECS({
      endpoint: options.url,
      region: 'us-east-1',
      credentials: { accessKeyId: options.accountId, secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
  }

  static async start(options: DoubleOptions): Promise<AgentDouble> {
    const agent = new AgentDouble(options);
    await agent.restart();
    return agent;
  }

  get instanceArn(): string {
    return this.#instanceArn ?? '';
  }

  /** What it was told of tasks, in order. */
  get told(): readonly PayloadTask[] {
    return this.received.flatMap((one) => (one.type === 'PayloadMessage' ? one.message.tasks : []));
  }

  get tasks(): ReadonlyMap<string, DoubleTask> {
    return this.#tasks;
  }

  async restart(): Promise<void> {
    const { cluster, registration } = this.#options;
    const answer = await this.#ecs.registerContainerInstance({
      cluster,
      ...capabilities,
      ...registration,
      containerInstanceArn: this.#instanceArn,
    });
    this.#instanceArn = answer.containerInstance?.containerInstanceArn;
    const found = await this.#ecs.discoverPollEndpoint({ containerInstance: this.#instanceArn });
    this.#endpoints = { acs: found.endpoint ?? '', tcs: found.telemetryEndpoint ?? '' };
    this.#isDown = false;
    this.credentials.clear();
    this.#newestNumber = -1;
    for (const task of this.#untold.splice(0)) this.#tell(task);
    await this.connect({ sendCredentials: true });
  }

  /** Opens both websockets, anew where they are open; the older ones are not closed. */
  async connect({ sendCredentials = false } = {}): Promise<void> {
    const { cluster } = this.#options;
    const containerInstanceArn = this.instanceArn;
    const versions = { agentVersion: this.version, agentHash: 'a8b3e7d3' };
    const acs = await this.#open(this.#endpoints?.acs ?? '', {
      ...versions,
      clusterArn: cluster,
      containerInstanceArn,
      dockerVersion: 'DockerVersion: 20.10.24',
      protocolVersion: '2',
      seqNum: '1',
      sendCredentials: String(sendCredentials),
    });
    this.#acs = acs;
    this.#tcs = await this.#open(this.#endpoints?.tcs ?? '', {
      ...versions,
      cluster,
      containerInstance: containerInstanceArn,
      dockerVersion: '20.10.24',
    });
  }

  async kill(): Promise<void> {
    this.#isDown = true;
    this.#acs?.terminate();
    this.#tcs?.terminate();
    this.#acs = undefined;
    this.#tcs = undefined;
    await this.#telling;
  }

  async close(): Promise<void> {
    await this.kill();
    this.#ecs.destroy();
  }

  async runs(taskArn: string): Promise<boolean> {
    return this.#tasks.get(taskArn)?.isStopped === false;
  }

  /** Resolves with the code of the next close of the channel that tells it what to do. */
  closed(): Promise<number> {
    const acs = this.#acs;
    return new Promise((resolve) => {
      if (acs) acs.once('close', resolve);
      else resolve(0);
    });
  }

  /** A container ends by itself. */
  end(taskArn: string, name: string, exitCode: number): void {
    const task = this.#tasks.get(taskArn);
    const container = task?.containers.find((one) => one.name === name);
    if (!task || !container) throw new Error(`There is no ${name} of ${taskArn}.`);
    container.exitCode = exitCode;
    if (isOver(task)) this.#stop(task);
    else this.#tell(task);
  }

  /** Publishes a message in the form that agents sign. */
  publish(text: string): void {
    const head = 'Authorization: AWS4-HMAC-SHA256 none\r\nHost: localhost\r\nX-Amz-Date: 0\r\n\r\n';
    this.#tcs?.send(head + text);
  }

  #open(endpoint: string, query: Readonly<Record<string, string>>): Promise<WebSocket> {
    const url = `${endpoint.replace(/^http/, 'ws')}ws?${new URLSearchParams(query).toString()}`;
    const scope = `${this.#options.accountId}/20260916/us-east-1/ecs/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      headers: { authorization, 'x-amz-date': '20260916T093500Z' },
    });
    // What comes with the answer to the upgrade must not be missed.
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) this.#take(socket, data.toString());
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  #take(acs: WebSocket, text: string): void {
    const received = receive(text);
    if (!received) return;
    this.received.push(received);
    if (!this.deafTo.has(received.type)) this.#answer(acs, received);
  }

  #answer(acs: WebSocket, received: Received): void {
    switch (received.type) {
      case 'HeartbeatMessage':
        acs.send(heartbeatAckRequest.write({ messageId: received.message.messageId ?? '' }));
        break;
      case 'PayloadMessage':
        this.#takePayload(acs, received.message);
        break;
      case 'IAMRoleCredentialsMessage':
        this.#takeCredentials(acs, received.message);
        break;
      case 'TaskManifestMessage':
        this.#takeManifest(acs, received.message);
        break;
      case 'TaskStopVerificationAck':
        for (const { taskArn } of received.message.stopTasks) this.#stopKnown(taskArn);
        break;
      case 'AttachTaskNetworkInterfacesMessage':
      case 'ConfirmAttachmentMessage':
        this.#ack(acs, received.message);
        break;
      case 'StageUpdateMessage':
      case 'PerformUpdateMessage':
        this.#takeUpdate(acs, received.message);
    }
  }

  #takePayload(acs: WebSocket, message: MessageOf<typeof payloadMessage>): void {
    this.#newestNumber = Math.max(this.#newestNumber, message.seqNum ?? 0);
    const [task] = message.tasks;
    const trouble = task && attachmentTrouble(task);
    if (trouble === undefined) this.#ack(acs, message);
    for (const one of message.tasks) {
      if (trouble === undefined) this.#takeTask(one);
      else this.#refuse(one.arn, `UnrecogniedTaskError: Error loading task - ${trouble}`);
    }
  }

  #takeUpdate(acs: WebSocket, message: Addressed): void {
    if (this.updatesEnabled) this.#ack(acs, message);
    else acs.send(nackRequest.write(refusalOf(message)));
  }

  #ack(acs: WebSocket, message: Addressed): void {
    acs.send(ackRequest.write(answerTo(message)));
  }

  #takeCredentials(acs: WebSocket, message: MessageOf<typeof iamRoleCredentialsMessage>): void {
    if (!this.#tasks.has(message.taskArn)) return;
    const { messageId } = message;
    const { credentialsId, expiration = '' } = message.roleCredentials;
    this.credentials.set(credentialsId, message);
    acs.send(iamRoleCredentialsAckRequest.write({ messageId, credentialsId, expiration }));
  }

  /** A manifest that is not newer than all it has seen is passed over. */
  #takeManifest(acs: WebSocket, message: MessageOf<typeof taskManifestMessage>): void {
    if (message.timeline <= this.#newestNumber) return;
    this.#newestNumber = message.timeline;
    this.#ack(acs, message);
    const wanted = new Set(message.tasks.map(({ taskArn }) => taskArn));
    const extra = [...this.#tasks.values()].filter((t) => !t.isStopped && !wanted.has(t.arn));
    if (extra.length === 0) return;
    acs.send(
      taskStopVerificationMessage.write({
        messageId: message.messageId,
        stopCandidates: extra.map(({ arn: taskArn, clusterArn: taskClusterArn }) => ({
          taskArn,
          taskClusterArn,
          desiredStatus: 'STOPPED',
        })),
      }),
    );
  }

  /** A task that it has already is not started again. */
  #takeTask(payload: PayloadTask): void {
    if (payload.desiredStatus === 'STOPPED') return this.#stopKnown(payload.arn);
    if (this.#tasks.has(payload.arn) || this.holdsTasks) return;
    const task = startTask(payload);
    this.#tasks.set(task.arn, task);
    if (isOver(task)) this.#stop(task);
    else this.#tell(task);
  }

  #stopKnown(taskArn: string): void {
    const task = this.#tasks.get(taskArn);
    if (task && !task.isStopped) return this.#stop(task);
    if (task) return;
    this.#refuse(taskArn, "TaskStateError: Agent could not progress task's state to stopped");
  }

  #refuse(task: string, reason: string): void {
    const { cluster } = this.#options;
    const status = 'STOPPED';
    this.#submit(() => this.#ecs.submitTaskStateChange({ cluster, task, status, reason }));
  }

  #stop(task: DoubleTask): void {
    for (const container of task.containers) container.exitCode ??= 143;
    task.isStopped = true;
    this.#tell(task);
  }

  #tell(task: DoubleTask): void {
    if (this.#isDown) this.#untold.push(task);
    else this.#submit(() => this.#submitTask(task));
  }

  #submitTask({ arn, containers, isStopped }: DoubleTask): Promise<unknown> {
    return this.#ecs.submitTaskStateChange({
      cluster: this.#options.cluster,
      task: arn,
      status: isStopped ? 'STOPPED' : 'RUNNING',
      reason: '',
      containers: containers.map(({ name, runtimeId, exitCode, networkBindings }) => ({
        containerName: name,
        status: exitCode === undefined ? 'RUNNING' : 'STOPPED',
        runtimeId,
        networkBindings: [...networkBindings],
        ...(exitCode !== undefined && { exitCode }),
      })),
      ...(isStopped && { executionStoppedAt: new Date() }),
    });
  }

  /** Events are told one after the other; one that is refused for good is dropped. */
  #submit(call: () => Promise<unknown>): void {
    this.#telling = this.#telling.then(call).catch((error: unknown) => error);
  }
}
