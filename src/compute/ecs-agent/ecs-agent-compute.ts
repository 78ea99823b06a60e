import { definitionOfTask } from '../../state/definition-of-task.ts';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createRequire } from 'node:module';
import { isIPv4 } from 'node:net';
import type * as ws from 'ws';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ContainerInstanceArn, Scope, TaskArn } from '../../domain/arn.ts';
import {
  agentUpdateStep,
  stepAnswered,
  stepTold,
  type AgentUpdate,
} from '../../domain/container-instance/agent-update.ts';
import {
  attributeValue,
  type ContainerInstance,
} from '../../domain/container-instance/container-instance.ts';
import {
  connectedInstance,
  disconnectedInstance,
  withHealth,
} from '../../domain/container-instance/instance-life.ts';
import { awaitsVolume } from '../../domain/task/managed-volume.ts';
import type { TaskReport, TaskReports } from '../../domain/task/report.ts';
import { isToStop } from '../../domain/task/stop-task.ts';
import { isStopped } from '../../domain/task/task.ts';
import type { State } from '../../state/state.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import { refuseUpgrade } from '../../support/refuse-upgrade.ts';
import type { TaskOrder } from '../compute.ts';
import { AcsSession, type Announced } from './acs-session.ts';
import { AgentAddresses } from './agent-addresses.ts';
import { readConnectionRequest, type ConnectionRequest } from './connection-request.ts';
import type { DeliveryKind } from './deliveries.ts';
import type { IssueRole } from './role-credentials.ts';
import { addressOf } from './task-address.ts';
import { TcsSession } from './tcs-session.ts';
import { agentUsage } from './agent-usage.ts';
import { Telemetry } from './telemetry.ts';
import type { TaskUsage } from '../task-usage.ts';

/** The volume's is an [inferred text]. */
const timeoutReasons: Readonly<Record<Announced, string>> = {
  interface: 'Timeout waiting for network interface provisioning to complete.',
  volume: 'Timed out waiting for Amazon EBS Volume attachment to complete on your Instance.',
};
/** Agents publish at most a megabyte at a time. */
const mostReceivedBytes = 4 * 1024 * 1024;
/** The agent comes back at once. */
const goingAway = 1001;
const normalClosure = 1000;

export interface EcsAgentComputeParts {
  readonly state: State;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newUuid: () => string;
  readonly issueRole: IssueRole;
}

/** A request of an agent for a websocket, from a caller of this account and region. */
export interface AgentUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly scope: Scope;
}

/**
 * Runs tasks on machines that the official ECS agent has registered. It is the service's end of the agent's two
 * websockets; what the agents tell of their tasks comes by the API.
 *
 * It holds nothing that the records do not: whenever an agent connects, it is told all anew.
 */
export class EcsAgentCompute {
  readonly telemetry = new Telemetry();
  readonly #parts: EcsAgentComputeParts;
  readonly #acs = new Map<ContainerInstanceArn, AcsSession>();
  readonly #tcs = new Map<ContainerInstanceArn, TcsSession>();
  /** Instances that have the credentials of this process. */
  readonly #supplied = new Set<ContainerInstanceArn>();
  readonly #addresses = new AgentAddresses();
  #websockets: WebSocketServer | undefined;
  #report: (reports: TaskReports) => void = () => undefined;
  #sequenceNumber = 0;

  constructor(parts: EcsAgentComputeParts) {
    this.#parts = parts;
  }

  /** Begins: no agent is connected to a process that has just started. */
  open(report: (reports: TaskReports) => void): void {
    this.#report = report;
    const { state, clock } = this.#parts;
    state.transact((tx) => {
      const connected = [...tx.containerInstances.connected()];
      for (const instance of connected) {
        tx.containerInstances.put(disconnectedInstance(instance, clock.now()));
      }
    });
    state.onCommitted((changed) => {
      for (const { kind, key } of changed) {
        if (kind === 'container-instance') this.#heed(key);
      }
    });
  }

