import type { Instant } from '../instant.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { AgentContainerChange, AgentTaskChange } from './agent-state-change.ts';
import { applyReport } from './apply-report.ts';
import { hostNetworkBindings } from './host-network-bindings.ts';
import { planTask } from './plan-task.ts';
import type { TaskReport } from './report.ts';
import { stoppingTask } from './stop-task.ts';
import { isStopped, type NetworkBinding, type StopCause, type Task } from './task.ts';

/**
 * Takes in what an agent submits of a task. It may come late, twice, or after a restart of either side.
 *
 * An agent stops a task by itself when an essential container ends, and says STOPPED once nothing of it runs; why it
 * stopped is for us to say.
 */
export function applyAgentChange(
  task: Task,
  change: AgentTaskChange,
  definition: TaskDefinition,
  now: Instant,
): Task {
  if (isStopped(task)) return task;
  const told = reportsOf(task, change, definition, now).reduce(applyReport, task);
  if (change.status !== 'STOPPED') return told;
  const ended = stoppingTask(told, causeOf(told, now), now);
  return applyReport(ended, { kind: 'Released', at: now });
}

/** The facts that a submission holds, in the order in which they came true. */
export function reportsOf(
  task: Task,
  change: AgentTaskChange,
  definition: TaskDefinition,
  now: Instant,
): readonly TaskReport[] {
  const { pullStartedAt, pullStoppedAt, executionStoppedAt = now } = change;
  const failure = startFailureOf(task, change);
  return [
    // What runs has its interface, whether or not the agent has said so.
    ...(change.isAttached || change.status === 'RUNNING'
      ? [{ kind: 'Connected', at: now } as const]
      : []),
    ...(pullStartedAt === undefined ? [] : [{ kind: 'PullStarted', at: pullStartedAt } as const]),
    ...(pullStoppedAt === undefined ? [] : [{ kind: 'PullStopped', at: pullStoppedAt } as const]),
    ...(failure === undefined ? [] : [{ kind: 'StartFailed', reason: failure, at: now } as const]),
    ...change.containers.flatMap((container) =>
      containerReports(container, definition, { now, executionStoppedAt }),
    ),
    ...change.managedAgents.map(
      (agent) => ({ ...agent, kind: 'ManagedAgentChanged', at: now }) as const,
    ),
  ];
}

function containerReports(
  {
    name: container,
    status,
    runtimeId,
    imageDigest,
    exitCode,
    reason,
    ...given
  }: AgentContainerChange,
  definition: TaskDefinition,
  { now, executionStoppedAt }: { readonly now: Instant; readonly executionStoppedAt: Instant },
): readonly TaskReport[] {
  const reports: TaskReport[] = [];
  if (imageDigest !== undefined) reports.push({ kind: 'ImageResolved', container, imageDigest });
  if (runtimeId !== undefined) reports.push({ kind: 'ContainerCreated', container, runtimeId });
  // A container that was seen STOPPED first has run, if it has an exit code.
  const networkBindings =
    given.networkBindings.length > 0 ? given.networkBindings : hostBindings(definition, container);
  if (status === 'RUNNING') {
    reports.push({ kind: 'ContainerStarted', container, at: now, networkBindings });
  }
  if (status === 'STOPPED') {
    reports.push({
      kind: 'ContainerStopped',
      container,
      at: executionStoppedAt,
      ...(exitCode !== undefined && { exitCode }),
      ...(reason !== undefined && { reason }),
    });
  }
  return reports;
}

/** In host mode agents tell of no ports: they are what the definition says. */
function hostBindings(
  { content }: TaskDefinition,
  containerName: string,
): readonly NetworkBinding[] {
  if (content.networkMode !== 'host') return [];
  const container = content.containerDefinitions.find(({ name }) => name === containerName);
  return container ? hostNetworkBindings(container) : [];
}

/** On EC2 the containers have the particulars. */
const failedToStart = 'Task failed to start';

/**
 * Why a task could not start; undefined where it did, or was not to. An essential container that ran and ended is no
 * failure to start, even if others were then never started.
 */
function startFailureOf(task: Task, change: AgentTaskChange): string | undefined {
  if (task.startedAt !== undefined || task.desiredStatus === 'STOPPED') return undefined;
  if (change.status === 'STOPPED' && change.reason !== undefined) return change.reason;
  const essential = new Set(task.containers.filter((c) => c.essential).map(({ name }) => name));
  const ended = change.containers.filter((c) => c.status === 'STOPPED' && essential.has(c.name));
  return ended.length > 0 && !ended.some(hasRun) ? failedToStart : undefined;
}

/** A container that waits in vain has the exit code 143, and a reason. */
function hasRun({ exitCode, reason }: AgentContainerChange): boolean {
  return exitCode !== undefined && !/^Cannot(Create|Start)ContainerError/.test(reason ?? '');
}

function causeOf(task: Task, now: Instant): StopCause {
  const action = planTask(task, now);
  if (action.kind === 'Stop') return action.cause;
  return task.startedAt === undefined
    ? { code: 'TaskFailedToStart', reason: failedToStart }
    : { code: 'EssentialContainerExited', reason: 'Essential container in task exited' };
}
