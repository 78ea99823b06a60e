import { isLive, isRunning, belongsTo } from '../service/service-tasks.ts';
import type { ExternalService, TaskSet } from '../service/service.ts';
import type { Task } from '../task/task.ts';
import { endedTask, type DefinitionOf } from './explain-service.ts';
import { nothingMore, type Explanation, type Part, type Wait } from './explanation.ts';

const shownMessages = 10;

export interface ExplainedExternalService {
  readonly service: ExternalService;
  readonly tasks: readonly Task[];
  /** The newest task of a task set to end. */
  readonly newestEndOf: (taskSetId: string) => Task | undefined;
  readonly definitionOf: DefinitionOf;
}

/** Tells whether the task sets of an external service have what is wanted of them. */
export function explainExternalService(observed: ExplainedExternalService): Explanation {
  const { service, tasks } = observed;
  const { arn, status, desiredCount, taskSets } = service;
  const waits =
    status === 'INACTIVE' ? [] : taskSets.flatMap((taskSet) => waitsOf(taskSet, observed));
  return {
    kind: 'service',
    arn,
    status,
    summary: summaryOf(service, waits, `${tasks.filter(isRunning).length} tasks run`),
    ...(taskSets.length === 0 &&
      status === 'ACTIVE' &&
      desiredCount > 0 && { advice: 'Give it tasks with CreateTaskSet.' }),
    ...nothingMore,
    waits,
    parts: taskSets.map((taskSet) => partOf(taskSet, tasks)),
    messages: service.events
      .slice(0, shownMessages)
      .map(({ createdAt: at, message: text }) => ({ at, text })),
  };
}

function summaryOf(
  { status, taskSets }: ExternalService,
  [first]: readonly Wait[],
  counts: string,
): string {
  if (status === 'INACTIVE') return 'It has been deleted.';
  if (status === 'DRAINING') return 'It is being deleted: its tasks stop.';
  if (taskSets.length === 0) return 'It has no task set, and so it runs nothing.';
  return first ? `${counts}. It waits: ${first.text}.` : `All its task sets are steady: ${counts}.`;
}

function waitsOf(
  taskSet: TaskSet,
  { tasks, newestEndOf, definitionOf }: ExplainedExternalService,
): readonly Wait[] {
  const { stabilityStatus, stabilityStatusAt: since, deployment } = taskSet;
  if (stabilityStatus === 'STEADY_STATE') return [];
  const what = deployment.throttle ? 'whose tasks do not start' : textOf(taskSet, tasks);
  const wait = { text: `the task set ${deployment.id} becomes steady, ${what}`, since };
  const newestEnd = deployment.startFailures > 0 ? newestEndOf(deployment.id) : undefined;
  return newestEnd ? [wait, endedTask(newestEnd, definitionOf(newestEnd))] : [wait];
}

function partOf(taskSet: TaskSet, tasks: readonly Task[]): Part {
  const { deployment, status } = taskSet;
  return { name: deployment.id, status, text: textOf(taskSet, tasks) };
}

function textOf({ deployment }: TaskSet, tasks: readonly Task[]): string {
  const live = tasks.filter((task) => isLive(task) && belongsTo(task, deployment));
  return `${live.filter(isRunning).length} of ${deployment.desiredCount} tasks run`;
}
