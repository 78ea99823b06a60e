import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { TaskReport } from './report.ts';
import {
  isStopped,
  statusRank,
  type Container,
  type ManagedAgent,
  type NetworkAddress,
  type NetworkInterface,
  type Task,
  type TaskStatus,
} from './task.ts';

/**
 * Takes in what compute tells of a task. Reports may be late or repeated: one that would move
 * anything backwards changes nothing.
 */
export function applyReport(task: Task, report: TaskReport): Task {
  if (isStopped(task) || (isCutShort(task) && isPreparation(report))) return task;
  if ('container' in report) return applyContainerReport(task, report);
  switch (report.kind) {
    case 'NetworkInterfaceCreated':
      return withInterface(task, (ni) => createdInterface(ni, report.address));
    case 'VolumeFound':
      return applyVolumeFound(task, report.at);
    case 'Connected':
      return settleStopped(applyConnected(task, report.at));
    case 'Released':
      return applyReleased(task, report.at);
    case 'PullStarted':
    case 'PullStopped':
    case 'StartFailed':
      return withMilestone(task, report);
  }
}

/**
 * Whether the task was told to stop before it was connected. ECS shows it connected all the same, but
 * neither a pull nor a `runtimeId` (a recording shows it so); compute may have come further.
 */
function isCutShort({ connectivityAt, lastStatus, stoppingAt }: Task): boolean {
  if (stoppingAt === undefined) return false;
  return connectivityAt === undefined ? lastStatus === 'PROVISIONING' : connectivityAt > stoppingAt;
}

function isPreparation({ kind }: TaskReport): boolean {
  return kind === 'PullStarted' || kind === 'PullStopped' || kind === 'ContainerCreated';
}

/** What is noted of a task once: the first report of its kind wins. */
function withMilestone(
  task: Task,
  report: Extract<TaskReport, { kind: 'PullStarted' | 'PullStopped' | 'StartFailed' }>,
): Task {
  switch (report.kind) {
    case 'PullStarted':
      return task.pullStartedAt === undefined ? { ...task, pullStartedAt: report.at } : task;
    case 'PullStopped':
      return task.pullStoppedAt === undefined ? { ...task, pullStoppedAt: report.at } : task;
    case 'StartFailed':
      return task.startFailure === undefined ? { ...task, startFailure: report.reason } : task;
  }
}

function createdInterface(ni: NetworkInterface, address: NetworkAddress): NetworkInterface {
  return ni.status === 'PRECREATED' ? { ...ni, status: 'CREATED', address } : ni;
}

type ContainerReport = Extract<TaskReport, { readonly container: string }>;

function applyContainerReport(task: Task, report: ContainerReport): Task {
  const containers = task.containers.map((container) =>
    container.name === report.container ? changedContainer(container, report) : container,
  );
  if (containers.every((container, i) => container === task.containers[i])) return task;
  const changed = { ...task, containers };
  if (report.kind === 'ContainerStarted') return settleStarted(changed, report.at);
  if (report.kind !== 'ContainerStopped') return changed;
  const ended = noteExecutionStopped(changed, report.at);
  if (goesOnWithout(ended)) return { ...ended, version: ended.version + 1 };
  return settleStopped(settleStarted(ended, report.at));
}

/** A container that a running task does not need has ended: ECS counts that as a change of the task. */
function goesOnWithout({ lastStatus, desiredStatus, containers }: Task): boolean {
  return (
    lastStatus === 'RUNNING' &&
    desiredStatus === 'RUNNING' &&
    containers.some((container) => container.lastStatus === 'RUNNING') &&
    !containers.some((container) => container.essential && container.lastStatus === 'STOPPED')
  );
}

function changedContainer(container: Container, report: ContainerReport): Container {
  switch (report.kind) {
    case 'ImageResolved':
      return container.imageDigest === undefined
        ? { ...container, imageDigest: report.imageDigest }
        : container;
    case 'ContainerCreated':
      return createdContainer(container, report);
    case 'ContainerStarted':
      return startedContainer(container, report);
    case 'ContainerHealthChanged':
      return container.lastStatus === 'STOPPED' || container.healthStatus === report.healthStatus
        ? container
        : { ...container, healthStatus: report.healthStatus };
    case 'ManagedAgentChanged':
      return withManagedAgent(container, report);
    case 'ContainerStopped':
      return stoppedContainer(container, report);
  }
}

/** PENDING says that it is on its way: once it has run or failed, that is old news. */
function withManagedAgent(
  container: Container,
  { name, status, reason, at }: Extract<TaskReport, { kind: 'ManagedAgentChanged' }>,
): Container {
  const known = container.managedAgents?.find((agent) => agent.name === name);
  const isNews = known && known.lastStatus !== status && status !== 'PENDING';
  if (!isNews || container.lastStatus === 'STOPPED') return container;
  const changed: ManagedAgent = {
    ...known,
    lastStatus: status,
    ...(status === 'RUNNING' && { lastStartedAt: at }),
    ...(reason !== undefined && { reason }),
  };
  const managedAgents = container.managedAgents?.map((agent) =>
    agent === known ? changed : agent,
  );
  return { ...container, ...(managedAgents && { managedAgents }) };
}

