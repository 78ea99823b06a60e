import { isoInstant } from '../iso-instant.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { present } from '../present.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { wasGivenUp } from '../task/plan-task.ts';
import { taskHealth, type Container, type Task } from '../task/task.ts';
import { absenceOf } from './absence.ts';
import { exitCodeMeaning } from './exit-code.ts';
import { nothingMore, type Explanation, type Output, type Part, type Wait } from './explanation.ts';
import { taskPhases } from './task-phases.ts';

export interface ObservedTask {
  readonly task: Task;
  /** Absent for a task that ECS has forgotten. */
  readonly definition?: TaskDefinition | undefined;
  /** Its container instance, where that is away. */
  readonly away?: readonly ContainerInstance[];
  /** What its containers wrote last. */
  readonly output: readonly Output[];
  /** Whether it is on a Docker Engine, and on no container instance, that cannot be reached. */
  readonly engineIsAway?: boolean;
}

/** Tells how far a task has come and what it waits for, or why it has ended. */
export function explainTask(observed: ObservedTask): Explanation {
  const { task, definition, away, output, engineIsAway = false } = observed;
  const wait = heldUp(absenceOf(task, away) ?? waitOf(task, definition), engineIsAway);
  return {
    kind: 'task',
    arn: task.arn,
    status: task.lastStatus,
    summary: summaryOf(task, wait, definition),
    ...present({ advice: wait && engineIsAway ? engineAdvice : adviceFor(task) }),
    ...nothingMore,
    waits: wait ? [wait] : [],
    phases: taskPhases(task),
    parts: task.containers.map(partOf),
    output,
  };
}

const engineAdvice =
  "Start the Docker Engine, or look in the server's log for why it is not reached.";

function heldUp(wait: Wait | undefined, engineIsAway: boolean): Wait | undefined {
  if (!wait || !engineIsAway) return wait;
  return { ...wait, text: `the Docker Engine is away, and ${wait.text}` };
}

function summaryOf(task: Task, wait: Wait | undefined, definition?: TaskDefinition): string {
  if (task.lastStatus === 'STOPPED') return causeOf(task, definition);
  if (task.desiredStatus === 'STOPPED') return `It is being stopped. ${causeOf(task, definition)}`;
  if (wait) return `It is ${task.lastStatus}: ${wait.text}.`;
  const health = taskHealth(task);
  const since = task.startedAt === undefined ? '' : ` since ${isoInstant(task.startedAt)}`;
  return health === 'UNKNOWN' ? `It runs${since}.` : `It runs${since} and is ${health}.`;
}

/** Why a task stops, in a sentence. */
export function causeOf(task: Task, definition?: TaskDefinition): string {
  const { stop } = task;
  if (!stop) return 'It has stopped without a cause that is known.';
  const reason = stop.reason.replace(/\.$/, '');
  switch (stop.code) {
    case 'EssentialContainerExited':
      return endOfContainers(task) ?? `${reason}.`;
    case 'UserInitiated':
      return `Somebody stopped it with StopTask: ${reason}.`;
    case 'ServiceSchedulerInitiated':
      return `Its service stopped it: ${reason}.`;
    case 'TaskFailedToStart':
      return `It could not start: ${particularsOf(task, definition) ?? reason}.`;
    case 'SpotInterruption':
    case 'TerminationNotice':
      return `Its capacity was taken back: ${reason}.`;
  }
}

/** Why a task did not start where its own reason is a general one: ECS tells it of containers. */
function particularsOf(task: Task, definition: TaskDefinition | undefined): string | undefined {
  const { stop, containers } = task;
  if (stop?.reason !== 'Task failed to start') return undefined;
  const refused = containers.filter(({ reason }) => reason !== undefined);
  // One that waited in vain is told in ECS's words of the other, which say less than we know.
  const culprit = refused.find(({ reason = '' }) => !reason.includes('dependency graph'));
  if (culprit) return refusalOf(culprit);
  const neverRan = containers.filter(({ exitCode }) => exitCode === undefined);
  const unmet = neverRan.flatMap(({ name }) => unmetDependencyOf(containers, name, definition));
  const told = unmet.length > 0 ? unmet.map((one) => outcomeOf(one, task)) : refused.map(refusalOf);
  return told.length > 0 ? told.join('; ') : undefined;
}

