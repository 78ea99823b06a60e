import type { ContainerInstanceArn, DaemonArn } from '../domain/arn.ts';
import { heldInstance, releasedInstance } from '../domain/container-instance/instance-life.ts';
import { withRefusal } from '../domain/daemon/account-for-daemons.ts';
import type { DaemonRevision, Daemon } from '../domain/daemon/daemon.ts';
import type { DaemonAction, DaemonDraft } from '../domain/daemon/daemon-plan.ts';
import { planDaemonDeployment } from '../domain/daemon/plan-daemon-deployment.ts';
import {
  daemonPlacement,
  newDaemonTask,
  type DaemonOrigin,
} from '../domain/daemon/start-daemon-task.ts';
import type { Instant } from '../domain/instant.ts';
import type { PlacementSpec } from '../domain/placement/placement-spec.ts';
import { ownEnd } from '../domain/task/plan-task.ts';
import { stoppingTask } from '../domain/task/stop-task.ts';
import { observeDaemon } from '../state/daemon-instances.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { daemonsOfInstance } from './daemon-notices.ts';
import { serviceDeploymentRetentionMs } from './retention.ts';

export interface DaemonControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

/** Keeps a task of each daemon on each instance of its capacity providers, and moves its deployments forward. */
export class DaemonController implements Controller {
  readonly name = 'daemon';
  readonly #parts: DaemonControllerParts;
  /** What is asked of instances is worked out once for each revision. */
  readonly #placements = new WeakMap<DaemonRevision, PlacementSpec>();

  constructor(parts: DaemonControllerParts) {
    this.#parts = parts;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    if (kind === 'daemon') return [key];
    const { read } = this.#parts.state;
    if (kind === 'daemon-deployment') {
      const deployment = read.daemonDeployments.find(key);
      return deployment ? [deployment.daemonArn] : [];
    }
    if (kind === 'container-instance') return daemonsOfInstance(read, key);
    const task = kind === 'task' ? read.tasks.find(key) : undefined;
    if (!task) return [];
    const daemon = read.daemons.findByGroup(task.clusterArn, task.group);
    return daemon ? [daemon.arn] : [];
  }

  *allKeys(): Iterable<string> {
    for (const { arn } of this.#parts.state.read.daemons.values()) yield arn;
  }

  reconcile(key: string): Next {
    const now = this.#parts.clock.now();
    return this.#parts.state.transact((tx) => {
      const daemon = tx.daemons.find(key);
      if (!daemon) return settled;
      forgetOldDeployments(tx, daemon.arn, now);
      const rollouts = tx.daemonDeployments.unfinishedOf(daemon.arn);
      const plan = planDaemonDeployment({ ...observeDaemon(tx, daemon), rollouts }, now);
      const acted = this.#performAll(tx, plan, now);
      if (plan.isGone) {
        forget(tx, daemon);
        return settled;
      }
      for (const rollout of acted.rollouts) tx.daemonDeployments.put(rollout);
      tx.daemonRevisions.put(acted.daemon.aim.revision);
      tx.daemons.put(acted.daemon);
      return plan.lookAgainAt === undefined ? settled : lookAgain(plan.lookAgainAt);
    });
  }

  #performAll(tx: Transaction, plan: DaemonDraft, now: Instant): DaemonDraft {
    return plan.actions.reduce((draft, action) => this.#perform(tx, draft, action, now), plan);
  }

  #perform(tx: Transaction, draft: DaemonDraft, action: DaemonAction, now: Instant): DaemonDraft {
    switch (action.kind) {
      case 'StartTask':
        return this.#start(tx, draft, action.on, now);
      case 'StopTask': {
        const task = tx.tasks.findByArn(action.taskArn);
        const cause = { code: 'ServiceSchedulerInitiated', reason: action.reason } as const;
        if (task) tx.tasks.put(stoppingTask(task, ownEnd(task) ?? cause, now));
        return draft;
      }
      case 'AccountFor': {
        const task = tx.tasks.findByArn(action.taskArn);
        if (task) tx.tasks.put({ ...task, isAccountedFor: true });
        return draft;
      }
      case 'Hold':
      case 'Release': {
        const change = action.kind === 'Hold' ? heldInstance : releasedInstance;
        const instance = tx.containerInstances.findByArn(action.on);
        if (instance) tx.containerInstances.put(change(instance, draft.daemon.arn));
        return draft;
      }
    }
  }

  #start(tx: Transaction, draft: DaemonDraft, on: ContainerInstanceArn, now: Instant): DaemonDraft {
    const { newId, newUuid } = this.#parts;
    const origin = originOf(tx, draft.daemon);
    const place = tx.placements.findOn(origin.cluster.arn, on, this.#placementOf(origin));
    if (place.kind === 'Refused') return withRefusal(draft, on, place.failures, now);
    tx.tasks.put(newDaemonTask({ ...origin, placement: place, now, newId, newUuid }));
    return draft;
  }

  #placementOf(origin: DaemonOrigin): PlacementSpec {
    const { revision } = origin.daemon.aim;
    const known = this.#placements.get(revision) ?? daemonPlacement(origin);
    this.#placements.set(revision, known);
    return known;
  }
}

function originOf(tx: Transaction, daemon: Daemon): DaemonOrigin {
  const cluster = tx.clusters.findByArn(daemon.clusterArn);
  const definition = tx.daemonTaskDefinitions.findByArn(daemon.aim.revision.taskDefinitionArn);
  // Both stay for as long as a daemon needs them, so this is a bug and not a matter of timing.
  if (!cluster || !definition) throw new Error(`Daemon ${daemon.arn} has lost what it needs.`);
  return { daemon, cluster, definition };
}

/** With a daemon go its revisions and its deployments. */
function forget(tx: Transaction, daemon: Daemon): void {
  const revisions = [...tx.daemonRevisions.ofDaemon(daemon.arn)];
  const deployments = [...tx.daemonDeployments.ofDaemon(daemon.arn)];
  for (const revision of revisions) tx.daemonRevisions.delete(revision);
  for (const deployment of deployments) tx.daemonDeployments.delete(deployment);
  tx.daemons.delete(daemon);
}

/** The oldest come first: the first that is young enough ends the search. The newest is what the daemon shows. */
function forgetOldDeployments(tx: Transaction, arn: DaemonArn, now: Instant): void {
  const expired = [];
  for (const deployment of tx.daemonDeployments.ofDaemon(arn)) {
    const endedAt = deployment.finishedAt ?? deployment.stoppedAt;
    if (endedAt === undefined || endedAt + serviceDeploymentRetentionMs > now) break;
    expired.push(deployment);
  }
  const newest = tx.daemons.findByArn(arn)?.deploymentArn;
  for (const deployment of expired) {
    if (deployment.arn !== newest) tx.daemonDeployments.delete(deployment);
  }
}
