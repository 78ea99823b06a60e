import {
  lastPathElement,
  type ContainerInstanceArn,
  type DaemonDeploymentArn,
  type TaskArn,
} from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { Daemon } from './daemon.ts';
import { isDaemonDeploymentFinished, type DaemonDeployment } from './daemon-deployment.ts';

/** Everything that a plan for a daemon is made from. */
export interface ObservedDaemon {
  readonly daemon: Daemon;
  /** Its deployments that have not come to their end, oldest first. */
  readonly rollouts: readonly DaemonDeployment[];
  /** Of its capacity providers, and any others that it has tasks on or holds; by ARN, none INACTIVE. */
  readonly instances: readonly ContainerInstance[];
  /** Those that have not STOPPED, and those whose end it has not accounted for. */
  readonly tasks: readonly Task[];
}

export type DaemonAction =
  | { readonly kind: 'StartTask'; readonly on: ContainerInstanceArn }
  | { readonly kind: 'StopTask'; readonly taskArn: TaskArn; readonly reason: string }
  | { readonly kind: 'AccountFor'; readonly taskArn: TaskArn }
  /** The instance takes no other tasks, and its services take theirs away. */
  | { readonly kind: 'Hold'; readonly on: ContainerInstanceArn }
  | { readonly kind: 'Release'; readonly on: ContainerInstanceArn };

/** What has been decided so far. */
export interface DaemonDraft extends ObservedDaemon {
  readonly actions: readonly DaemonAction[];
}

export interface DaemonPlan extends DaemonDraft {
  /** A deleted daemon has nothing left. */
  readonly isGone: boolean;
  readonly lookAgainAt: Instant | undefined;
}

export function withDaemonActions(
  draft: DaemonDraft,
  actions: readonly DaemonAction[],
): DaemonDraft {
  return actions.length > 0 ? { ...draft, actions: [...draft.actions, ...actions] } : draft;
}

export function withDaemonRollout(draft: DaemonDraft, changed: DaemonDeployment): DaemonDraft {
  const rollouts = draft.rollouts.map((one) => (one.arn === changed.arn ? changed : one));
  return { ...draft, rollouts };
}

/** The deployment that goes on, forwards or back. */
export function rolloutUnderWay({ rollouts }: ObservedDaemon): DaemonDeployment | undefined {
  const newest = rollouts.at(-1);
  return newest && !isDaemonDeploymentFinished(newest) ? newest : undefined;
}

/** Why the tasks of daemons are stopped. [inferred texts] */
export const daemonStopReasons = {
  unhealthy: 'Task failed container health checks',
  replaced: (arn: DaemonDeploymentArn) =>
    `Task stopped by (daemon-deployment ${lastPathElement(arn)})`,
} as const;
