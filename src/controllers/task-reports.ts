import { applyReport } from '../domain/task/apply-report.ts';
import type { TaskReports } from '../domain/task/report.ts';
import type { State } from '../state/state.ts';

/** The one way in which a task's `lastStatus` moves: what compute reports is applied to its record. */
export function takeReports(state: State, { taskArn, reports }: TaskReports): void {
  state.transact((tx) => {
    const task = tx.tasks.findByArn(taskArn);
    if (task) tx.tasks.put(reports.reduce(applyReport, task));
  });
}