  /** What the agent of its instance has published of a task. */
  async usageOf({ task }: TaskOrder): Promise<TaskUsage> {
    const { state, clock } = this.#parts;
    const { containerInstanceArn: arn } = task;
    const instance = arn && state.read.containerInstances.findByArn(arn);
    if (!instance) return {};
    const { cpuUnits } = instance.registeredResources;
    return agentUsage(this.telemetry.ofTask(instance.arn, task.arn), cpuUnits, clock.now());
  }

  start(order: TaskOrder): void {
    const { task } = order;
    if (task.lastStatus === 'PROVISIONING' && task.networkInterface?.status === 'PRECREATED') {
      const { tasks } = this.#parts.state.read;
      const address = addressOf(task.networkInterface, (ip) => tasks.usesAddress(ip));
      return this.#tell(task.arn, { kind: 'NetworkInterfaceCreated', address });
    }
    if (task.lastStatus !== 'PROVISIONING' && task.lastStatus !== 'PENDING') return;
    const session = this.#sessionOf(task);
    // An agent does not wait for a volume: a task that came before it would write to the machine's own disk.
    if (awaitsVolume(task)) session?.announceVolume(order);
    else session?.deliver(task.arn, 'start');
  }

  stop({ task }: TaskOrder): void {
    this.#sessionOf(task)?.deliver(task.arn, 'stop');
  }

  /** Forgets what was kept of a stopped task. */
  async forget(taskArn: TaskArn): Promise<void> {
    const task = this.#parts.state.read.tasks.findByArn(taskArn);
    if (task) this.#sessionOf(task)?.forget(taskArn);
  }

  agentConnected(arn: ContainerInstanceArn): boolean {
    return this.#acs.has(arn);
  }

  /** The account and region of the instances whose agents come from an address, where that is one. */
  scopeAt(address: string): string | undefined {
    return this.#addresses.scopeAt(address);
  }

  /** How many payloads wait for an ack, of all agents. */
  get waiting(): number {
    return [...this.#acs.values()].reduce((total, session) => total + session.waiting, 0);
  }

  /** Lets go of all agents; their tasks go on running. */
  close(): void {
    for (const session of [...this.#acs.values(), ...this.#tcs.values()]) {
      session.close(goingAway, 'Longshore stops.');
    }
  }

  onUpgrade({ request, socket, head, scope }: AgentUpgrade): void {
    const wanted = readConnectionRequest(request.url ?? '', scope);
    if (!wanted) {
      return refuseUpgrade(socket, 400, {
        InvalidInstanceException: 'The container instance is not one of this account and region.',
      });
    }
    const { containerInstanceArn: arn } = wanted;
    const instance = this.#parts.state.read.containerInstances.findByArn(arn);
    if (!instance || instance.status === 'INACTIVE' || instance.machineId !== undefined) {
      // The agent takes itself for deregistered, and is quiet for an hour.
      return refuseUpgrade(socket, 400, {
        InactiveInstanceException: 'The container instance is not registered.',
      });
    }
    this.#websockets ??= newWebSocketServer();
    this.#websockets.handleUpgrade(request, socket, head, (websocket) => {
      if (wanted.channel === 'tcs') this.#openTcs(websocket, instance);
      else void this.#openAcs(websocket, instance, { ...wanted, ...placeOf(request) });
    });
  }

