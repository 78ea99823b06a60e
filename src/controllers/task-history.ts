import type { LastLines } from '../compute/last-lines.ts';
import type { TaskArn } from '../domain/arn.ts';
import type { Explanation } from '../domain/explain/explanation.ts';
import { explainTask } from '../domain/explain/explain-task.ts';
import type { Task } from '../domain/task/task.ts';
import { definitionOfTask } from '../state/definition-of-task.ts';
import type { State } from '../state/state.ts';

/** The log that has, for each task that ECS has forgotten, the explanation of its life. */
export const taskHistoryLog = 'task-history';

/** Resolves when the life of a stopped task is kept for good. Doing it twice is no harm: the first one counts. */
export async function keepTaskHistory(
  state: State,
  task: Task,
  output: readonly LastLines[],
): Promise<void> {
  const definition = definitionOfTask(state.read, task);
  const explanation = explainTask({ task, definition, output });
  state.transact((tx) => {
    tx.append({
      log: taskHistoryLog,
      subject: task.arn,
      at: task.stoppedAt ?? task.createdAt,
      body: JSON.stringify(explanation),
    });
  });
  await state.settled();
}

/** The explanation of a task that ECS has forgotten; undefined where there never was one, or history is not kept that long. */
export async function findTaskHistory(
  state: State,
  arn: TaskArn,
): Promise<Explanation | undefined> {
  const place = { log: taskHistoryLog, subject: arn };
  const [entry] = await state.readLog({ ...place, order: 'oldest-first', limit: 1 });
  // Only `keepTaskHistory` writes these.
  return entry && (JSON.parse(entry.body) as Explanation);
}
