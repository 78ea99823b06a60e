import type { Instant } from '../domain/instant.ts';
import { abandoned } from '../domain/scaling/scaling-activity.ts';
import type { Transaction } from './state.ts';

/** A service or its target is gone: nothing of how it was scaled is for the next of its name. */
export function endScalingRun(tx: Transaction, serviceArn: string, now: Instant): void {
  const run = tx.scalingRuns.find(serviceArn);
  if (!run) return;
  const open =
    run.openActivity === undefined ? undefined : tx.scalingActivities.find(run.openActivity);
  if (open) tx.scalingActivities.put(abandoned(open, now));
  tx.scalingRuns.delete(run);
}