function refusalOf({ name, reason }: Container): string {
  return `container "${name}": ${reason}`;
}

function outcomeOf(unmet: UnmetDependency, task: Task): string {
  const { name, other, condition, startTimeoutSeconds } = unmet;
  const wait = `container "${name}" waited for "${other.name}" to be ${condition}`;
  if (wasGivenUp(task)) return `${wait}, and was given up after three hours`;
  return hasTimedOut(unmet, task)
    ? `${wait}, which it was not within its startTimeout of ${startTimeoutSeconds} seconds`
    : `${wait}, and ${endOfContainer(other)}`;
}

/** One that did not get ready in time was killed with its task; it has not ended by itself. */
function hasTimedOut(
  { other, startTimeoutSeconds = Infinity }: UnmetDependency,
  { pullStoppedAt = Infinity, stoppingAt = 0 }: Task,
): boolean {
  const isKilled = other.exitCode === undefined || isSignalOfStop(other.exitCode);
  return isKilled && stoppingAt - pullStoppedAt >= startTimeoutSeconds * 1000;
}

function isSignalOfStop(exitCode: number): boolean {
  return exitCode === 137 || exitCode === 143;
}

function endOfContainers({ containers }: Task): string | undefined {
  const ended = containers.find((c) => c.essential && c.exitCode !== undefined && c.exitCode !== 0);
  const culprit = ended ?? containers.find((c) => c.essential && c.lastStatus === 'STOPPED');
  return culprit && `Its essential container ${endOfContainer(culprit)}.`;
}

function endOfContainer({ name, exitCode, reason }: Container): string {
  const how =
    exitCode === undefined
      ? 'stopped without an exit code'
      : `ended with exit code ${exitCode}, ${exitCodeMeaning(exitCode)}`;
  return reason === undefined ? `"${name}" ${how}` : `"${name}" ${how} (${reason})`;
}

/** What is known to help, by what the reasons say. */
const advices: readonly (readonly [RegExp, string])[] = [
  [/OutOfMemory/, 'Give the container more memory, or find out what uses it.'],
  [/CannotPullContainerError/, "Check the image's name, and whether its registry can be reached."],
  [
    /CannotStartContainerError.*(?:executable file not found|no such file or directory)/,
    'Check entryPoint and command.',
  ],
  [/permission denied/i, 'Check the user that the container runs as, and the rights of its files.'],
  [/container health checks/, 'See what the health check runs, and what the container wrote.'],
  [/failed to set up the network/, 'Check systemControls, and what the Docker Engine says.'],
  [/cannot do what the task definition asks for/, 'docs/container-settings.md says what it needs.'],
  [
    /ResourceInitializationError/,
    'Check what the task definition refers to: secrets, logs, files.',
  ],
];

function adviceFor({ stop, containers }: Task): string | undefined {
  if (!stop) return undefined;
  // What became of a container that is not essential does not end a task.
  const isEnded = stop.code === 'EssentialContainerExited';
  const concerned = containers.filter(({ essential }) => essential || !isEnded);
  const text = [stop.reason, ...concerned.map(({ reason = '' }) => reason)].join('\n');
  return advices.find(([pattern]) => pattern.test(text))?.[1];
}

function partOf(container: Container): Part {
  const { name, lastStatus: status, healthStatus, hasHealthCheck, image } = container;
  const health = hasHealthCheck && status === 'RUNNING' ? `, ${healthStatus}` : '';
  const ended = status === 'STOPPED' ? `: ${endOfContainer(container)}` : '';
  return { name, status, text: `${image}${health}${ended}` };
}

