import { applyReport } from '../domain/task/apply-report.ts';
import type { TaskReports } from '../domain/task/report.ts';
import type { Task } from '../domain/task/task.ts';
import type { State } from '../state/state.ts';

/** The one way in which a task's `lastStatus` moves: what compute reports is applied to its record. */
export function takeReports(state: State, { taskArn, reports }: TaskReports): void {
  state.transact((tx) => {
    let task = tx.tasks.findByArn(taskArn);
    if (!task) return;
    for (const report of reports) {
      const before: Task = task;
      task = applyReport(before, report);
      // Each version is told as an event, also where several come at once.
      if (task.version !== before.version) tx.tasks.put(task);
    }
    tx.tasks.put(task);
  });
}