/** What ran in a container has ended with it. */
function endedAgents({ managedAgents }: Container): Pick<Container, 'managedAgents'> {
  if (!managedAgents) return {};
  return { managedAgents: managedAgents.map((agent) => ({ ...agent, lastStatus: 'STOPPED' })) };
}

function createdContainer(
  container: Container,
  { runtimeId, imageDigest, imageId }: Extract<TaskReport, { kind: 'ContainerCreated' }>,
): Container {
  if (container.runtimeId !== undefined) return container;
  return { ...container, runtimeId, ...present({ imageDigest, imageId }) };
}

/** One that its restart policy has started again may have been given other ports. */
function startedContainer(
  container: Container,
  { networkBindings }: Extract<TaskReport, { kind: 'ContainerStarted' }>,
): Container {
  if (container.lastStatus === 'PENDING') {
    return { ...container, lastStatus: 'RUNNING', networkBindings: networkBindings ?? [] };
  }
  const isRebound =
    container.lastStatus === 'RUNNING' &&
    networkBindings !== undefined &&
    JSON.stringify(networkBindings) !== JSON.stringify(container.networkBindings);
  return isRebound ? { ...container, networkBindings } : container;
}

function stoppedContainer(
  container: Container,
  { exitCode, reason }: Extract<TaskReport, { kind: 'ContainerStopped' }>,
): Container {
  if (container.lastStatus === 'STOPPED') return container;
  return {
    ...container,
    ...endedAgents(container),
    lastStatus: 'STOPPED',
    healthStatus: 'UNKNOWN',
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
  };
}

/** With an interface to come, a task is connected only when that is there too. */
function applyVolumeFound(task: Task, at: Instant): Task {
  const { managedVolume } = task;
  if (!managedVolume || managedVolume.isFound) return task;
  const found: Task = { ...task, managedVolume: { ...managedVolume, isFound: true } };
  return task.networkInterface ? found : settleStopped(applyConnected(found, at));
}

function applyConnected(task: Task, at: Instant): Task {
  if (task.lastStatus !== 'PROVISIONING') return task;
  const attached = withInterface(task, (ni) => ({ ...ni, status: 'ATTACHED' }));
  return { ...withStatus(attached, 'PENDING'), connectivityAt: at };
}

/**
 * A task runs when the last of its containers has started; finished ones do not hold it back. One that is to be found
 * in a registry is ACTIVATING until it is.
 */
function settleStarted(task: Task, at: Instant): Task {
  if (task.desiredStatus === 'STOPPED' || statusRank(task.lastStatus) >= statusRank('RUNNING')) {
    return task;
  }
  const started = task.containers.every((container) => container.lastStatus !== 'PENDING');
  const broken = task.containers.some((c) => c.essential && c.lastStatus === 'STOPPED');
  if (!started || broken || task.containers.every((c) => c.lastStatus === 'STOPPED')) return task;
  if (task.serviceRegistry) {
    return task.lastStatus === 'ACTIVATING' ? task : withStatus(task, 'ACTIVATING');
  }
  return { ...withStatus(task, 'RUNNING'), startedAt: at };
}

/** The moment at which an essential container, or the last of all, has ended. */
function noteExecutionStopped(task: Task, at: Instant): Task {
  if (task.executionStoppedAt !== undefined) return task;
  const over =
    task.containers.every((container) => container.lastStatus === 'STOPPED') ||
    (task.desiredStatus === 'RUNNING' &&
      task.containers.some((c) => c.essential && c.lastStatus === 'STOPPED'));
  const ran = task.containers.some((container) => container.exitCode !== undefined);
  return over && ran ? { ...task, executionStoppedAt: at } : task;
}

/** Once it is wanted STOPPED and nothing of it runs, a task gives its interface back; before it, its place in a registry. */
export function settleStopped(task: Task): Task {
  if (task.desiredStatus !== 'STOPPED' || task.lastStatus === 'DEPROVISIONING') return task;
  if (task.lastStatus === 'DEACTIVATING') return task;
  if (task.lastStatus === 'PROVISIONING' && task.networkInterface) return task;
  if (task.containers.some((container) => container.lastStatus !== 'STOPPED')) return task;
  if (!task.networkInterface) return task;
  const detaching = withInterface(task, (ni) => ({ ...ni, status: 'DETACHING' }));
  return withStatus(detaching, 'DEPROVISIONING');
}

function applyReleased(task: Task, at: Instant): Task {
  if (task.desiredStatus !== 'STOPPED') return task;
  const deleted = withInterface(task, (ni) => ({ ...ni, status: 'DELETED' }));
  const containers = task.containers.map((container): Container =>
    container.lastStatus === 'STOPPED'
      ? container
      : {
          ...container,
          ...endedAgents(container),
          lastStatus: 'STOPPED',
          healthStatus: 'UNKNOWN',
        },
  );
  return { ...withStatus(deleted, 'STOPPED'), containers, stoppedAt: at };
}

export function withStatus(task: Task, lastStatus: TaskStatus): Task {
  return { ...task, lastStatus, version: task.version + 1 };
}

function withInterface(task: Task, change: (ni: NetworkInterface) => NetworkInterface): Task {
  if (!task.networkInterface) return task;
  const changed = change(task.networkInterface);
  return changed === task.networkInterface ? task : { ...task, networkInterface: changed };
}