  /** The newer connection of an instance takes the place of the older one, which may be dead unnoticed. */
  async #openAcs(
    socket: WebSocket,
    instance: ContainerInstance,
    { versionInfo, wantsCredentials, origin, from }: ConnectionRequest & AgentPlace,
  ): Promise<void> {
    const { state, clock } = this.#parts;
    const { arn } = instance;
    const session = this.#newSession(socket, instance, origin);
    const older = this.#acs.get(arn);
    this.#acs.set(arn, session);
    this.#addresses.add(arn, from);
    older?.close(goingAway, 'A newer connection of the same instance is open.');
    const connection = { versionInfo, isNewProcess: wantsCredentials, from, at: clock.now() };
    this.#put(arn, (now) => connectedInstance(now, connection));
    await state.settled();
    if (this.#acs.get(arn) === session) this.#begin(arn, session, wantsCredentials);
  }

  #newSession(socket: WebSocket, instance: ContainerInstance, origin: string): AcsSession {
    const { clock, log, newUuid, issueRole } = this.#parts;
    const { arn } = instance;
    const session: AcsSession = new AcsSession({
      socket,
      instance,
      clock,
      log,
      newUuid,
      origin,
      issueRole,
      nextSequenceNumber: () => this.#nextSequenceNumber(),
      findOrder: (taskArn) => this.#findOrder(arn, taskArn),
      liveOrders: () => this.#liveOrders(arn),
      onAcked: (taskArn, kind) => this.#acked(arn, taskArn, kind),
      onGivenUp: (taskArn, kind) => this.#givenUp(taskArn, kind),
      onOverdue: (taskArn, announced) => this.#overdue(taskArn, announced),
      onUpdateAnswered: (step, isDone) => this.#put(arn, (now) => stepAnswered(now, step, isDone)),
      onClosed: () => this.#lost(arn, session),
    });
    return session;
  }

  #begin(arn: ContainerInstanceArn, session: AcsSession, wantsCredentials: boolean): void {
    if (wantsCredentials || !this.#supplied.has(arn)) session.sendCredentials();
    this.#supplied.add(arn);
    const { state } = this.#parts;
    const tasks = [...state.read.tasks.onInstance(arn)];
    const isCommitted = (taskArn: TaskArn) => state.isCommitted('task', taskArn);
    // A stop that is not durable yet must not be seen; its task still counts as wanted.
    session.sendManifest(
      tasks.filter((task) => !isToStop(task) || !isCommitted(task.arn)).map((task) => task.arn),
    );
    for (const order of this.#liveOrders(arn)) {
      if (!isCommitted(order.task.arn)) continue;
      if (isToStop(order.task)) this.stop(order);
      else this.start(order);
    }
  }

  #openTcs(socket: WebSocket, { arn }: ContainerInstance): void {
    const { clock, log } = this.#parts;
    const session: TcsSession = new TcsSession({
      socket,
      clock,
      log,
      findOrder: (taskArn) => this.#findOrder(arn, taskArn),
      report: (reports) => this.#report(reports),
      onMetrics: (metrics) =>
        this.telemetry.take(arn, metrics, {
          now: clock.now(),
          isOurs: (taskArn) => this.#findOrder(arn, taskArn) !== undefined,
        }),
      onInstanceHealth: (status) =>
        this.#put(arn, (instance) => withHealth(instance, status, clock.now())),
      onClosed: () => {
        if (this.#tcs.get(arn) === session) this.#tcs.delete(arn);
      },
    });
    const older = this.#tcs.get(arn);
    this.#tcs.set(arn, session);
    older?.close(goingAway, 'A newer connection of the same instance is open.');
  }

  /** Its tasks are kept: they go on running, and their agent will come back or be deregistered. */
  #lost(arn: ContainerInstanceArn, session: AcsSession): void {
    if (this.#acs.get(arn) !== session) return;
    this.#acs.delete(arn);
    this.#addresses.remove(arn);
    const now = this.#parts.clock.now();
    this.#put(arn, (instance) => disconnectedInstance(instance, now));
  }

  /** An instance has changed: its agent may have to be told of an update, or be dismissed. */
  #heed(key: string): void {
    const instance = this.#parts.state.read.containerInstances.find(key);
    if (instance?.status === 'INACTIVE') this.#dismiss(instance);
    else if (instance?.agentUpdate) this.#update(instance, instance.agentUpdate);
  }

  #update(instance: ContainerInstance, { release }: AgentUpdate): void {
    const session = this.#acs.get(instance.arn);
    const step = agentUpdateStep(instance);
    if (!session || !step) return;
    session.update(step, release);
    this.#put(instance.arn, (now) => stepTold(now, step));
  }

  #put(arn: ContainerInstanceArn, change: (now: ContainerInstance) => ContainerInstance): void {
    this.#parts.state.transact((tx) => {
      const instance = tx.containerInstances.findByArn(arn);
      const changed = instance && change(instance);
      if (changed && changed !== instance) tx.containerInstances.put(changed);
    });
  }

  #dismiss(instance: ContainerInstance): void {
    this.#acs.get(instance.arn)?.close(normalClosure, 'The container instance is deregistered.');
    this.#tcs.get(instance.arn)?.close(normalClosure, 'The container instance is deregistered.');
    this.#supplied.delete(instance.arn);
    this.telemetry.forget(instance.arn);
  }

  /** An agent outside EC2 never says that an interface is there: that it has the task must do. */
  #acked(arn: ContainerInstanceArn, taskArn: TaskArn, kind: DeliveryKind): void {
    const { state, clock } = this.#parts;
    if (kind === 'stop' || !state.read.tasks.findByArn(taskArn)?.networkInterface) return;
    const instance = state.read.containerInstances.findByArn(arn);
    const watches = instance && attributeValue(instance, 'ecs.capability.task-eni') !== undefined;
    if (!watches) this.#tell(taskArn, { kind: 'Connected', at: clock.now() });
  }

  #overdue(taskArn: TaskArn, announced: Announced): void {
    const { state, clock } = this.#parts;
    const task = state.read.tasks.findByArn(taskArn);
    if (task?.lastStatus !== 'PROVISIONING') return;
    // A volume may have been found since, while the task's interface is still to come.
    if (awaitsVolume(task) !== (announced === 'volume')) return;
    this.#tell(taskArn, {
      kind: 'StartFailed',
      reason: timeoutReasons[announced],
      at: clock.now(),
    });
  }

  /** [inferred text] */
  #givenUp(taskArn: TaskArn, kind: DeliveryKind): void {
    this.#parts.log.warn({ taskArn, kind }, 'An ECS agent does not answer for a task.');
    if (kind === 'stop') return;
    const reason = 'The container agent did not accept the task.';
    this.#tell(taskArn, { kind: 'StartFailed', reason, at: this.#parts.clock.now() });
  }

  #tell(taskArn: TaskArn, report: TaskReport): void {
    this.#report({ taskArn, reports: [report] });
  }

  #sessionOf(task: TaskOrder['task']): AcsSession | undefined {
    return task.containerInstanceArn && this.#acs.get(task.containerInstanceArn);
  }

  #findOrder(arn: ContainerInstanceArn, taskArn: string): TaskOrder | undefined {
    const { read } = this.#parts.state;
    const task = read.tasks.find(taskArn);
    if (!task || isStopped(task) || task.containerInstanceArn !== arn) return undefined;
    const taskDefinition = definitionOfTask(read, task);
    return taskDefinition && { task, taskDefinition };
  }

  #liveOrders(arn: ContainerInstanceArn): readonly TaskOrder[] {
    return [...this.#parts.state.read.tasks.onInstance(arn)].flatMap(
      (task) => this.#findOrder(arn, task.arn) ?? [],
    );
  }

  /** Time goes on over restarts, and so do the numbers. */
  #nextSequenceNumber(): number {
    this.#sequenceNumber = Math.max(this.#sequenceNumber + 1, this.#parts.clock.now());
    return this.#sequenceNumber;
  }
}

/** Where an agent is, and what it calls this server. */
interface AgentPlace {
  readonly origin: string;
  readonly from: string | undefined;
}

/** A socket for both kinds of addresses shows IPv4 ones as a part of IPv6. */
function placeOf(request: IncomingMessage): AgentPlace {
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  return { origin: originOf(request), from: isIPv4(address) ? address : undefined };
}

/** Loaded with the first agent: no start waits for it. */
function newWebSocketServer(): WebSocketServer {
  const library: typeof ws = createRequire(import.meta.url)('ws');
  return new library.WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: mostReceivedBytes,
  });
}

/** A proxy that ends TLS before us says so. */
function originOf({
  headers: { host = '', 'x-forwarded-proto': scheme },
}: IncomingMessage): string {
  return `${scheme === 'https' ? 'https' : 'http'}://${host}`;
}