/** What a task that is on its way to RUNNING, or to health, waits for. */
export function waitOf(task: Task, definition?: TaskDefinition): Wait | undefined {
  const { arn: taskArn, createdAt, connectivityAt = 0, pullStartedAt, pullStoppedAt } = task;
  if (task.lastStatus === 'STOPPED') return undefined;
  if (task.desiredStatus === 'STOPPED') {
    const since = task.stoppingAt ?? createdAt;
    if (task.lastStatus === 'DEACTIVATING') {
      return { text: 'it is being taken out of its service registry', since, taskArn };
    }
    return { text: 'its containers are being stopped and cleaned up', since, taskArn };
  }
  if (task.lastStatus === 'RUNNING') return healthWait(task);
  if (task.lastStatus === 'ACTIVATING') {
    return { text: 'it is being registered in its service registry', since: createdAt, taskArn };
  }
  if (task.lastStatus === 'PROVISIONING') {
    return { text: 'it waits for its host to make its network', since: createdAt, taskArn };
  }
  if (pullStartedAt === undefined) {
    return { text: 'its host prepares it', since: Math.max(createdAt, connectivityAt), taskArn };
  }
  if (pullStoppedAt === undefined) {
    const pulled = task.containers.filter(({ name }) => name !== proxyNameOf(task));
    const images = [...new Set(pulled.map(({ image }) => image))].join(', ');
    return { text: `it pulls ${images}`, since: pullStartedAt, taskArn };
  }
  return { text: containersWait(task, definition), since: pullStoppedAt, taskArn };
}

function healthWait(task: Task): Wait | undefined {
  const checked = task.containers.filter((c) => c.essential && c.hasHealthCheck);
  const sick = checked.filter(({ healthStatus }) => healthStatus !== 'HEALTHY');
  if (sick.length === 0) return undefined;
  const text = sick.map(({ name, healthStatus }) => `"${name}" is ${healthStatus}`).join(', ');
  return { text: `health checks: ${text}`, since: task.startedAt ?? 0, taskArn: task.arn };
}

function containersWait(task: Task, definition: TaskDefinition | undefined): string {
  const pending = task.containers.filter(({ lastStatus }) => lastStatus === 'PENDING');
  const proxy = task.containers.find(({ name }) => name === proxyNameOf(task));
  if (proxy && proxy.healthStatus !== 'HEALTHY') {
    return `its proxy of Service Connect, "${proxy.name}", is to be HEALTHY before its containers start`;
  }
  const unmet = pending.flatMap(({ name }) => unmetDependencyOf(task.containers, name, definition));
  if (unmet.length > 0) {
    return unmet
      .map(({ name, other, condition }) => {
        return `container "${name}" waits for "${other.name}" to be ${condition}`;
      })
      .join(', ');
  }
  return `its containers are being started: ${pending.map(({ name }) => name).join(', ')}`;
}

function proxyNameOf({ serviceConnect }: Task): string | undefined {
  return serviceConnect?.setting.containerName;
}

interface UnmetDependency {
  readonly name: string;
  readonly other: Container;
  readonly condition: string;
  /** That of the other one. */
  readonly startTimeoutSeconds: number | undefined;
}

/** The first dependency of a container that is not met, if there is one. */
function unmetDependencyOf(
  containers: readonly Container[],
  name: string,
  definition: TaskDefinition | undefined,
): readonly UnmetDependency[] {
  const definedAs = (wanted: string | undefined) =>
    definition?.content.containerDefinitions.find((one) => one.name === wanted);
  for (const { containerName, condition = 'START' } of definedAs(name)?.dependsOn ?? []) {
    const other = containers.find((container) => container.name === containerName);
    if (!other || isMet(other, condition)) continue;
    return [
      { name, other, condition, startTimeoutSeconds: definedAs(containerName)?.startTimeout },
    ];
  }
  return [];
}

function isMet({ lastStatus, healthStatus, exitCode }: Container, condition: string): boolean {
  switch (condition) {
    case 'COMPLETE':
      return lastStatus === 'STOPPED';
    case 'SUCCESS':
      return lastStatus === 'STOPPED' && exitCode === 0;
    case 'HEALTHY':
      return healthStatus === 'HEALTHY';
    default:
      return lastStatus !== 'PENDING';
  }
}
